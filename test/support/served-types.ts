import type { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../components/rendering";
import { eventually } from "./cluster";
import { askApi } from "./cluster-inventory";

interface TypeSpec {
  group: string;
  names: { plural: string };
  versions: { name: string; served: boolean }[];
}

/**
 * Creates resource types as they stand, where the client would leave out fields of their schemas, and waits until objects
 * of them can be had. A type is established a moment before the API server tells of its kind.
 * @throws Error for the types that were refused, with the reasons, and where one is not served within two minutes.
 */
export async function createTypes(config: KubeConfig, types: KubernetesObject[]): Promise<void> {
  const answers = await Promise.all(
    types.map(async (type) => {
      const { status, body } = await askApi(config, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", type);
      return status === 201 ? [] : [`${type.metadata.name}: ${(body as { message?: string }).message ?? status}`];
    }),
  );
  const refusals = answers.flat();
  if (refusals.length > 0) throw new Error(refusals.join("\n"));
  await Promise.all(types.flatMap(placesOf).map((place) => untilServed(config, place)));
}

interface Place {
  version: string;
  plural: string;
}

function placesOf({ spec }: KubernetesObject): Place[] {
  const { group, names, versions } = spec as TypeSpec;
  const served = versions.filter((version) => version.served);
  return served.map(({ name }) => ({ version: `/apis/${group}/${name}`, plural: names.plural }));
}

async function untilServed(config: KubeConfig, { version, plural }: Place): Promise<void> {
  const isServed = async () => {
    const { resources = [] } = (await askApi(config, version)).body as { resources?: { name: string }[] };
    if (!resources.some(({ name }) => name === plural)) return false;
    return (await askApi(config, `${version}/${plural}?limit=1`)).status === 200;
  };
  await eventually(`${version}/${plural} is served`, isServed, 120_000);
}
