import { AdmissionregistrationV1Api, BatchV1Api, CoreV1Api, CustomObjectsApi } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ClusterObjects } from "../../../cli/teardown/cluster-objects";
import { Drain, type DrainOptions } from "../../../cli/teardown/drain";
import { PlatformObjects } from "../../../cli/teardown/platform-objects";
import { keptTypes, keptTypesText, platformDrainText } from "../../../cli/teardown/platform-report";
import { platformStages } from "../../../cli/teardown/platform-stages";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { eventually, TestCluster } from "../../support/cluster";
import { StateBuilder } from "./example-state";
import { createTypes, holdTypes, platformType, type TypeForTest } from "./platform-cluster";

const CRON_WORKFLOW = platformType("CronWorkflow");
const WORKFLOW = platformType("Workflow");
const EXPERIMENT = platformType("Experiment");
const TRIAL = platformType("Trial");
const PYTORCH_JOB = platformType("PyTorchJob");
// Two versions, as Kueue has them: only the one that is stored can be read without Kueue.
const WORKLOAD = platformType("Workload", "v1beta1", "v1beta2");
const CLUSTER_QUEUE = platformType("ClusterQueue", "v1beta1", "v1beta2");
const PROFILE: TypeForTest = { group: "kubeflow.org", kind: "Profile", plural: "profiles", versions: ["v1"] };
/** Brought by somebody else: the state does not have it. */
const TRAIN_JOB = platformType("TrainJob");
const OWN = [CRON_WORKFLOW, WORKFLOW, EXPERIMENT, TRIAL, PYTORCH_JOB, WORKLOAD, CLUSTER_QUEUE, PROFILE];

const FINALIZER = "example.com/cleans-up";
const QUEUED = { "kueue.x-k8s.io/queue-name": "training" };

interface Metadata {
  name: string;
  uid: string;
  deletionTimestamp?: string;
  finalizers?: string[];
}

interface Header {
  metadata: Metadata;
}

