import { ApiextensionsV1Api, CustomObjectsApi } from "@kubernetes/client-node";
import { PLATFORM_TYPES } from "../../../components/model/platform-types";
import { eventually, type TestCluster } from "../../support/cluster";
import type { StateBuilder } from "./example-state";
import type { StateResource } from "../../../cli/teardown/state";

/** Types of which resources belong to no namespace. */
const CLUSTER_SCOPED = ["ClusterQueue", "ResourceFlavor", "Profile"];

/** A resource type as small as it can be, with any fields: its kind, and its versions, of which the last is stored. */
export interface TypeForTest {
  group: string;
  kind: string;
  plural: string;
  versions: string[];
}

/** The type of a kind that the drain knows. */
export function platformType(kind: string, ...versions: string[]): TypeForTest {
  const type = PLATFORM_TYPES.find((each) => each.kind === kind);
  if (type === undefined) throw new Error(`no type of the platform has the kind ${kind}`);
  const { group, plural } = type;
  return { group, kind, plural, versions: versions.length === 0 ? ["v1"] : versions };
}

/** Brings resource types to a cluster, and waits until they are served. */
export async function createTypes(cluster: TestCluster, types: TypeForTest[]): Promise<void> {
  const schema = { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } };
  for (const { group, kind, plural, versions } of types) {
    const storage = versions.at(-1);
    await cluster.api(ApiextensionsV1Api).createCustomResourceDefinition({
      body: {
        metadata: { name: `${plural}.${group}` },
        spec: {
          group,
          scope: CLUSTER_SCOPED.includes(kind) ? "Cluster" : "Namespaced",
          names: { kind, plural, singular: kind.toLowerCase() },
          versions: versions.map((name) => ({ name, served: true, storage: name === storage, schema })),
        },
      },
    });
  }
  for (const { group, plural, versions } of types) {
    const ask = { group, plural, version: versions[0]! };
    await eventually(`${plural} are served`, async () => {
      return (
        (await cluster
          .api(CustomObjectsApi)
          .listClusterCustomObject(ask)
          .catch(() => undefined)) !== undefined
      );
    });
  }
}

/** Puts resource types into a state, as they are after a part brought them. */
export function holdTypes(state: StateBuilder, types: TypeForTest[]): StateResource[] {
  return types.map(({ group, plural }) => {
    const name = `${plural}.${group}`;
    return state.custom("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", name, undefined, {
      id: name,
      inputs: { metadata: { name } },
      retainOnDelete: true,
    });
  });
}
