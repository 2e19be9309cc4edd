import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiextensionsV1Api, type KubeConfig, type V1CustomResourceDefinition } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHARTS, MANIFESTS } from "../../../components/model/versions";
import { isResourceType, type KubernetesObject, withCompactTypes } from "../../../components/rendering";
import { renderCall, type Source } from "../../../components/rendering/source";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { moduleSources } from "../../../rehearsal/charts/module-sources";
import { eventually, TestCluster } from "../../support/cluster";
import { hasUpstream, platformMirror } from "../../support/platform-mirror";
import { rendered } from "../../support/rendering";
import { send } from "./raw-client";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const charts: (keyof typeof CHARTS)[] = [
  "jobSet",
  "karpenterCrds",
  "kserveTypes",
  "kueue",
  "sparkOperator",
  "trainer",
  "verticalPodAutoscaler",
];

const manifests: [source: keyof typeof MANIFESTS, folder: string][] = [
  ["argoWorkflows", "base/crds/full"],
  ["trainingOperator", "base/crds"],
  ["mpiOperator", "base"],
  ["katib", "components/crd"],
];

/** Folders of what no Go module carries. */
const manifestsOfUpstream: [source: keyof typeof MANIFESTS, folder: string][] = [
  ["pipelines", "cluster-scoped-resources"],
  ["pipelines", "env/cert-manager/platform-agnostic-k8s-native"],
  ["notebooks", "notebook-controller/config/overlays/kubeflow"],
  ["notebooks", "pvcviewer-controller/config/base"],
  ["notebooks", "tensorboard-controller/config/overlays/kubeflow"],
  ["dashboard", "profile-controller/manifests/kustomize/overlays/kubeflow"],
  ["dashboard", "poddefaults-webhooks/manifests/kustomize/overlays/cert-manager"],
];

/** The types that a source has, whole. */
async function typesOf(source: Source): Promise<KubernetesObject[]> {
  const { result } = await rendered(renderCall(source, { chartMirror: await platformMirror() }));
  return result.filter(isResourceType);
}

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
  const sources: Source[] = [
    ...charts.map((key) => ({ chart: CHARTS[key], release: "types", namespace: "types" })),
    ...[...manifests, ...(hasUpstream ? manifestsOfUpstream : [])].map(([key, folder]) => {
      return { manifests: MANIFESTS[key], folder };
    }),
  ];
  beforeAll(async () => {
    cluster = await TestCluster.start();
    config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    const all = (await Promise.all(sources.map(typesOf))).flat();
    types = [...new Map(all.map((type) => [type.metadata.name, type])).values()];
  }, 300_000);
  afterAll(() => cluster.remove());

  it("are those of every source that declares any", async () => {
    const mirror = await platformMirror();
    const declaring = moduleSources().filter(({ target }) => declaresTypes(join(mirror, target)));
    const covered = [...charts.map((key) => CHARTS[key].chart), ...manifests.map(([key]) => MANIFESTS[key].name)];
    const names = covered.map((name) => name.slice(name.lastIndexOf("/") + 1));
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
        const { status, body } = await send(config, "POST", CRDS, type);
        return status === 201 ? [] : [`${type.metadata.name}: ${body.message}`];
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
    const { status, body } = await send(config, "PATCH", path, object);
    return status < 300 ? "accepted" : (body.message ?? "");
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
