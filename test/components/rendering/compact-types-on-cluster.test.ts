import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiextensionsV1Api, type KubeConfig, type V1CustomResourceDefinition } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubernetesObject, withCompactTypes } from "../../../components/rendering";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { moduleSources } from "../../../rehearsal/charts/module-sources";
import { eventually, TestCluster } from "../../support/cluster";
import { askApi } from "../../support/cluster-inventory";
import { platformMirror } from "../../support/platform-mirror";
import { fullTypes, TYPE_SOURCES } from "../../support/resource-types";

/** What an API server says where it refuses. */
interface Refusal {
  message?: string;
}

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Whether any file of a folder declares a resource type. */
function declaresTypes(folder: string): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.some(({ parentPath, name }) => {
    if (!/\.(ya?ml|tpl)$/.test(name) || parentPath.includes("/tests")) return false;
    return /^kind: CustomResourceDefinition$/m.test(readFileSync(join(parentPath, name), "utf8"));
  });
}

describe("the compact types of the whole platform on an API server", { timeout: 300_000 }, () => {
  let cluster: TestCluster;
  let config: KubeConfig;
  let types: KubernetesObject[];
  beforeAll(async () => {
    cluster = await TestCluster.start();
    config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    types = await fullTypes();
  }, 300_000);
  afterAll(() => cluster.remove());

  it("are those of every source that declares any", async () => {
    const mirror = await platformMirror();
    const declaring = moduleSources().filter(({ target }) => declaresTypes(join(mirror, target)));
    const names = TYPE_SOURCES.map((name) => name.slice(name.lastIndexOf("/") + 1));
    expect(declaring.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
    expect(types.length).toBeGreaterThan(40);
  });

  it("are a quarter of the whole ones at most", () => {
    const bytes = (objects: KubernetesObject[]) => JSON.stringify(objects).length;
    expect(bytes(withCompactTypes(types)) / bytes(types)).toBeLessThan(0.25);
  });

  it("are all accepted and established", async () => {
    const answers = await Promise.all(
      withCompactTypes(types).map(async (type) => {
        const { status, body } = await askApi(config, CRDS, type);
        return status === 201 ? [] : [`${type.metadata.name}: ${(body as Refusal).message}`];
      }),
    );
    expect(answers.flat()).toEqual([]);
    const api = cluster.api(ApiextensionsV1Api);
    const isEstablished = ({ status }: V1CustomResourceDefinition) =>
      status?.conditions?.some((condition) => condition.type === "Established" && condition.status === "True");
    const isStructural = ({ status }: V1CustomResourceDefinition) =>
      !status?.conditions?.some((condition) => condition.type === "NonStructuralSchema");
    const waiting = async () => (await api.listCustomResourceDefinition()).items.filter((type) => !isEstablished(type));
    await eventually("all types are established", async () => (await waiting()).length === 0, 120_000);
    const { items } = await api.listCustomResourceDefinition();
    expect(items.filter((type) => !isStructural(type)).map(({ metadata }) => metadata?.name)).toEqual([]);
    expect(items).toHaveLength(types.length);
  });

  const container = { name: "main", image: "registry.example.com/train:1.2.3" };
  const pod = { spec: { restartPolicy: "Never", containers: [container] } };
  const jobSet = (job: object, template: object) => ({
    apiVersion: "jobset.x-k8s.io/v1alpha2",
    kind: "JobSet",
    metadata: { name: "train", namespace: "default" },
    spec: { replicatedJobs: [{ name: "node", template: { spec: { template, ...job } } }] },
  });
  const spark = (spec: object) => ({
    apiVersion: "sparkoperator.k8s.io/v1beta2",
    kind: "SparkApplication",
    metadata: { name: "train", namespace: "default" },
    spec: {
      type: "Python",
      mode: "cluster",
      sparkVersion: "4.0.1",
      mainApplicationFile: "s3a://lab/train.py",
      driver: {},
      executor: {},
      ...spec,
    },
  });
  const paths = {
    JobSet: "/apis/jobset.x-k8s.io/v1alpha2/namespaces/default/jobsets",
    SparkApplication: "/apis/sparkoperator.k8s.io/v1beta2/namespaces/default/sparkapplications",
  };
  async function apply(object: { kind: string }): Promise<string> {
    const path = `${paths[object.kind as keyof typeof paths]}/train?fieldManager=test&fieldValidation=Strict`;
    const { status, body } = await askApi(config, path, object, "PATCH");
    return status < 300 ? "accepted" : ((body as Refusal).message ?? "");
  }

  it.each([
    ["a JobSet", jobSet({ backoffLimit: 0 }, pod)],
    ["a JobSet with an affinity, which is open", jobSet({}, { spec: { ...pod.spec, affinity: { nodeAffinity: {} } } })],
    ["a SparkApplication", spark({ driver: { cores: 1, memory: "2g" } })],
  ])("accept %s", async (_, object) => {
    expect(await apply(object)).toBe("accepted");
  });

  it.each([
    ["a job", jobSet({ backofLimit: 0 }, pod), "backofLimit"],
    ["a pod", jobSet({}, { spec: { ...pod.spec, restartPolicies: [] } }), "restartPolicies"],
    ["a container", jobSet({}, { spec: { containers: [{ ...container, comand: [] }] } }), "comand"],
    ["a SparkApplication", spark({ sparkVersions: "4" }), "sparkVersions"],
    ["a driver", spark({ driver: { coers: 1 } }), "coers"],
  ])("refuse an unknown field of %s", async (_, object, field) => {
    expect(await apply(object)).toMatch(new RegExp(`${field}: field not declared in schema`));
  });
});