/** The drain of a platform against a real API server; the test plays the controllers. */
describe("draining a platform", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  let state: StateBuilder;
  const told: string[] = [];
  beforeAll(async () => {
    cluster = await TestCluster.start();
    await createTypes(cluster, [...OWN, TRAIN_JOB]);
  });
  beforeEach(() => {
    state = new StateBuilder();
    holdTypes(state, OWN);
  });
  afterEach(async () => {
    told.length = 0;
    for (const type of [...OWN, TRAIN_JOB]) {
      for (const { metadata } of await all(type)) {
        await release(type, metadata.name).catch(() => undefined);
        await custom()
          .deleteNamespacedCustomObject({ ...where(type), name: metadata.name })
          .catch(() => custom().deleteClusterCustomObject({ ...where(type), name: metadata.name }))
          .catch(() => undefined);
      }
    }
  });
  afterAll(() => cluster.remove());

  const config = () => readKubeconfig(cluster.controlPlane.layout.kubeconfig);
  const custom = () => cluster.api(CustomObjectsApi);
  const where = ({ group, plural, versions }: TypeForTest) => ({
    group,
    plural,
    version: versions.at(-1)!,
    namespace: "default",
  });

  async function all(type: TypeForTest): Promise<Header[]> {
    return ((await custom().listClusterCustomObject(where(type))) as { items: Header[] }).items;
  }
  const names = async (type: TypeForTest): Promise<string[]> => (await all(type)).map(({ metadata }) => metadata.name);

  async function release(type: TypeForTest, name: string): Promise<void> {
    const body = [{ op: "remove", path: "/metadata/finalizers" }];
    await custom()
      .patchNamespacedCustomObject({ ...where(type), name, body })
      .catch(() => custom().patchClusterCustomObject({ ...where(type), name, body }));
  }

  /** Creates a resource and tells what it is known by. */
  async function create(
    { group, kind, versions, plural }: TypeForTest,
    name: string,
    {
      spec,
      status,
      ...metadata
    }: { spec?: object; status?: object; finalizers?: string[]; ownerReferences?: object[] } = {},
  ): Promise<Metadata> {
    await cluster.create({
      apiVersion: `${group}/${versions.at(-1)!}`,
      kind,
      metadata: { name, ...(["ClusterQueue", "Profile"].includes(kind) ? {} : { namespace: "default" }), ...metadata },
      ...(spec && { spec }),
      ...(status && { status }),
    });
    return (await all({ group, kind, versions, plural })).find(({ metadata: found }) => found.name === name)!.metadata;
  }
  const ownedBy = ({ group, kind, versions }: TypeForTest, { name, uid }: Metadata) => ({
    ownerReferences: [{ apiVersion: `${group}/${versions.at(-1)!}`, kind, name, uid, controller: true }],
  });

  async function drain(options: DrainOptions = {}): Promise<Record<string, string | undefined>> {
    const results: Record<string, string | undefined> = {};
    const drained = new Drain(config(), { timeout: 20_000, interval: 50, ...options });
    for (const { title, run } of drained.steps(platformStages(new PlatformObjects(state.resources)))) {
      results[title] = await run((doing) => told.push(doing));
    }
    return results;
  }
  async function waitingFor(text: string): Promise<void> {
    await eventually(`the drain waits for ${text}`, () => Promise.resolve(told.some((line) => line.includes(text))));
  }

  it("has no step where the state holds none of the platform's types", () => {
    expect(platformStages(new PlatformObjects(new StateBuilder().resources))).toEqual([]);
  });

  it("finds nothing where there is nothing, and asks for the types that the state holds only", async () => {
    expect(await drain()).toEqual({
      "Schedules of workloads": "none",
      "Workloads that make others": "none",
      Workloads: "none",
      "Workloads in queues": "none",
      "Cluster queues": "none",
    });
  });

  it("leaves types alone that somebody else brought, and types that are not on the cluster", async () => {
    await create(TRAIN_JOB, "of-others");
    holdTypes(state, [platformType("Notebook")]);
    expect((await drain())["Workloads that make others"]).toBe("none");
    expect(await names(TRAIN_JOB)).toEqual(["of-others"]);
  });

  it("takes schedules before what they make, and waits for their controllers", async () => {
    await create(CRON_WORKFLOW, "nightly", { finalizers: [FINALIZER] });
    await create(WORKFLOW, "nightly-1", { finalizers: [FINALIZER] });
    const drained = drain();
    await waitingFor("waiting for CronWorkflow default/nightly");
    expect((await all(WORKFLOW))[0]!.metadata.deletionTimestamp).toBeUndefined();
    await release(CRON_WORKFLOW, "nightly");
    await waitingFor("waiting for Workflow default/nightly-1");
    await release(WORKFLOW, "nightly-1");
    expect(await drained).toMatchObject({ "Schedules of workloads": "1 gone", "Workloads that make others": "1 gone" });
  });

  it("leaves what the state holds to Pulumi, with what was made for it", async () => {
    const held = await create(EXPERIMENT, "held");
    await create(TRIAL, "held-1", ownedBy(EXPERIMENT, held));
    await create(PYTORCH_JOB, "held-by-id");
    await create(PYTORCH_JOB, "by-hand");
    // Of another version than the drain reads, and with a name that only the id tells.
    state.custom("kubernetes:kubeflow.org/v1beta1:Experiment", "search", undefined, {
      inputs: { metadata: { name: "held", namespace: "default" } },
    });
    state.custom("kubernetes:kubeflow.org/v1:PyTorchJob", "job", undefined, { id: "default/held-by-id" });
    expect(await drain()).toMatchObject({ "Workloads that make others": "none", Workloads: "1 gone" });
    expect(await names(EXPERIMENT)).toEqual(["held"]);
    expect(await names(TRIAL)).toEqual(["held-1"]);
    expect(await names(PYTORCH_JOB)).toEqual(["held-by-id"]);
  });

  it("takes what was made along with its maker, and waits for it", async () => {
    const experiment = await create(EXPERIMENT, "search");
    const trial = await create(TRIAL, "search-1", { ...ownedBy(EXPERIMENT, experiment), finalizers: [FINALIZER] });
    await create(PYTORCH_JOB, "search-1", ownedBy(TRIAL, trial));
    const drained = drain();
    await waitingFor("waiting for Trial default/search-1");
    await release(TRIAL, "search-1");
    expect((await drained)["Workloads that make others"]).toBe("2 gone");
    expect([await names(TRIAL), await names(PYTORCH_JOB)]).toEqual([[], []]);
  });

  it("leaves what was made for something that is not drained", async () => {
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "console", uid: "1-2-3", controller: true };
    await create(WORKFLOW, "of-a-deployment", { ownerReferences: [owner] });
    const drained = await drain();
    expect(drained["Workloads that make others"]).toBe("none");
  });

  describe("with queues", () => {
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.com/train:1" }] } };
    const job = (name: string, labels: Record<string, string> = {}) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: "default", labels },
      spec: { suspend: true, template },
    });
    const jobs = async () =>
      (await cluster.api(BatchV1Api).listNamespacedJob({ namespace: "default" })).items.map(
        ({ metadata }) => metadata!,
      );
    afterEach(async () => {
      const deletion = { namespace: "default", propagationPolicy: "Background" };
      await cluster.api(BatchV1Api).deleteCollectionNamespacedJob(deletion);
      await cluster.api(BatchV1Api).deleteCollectionNamespacedCronJob(deletion);
    });

    it("takes Jobs that wait in one and CronJobs that make such, and leaves all others", async () => {
      await cluster.create(job("queued", QUEUED));
      await cluster.create(job("not-queued"));
      const cronJob = (name: string, labels: object) => ({
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name, namespace: "default" },
        spec: { schedule: "0 0 1 1 *", jobTemplate: { metadata: { labels }, spec: { template } } },
      });
      await cluster.create(cronJob("yearly", QUEUED));
      await cluster.create(cronJob("cleaner", {}));
      expect(await drain()).toMatchObject({ "Schedules of workloads": "1 gone", Workloads: "1 gone" });
      expect((await jobs()).map(({ name }) => name)).toEqual(["not-queued"]);
      const { items } = await cluster.api(BatchV1Api).listNamespacedCronJob({ namespace: "default" });
      expect(items.map(({ metadata }) => metadata?.name)).toEqual(["cleaner"]);
    });

    it("names what the stack still runs out of a queue that does not go", async () => {
      await cluster.create(job("training", QUEUED));
      state.custom("kubernetes:batch/v1:Job", "training", undefined, { id: "default/training" });
      const [held] = await jobs();
      await create(WORKLOAD, "job-training", {
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "training", uid: held!.uid, controller: true }],
        status: { admission: { clusterQueue: "gpus" } },
      });
      await create(CLUSTER_QUEUE, "gpus", { finalizers: ["kueue.x-k8s.io/resource-in-use"] });
      await expect(drain({ timeout: 500 })).rejects.toThrow(
        [
          "the cluster is not drained: not gone within 0.5 s:",
          "  ClusterQueue: gpus: waits for kueue.x-k8s.io/resource-in-use; used by Workload default/job-training (kueue)",
          `    kubectl patch clusterqueues.kueue.x-k8s.io gpus --type merge --patch '{"metadata":{"finalizers":null}}'`,
        ].join("\n"),
      );
      expect(await names(WORKLOAD)).toEqual(["job-training"]);
    });
  });

  it("gives up after its time, and says by kind and namespace what is left, with finalizers and the remedy", async () => {
    for (const name of ["bert-1", "bert-2", "bert-3", "bert-4"]) {
      await create(WORKFLOW, name, { finalizers: ["workflows.argoproj.io/artifact-gc"] });
    }
    await create(EXPERIMENT, "search", { finalizers: [FINALIZER, "update-prometheus-metrics"] });
    await expect(drain({ timeout: 500 })).rejects.toMatchObject({
      message: [
        "the cluster is not drained: not gone within 0.5 s:",
        "  Workflow in default: bert-1, bert-2, bert-3 and 1 more: waits for workflows.argoproj.io/artifact-gc (argoWorkflows)",
        `    kubectl patch workflows.argoproj.io bert-1 bert-2 bert-3 bert-4 --namespace default --type merge --patch '{"metadata":{"finalizers":null}}'`,
        "  Experiment in default: search: waits for example.com/cleans-up, update-prometheus-metrics (katib)",
        `    kubectl patch experiments.kubeflow.org search --namespace default --type merge --patch '{"metadata":{"finalizers":null}}'`,
      ].join("\n"),
      remedy:
        "The part in brackets takes its finalizer off once its work is done: look at the log of its controller, mend what stops it and run the command again. The commands above take finalizers off by force; what these guard is then not cleaned up. To destroy the platform without the drain: --skip-drain; no controller is then left to let these resources go, nor the namespaces that they are in.",
    });
    expect((await all(WORKFLOW))[0]!.metadata.finalizers).toEqual(["workflows.argoproj.io/artifact-gc"]);
  });

  it("takes finalizers off after a short wait where no controller runs, and says so", async () => {
    await create(WORKFLOW, "stuck", { finalizers: [FINALIZER] });
    await create(WORKFLOW, "free");
    const drained = await drain({ forceAfter: 300 });
    expect(drained["Workloads that make others"]).toBe(
      "2 gone, 1 of them only once their finalizers were taken off, as no controller runs on a simulated cluster",
    );
    expect(await names(WORKFLOW)).toEqual([]);
  });

  it("tries all others, and tries again, where a webhook refuses", async () => {
    await create(WORKFLOW, "a-refused");
    await create(EXPERIMENT, "b-free");
    const webhooks = cluster.api(AdmissionregistrationV1Api);
    await webhooks.createValidatingWebhookConfiguration({
      body: {
        metadata: { name: "nobody" },
        webhooks: [
          {
            name: "nobody.example.com",
            clientConfig: { url: "https://127.0.0.1:1/" },
            rules: [
              { operations: ["DELETE"], apiGroups: ["argoproj.io"], apiVersions: ["*"], resources: ["workflows"] },
            ],
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
          },
        ],
      },
    });
    try {
      const isRefused = await eventually("the webhook is asked", async () => {
        const failed = await drain({ timeout: 500 }).catch((error: unknown) => error as Error);
        return failed instanceof Error ? failed : undefined;
      });
      expect(isRefused.message).toMatch(
        /not gone within 0\.5 s:\n {2}Workflow in default: a-refused: refused: Internal error occurred: failed calling webhook "nobody\.example\.com": .* \(argoWorkflows\)$/,
      );
      expect(await names(EXPERIMENT)).toEqual([]);
    } finally {
      await webhooks.deleteValidatingWebhookConfiguration({ name: "nobody" });
    }
    await eventually("the webhook is not asked any more", async () => {
      return (await drain({ timeout: 500 }).catch(() => undefined)) !== undefined;
    });
    expect(await names(WORKFLOW)).toEqual([]);
  });

  it("can be looked at before it is done", async () => {
    const show = () => platformDrainText(new PlatformObjects(state.resources), new ClusterObjects(config()));
    expect(await show()).toBe(
      "Nothing is on the cluster of the platform's types that this stack does not hold itself.\n",
    );
    for (const name of ["bert", "gpt", "llama", "t5"]) await create(PYTORCH_JOB, name);
    await create(CRON_WORKFLOW, "nightly");
    await create(CLUSTER_QUEUE, "by-hand");
    await create(PROFILE, "ada");
    await create(PROFILE, "held");
    state.custom("kubernetes:kubeflow.org/v1:Profile", "held", undefined, { id: "held" });
    expect(await show()).toBe(
      `Before all else, while the platform's controllers live, the cluster is drained of what this stack does not hold itself:

STEP                     KIND           NAMESPACE   HOW MANY   NAMES
schedules of workloads   CronWorkflow   default     1          nightly
workloads                PyTorchJob     default     4          bert, gpt, llama and 1 more
cluster queues           ClusterQueue               1          by-hand

Left alone: Profile ada, as the namespace of a Profile goes with it, with all that is in it.
Their finalizers need the profile controller, so delete before the platform what shall not stay:
  kubectl delete profiles.kubeflow.org ada
`,
    );
    expect(await names(PYTORCH_JOB)).toHaveLength(4);
  });

  it("tells which types stay, and what would go with them", async () => {
    await create(PROFILE, "ada");
    const types = await keptTypes(
      [PROFILE, WORKFLOW, platformType("Notebook")].map(({ plural, group }) => `${plural}.${group}`),
      new ClusterObjects(config()),
    );
    expect(keptTypesText([...types, { name: "nodepools.karpenter.sh" }])).toBe(
      `Kept on the cluster on purpose (retainOnDelete), as with a resource type go all resources of it, whoever made them:
  profiles.kubeflow.org: 1 resource
  without resources: workflows.argoproj.io
  with resources that the cluster was not asked for: nodepools.karpenter.sh
To delete those that nobody else uses, and all resources of them:
  kubectl delete crd profiles.kubeflow.org workflows.argoproj.io nodepools.karpenter.sh
`,
    );
    expect(keptTypesText([])).toBe("");
  });

  it("is not left with pods that wait in a queue", async () => {
    const pod = (name: string, labels: object) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", labels },
      spec: { containers: [{ name: "main", image: "example.com/train:1" }] },
    });
    await cluster.create(pod("queued", QUEUED));
    await cluster.create(pod("alone", {}));
    expect((await drain()).Workloads).toBe("1 gone");
    const { items } = await cluster.api(CoreV1Api).listNamespacedPod({ namespace: "default" });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(["alone"]);
  });
});
