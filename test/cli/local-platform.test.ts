import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiextensionsV1Api,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type V1JobStatus,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Environment } from "../../cli/environment";
import { withoutCheckpoints } from "../../cli/pulumi";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { askApi, everythingOn } from "../support/cluster-inventory";
import { mlstack, type Outcome } from "../support/mlstack";
import { judgedAsProduction } from "../support/production-policies";

/** Groups of resource types that the local platform brings. */
const GROUPS = [
  "argoproj.io",
  "autoscaling.k8s.io",
  "jobset.x-k8s.io",
  "karpenter.sh",
  "kubeflow.org",
  "kueue.x-k8s.io",
  "serving.kserve.io",
  "sparkoperator.k8s.io",
  "trainer.kubeflow.org",
];

/** The whole local stack with its platform: real charts and manifests, on a real API server, by the real engine. */
describe("the local platform", { timeout: 400_000 }, () => {
  let state: string;
  let first: Outcome;
  let again: string;
  let before: Set<string>;
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), "mlstack-platform-"));
    process.env["MLSTACK_STATE"] = state;
    const environment = await Environment.open({ stack: "local" });
    await environment
      .steps()
      .find(({ title }) => title.startsWith("Kubernetes control plane"))!
      .run(() => undefined);
    await environment.controlPlane.start(() => undefined);
    before = new Set(await everythingOn(api()));
    first = await mlstack(state, "up");
  }, 600_000);
  afterAll(async () => {
    await mlstack(state, "down", "--force");
    delete process.env["MLSTACK_STATE"];
    await rm(state, { recursive: true, force: true });
  });

  const api = (): KubeConfig => readKubeconfig(clusterLayout(state).kubeconfig);
  const ready = async () => {
    const environment = await Environment.open({ stack: "local" });
    for (const step of environment.steps()) await step.run(() => undefined);
    return environment;
  };

  it("comes up, judged by the policy packs", () => {
    expect(first.output).toMatch(/\+ \d{3} created/);
    expect(first.output).toContain("Charts and manifests of the platform: 20 from Go modules");
    expect(first.code).toBe(0);
  });

  it("has every controller ready on a node without GPUs", async () => {
    const { items } = await api().makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
    const ofPlatform = items.filter(({ metadata }) => metadata?.namespace !== "ml");
    const names = ofPlatform.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).sort();
    expect(names).toEqual([
      "argo/argo-server",
      "argo/workflow-controller",
      "jobset-system/jobset-controller",
      "kserve/kserve-controller-manager",
      "kubeflow-system/kubeflow-trainer-controller-manager",
      "kubeflow/katib-controller",
      "kubeflow/katib-db-manager",
      "kubeflow/katib-mysql",
      "kubeflow/training-operator",
      "kueue-system/kueue-controller-manager",
      "mpi-operator/mpi-operator",
      "spark-operator/spark-operator-controller",
      "spark-operator/spark-operator-webhook",
      "vertical-pod-autoscaler/vertical-pod-autoscaler-recommender",
    ]);
    const unready = items.filter(({ spec, status }) => status?.readyReplicas !== spec?.replicas);
    expect(unready.map(({ metadata }) => metadata?.name)).toEqual([]);
    const pods = (await api().makeApiClient(CoreV1Api).listPodForAllNamespaces()).items;
    const controllers = pods.filter(({ metadata }) => {
      return metadata?.namespace !== "ml" && metadata?.ownerReferences?.[0]?.kind === "ReplicaSet";
    });
    expect([...new Set(controllers.map(({ spec }) => spec?.nodeName))].sort()).toEqual([
      "system-0",
      "system-1",
      "system-2",
    ]);
  });

  it("has every resource type established, and refuses a field that a type does not have", async () => {
    const { items } = await api().makeApiClient(ApiextensionsV1Api).listCustomResourceDefinition();
    const groups = new Set(items.map(({ spec }) => spec.group));
    expect(GROUPS.filter((group) => !groups.has(group))).toEqual([]);
    const waiting = items.filter(({ status }) => {
      return status?.conditions?.find(({ type }) => type === "Established")?.status !== "True";
    });
    expect(waiting.map(({ metadata }) => metadata?.name)).toEqual([]);
    const body = {
      apiVersion: "jobset.x-k8s.io/v1alpha2",
      kind: "JobSet",
      metadata: { name: "bogus", namespace: "research" },
      spec: { replicatedJobs: [], bogus: true },
    };
    const path = "/apis/jobset.x-k8s.io/v1alpha2/namespaces/research/jobsets?fieldValidation=Strict";
    const { status, body: refusal } = await askApi(api(), path, body);
    expect(status).toBe(400);
    expect((refusal as { message: string }).message).toContain('unknown field "spec.bogus"');
  });

  it("has queues whose quotas are those of the pools, and a tenant that may use eight GPUs", async () => {
    const custom = api().makeApiClient(CustomObjectsApi);
    const kueue = { group: "kueue.x-k8s.io", version: "v1beta2" };
    const queue = (await custom.getClusterCustomObject({ ...kueue, plural: "clusterqueues", name: "research" })) as {
      spec: { resourceGroups: { flavors: { name: string; resources: { name: string; nominalQuota: string }[] }[] }[] };
    };
    const flavors = queue.spec.resourceGroups.flatMap((group) => group.flavors);
    const gpus = flavors.flatMap(({ name, resources }) =>
      resources.filter(({ name: resource }) => resource === "nvidia.com/gpu").map((each) => [name, each.nominalQuota]),
    );
    expect(gpus.map(([name, quota]) => [name, String(quota)])).toEqual([
      ["system", "0"],
      ["t4", "4"],
      ["a10g", "8"],
    ]);
    const quotas = await api().makeApiClient(CoreV1Api).listNamespacedResourceQuota({ namespace: "research" });
    expect(quotas.items[0]?.spec?.hard?.["requests.nvidia.com/gpu"]).toBe("8");
    const local = (await custom.listNamespacedCustomObject({
      ...kueue,
      namespace: "research",
      plural: "localqueues",
    })) as { items: { spec: { clusterQueue: string } }[] };
    expect(local.items.map(({ spec }) => spec.clusterQueue)).toEqual(["research"]);
  });

  it("has the objects of every story", async () => {
    const present = new Set(await everythingOn(api()));
    const stories = [
      ...["TFJob ml/parameter-server", "WorkflowTemplate ml/mojo-packaging"],
      ...["WorkflowTemplate ml/refit", "Workflow ml/refit-first", "CronWorkflow ml/refit-weekly"],
      ...["WorkflowTemplate ml/heart-disease", "Workflow ml/heart-disease-first", "Workflow ml/heart-disease-next"],
      ...["Deployment ml/heart-disease-board"],
      ...["Experiment ml/heart-disease", "InferenceService ml/heart-disease"],
      ...["Deployment ml/scooter-demand", "HorizontalPodAutoscaler ml/scooter-demand"],
      ...["VerticalPodAutoscaler ml/scooter-demand", "PodDisruptionBudget ml/scooter-demand"],
      ...["CronJob ml/scooter-demand-retrain", "CronJob ml/scooter-demand-drift"],
    ];
    expect(stories.filter((object) => !present.has(object))).toEqual([]);
  });

  it("has completed what takes no operator", async () => {
    const { items } = await api().makeApiClient(BatchV1Api).listNamespacedJob({ namespace: "ml" });
    const names = items.map(({ metadata }) => metadata?.name?.replace(/-train-[0-9a-f]+$/, "-train"));
    expect(names.sort()).toEqual([
      "heart-disease-process",
      "heart-disease-read",
      "mnist",
      "scooter-demand-fleet-master",
      "scooter-demand-fleet-worker",
      "scooter-demand-rides",
      "scooter-demand-train",
    ]);
    const isComplete = (status: V1JobStatus | undefined) =>
      status?.conditions?.some(({ type, status: value }) => type === "Complete" && value === "True");
    expect(items.filter(({ status }) => !isComplete(status)).map(({ metadata }) => metadata?.name)).toEqual([]);
    const web = await api()
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ name: "scooter-demand", namespace: "ml" });
    expect(web.status?.readyReplicas).toBe(2);
  });

  it("has nothing that would make the API server ask a controller, as none runs", async () => {
    const present = await everythingOn(api());
    expect(present.filter((name) => /WebhookConfiguration /.test(name))).toEqual([]);
  });

  it("changes nothing when it is brought up again", async () => {
    const { pulumi, stackArguments } = await ready();
    // The policy packs have judged the first update.
    const update = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
    again = await pulumi.quietly([...update, ...stackArguments]);
    expect(again).toMatch(/\d{3} unchanged/);
  });

  it("keeps generated secrets out of logs, plans and state", async () => {
    const secrets = (await api().makeApiClient(CoreV1Api).listNamespacedSecret({ namespace: "kubeflow" })).items;
    const values = secrets.flatMap(({ data = {} }) => Object.values(data)).filter((value) => value.length >= 24);
    expect(values.length).toBeGreaterThan(0);
    const stateFile = join(state, "pulumi", "backend", ".pulumi", "stacks", "mlstack", "local.json");
    const exported = await (await ready()).pulumi.quietly(["stack", "export", "--stack", "local"]);
    const texts = [first.output, again, exported, await readFile(stateFile, "utf8")];
    for (const secret of values.flatMap((value) => [value, Buffer.from(value, "base64").toString()])) {
      for (const text of texts) expect(text.includes(secret)).toBe(false);
    }
  });

  it("keeps the policies of production, but for the exemptions that these list", async () => {
    const exported = await (await ready()).pulumi.quietly(["stack", "export", "--stack", "local"]);
    const verdict = await judgedAsProduction(exported);
    expect(verdict.blocking).toEqual([]);
    expect(verdict.exempted).toBeGreaterThan(0);
  });

  it("leaves nothing when it is destroyed but the resource types, which are kept on purpose", async () => {
    const { pulumi, stackArguments } = await ready();
    await withoutCheckpoints(pulumi).quietly(["destroy", "--yes", "--skip-preview", ...stackArguments]);
    const left = (await everythingOn(api())).filter((name) => !before.has(name));
    expect(left.filter((name) => !name.startsWith("CustomResourceDefinition "))).toEqual([]);
    expect(left.length).toBeGreaterThan(30);
  });
});
