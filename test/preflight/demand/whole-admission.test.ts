import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import { stackOf } from "../pools/written-stack";

const QUEUE = `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: night, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ClusterQueue
metadata: { name: research }
spec:
  resourceGroups:
    - coveredResources: [nvidia.com/gpu]
      flavors: [{ name: a, resources: [{ name: nvidia.com/gpu, nominalQuota: 10 }] }]
---
`;
const LABELS = "labels: { kueue.x-k8s.io/queue-name: night }";
const META = `metadata: { name: a, namespace: ml, ${LABELS} }`;
const POD = "{ spec: { containers: [{ name: main, resources: { requests: { nvidia.com/gpu: 1 } } }] } }";

/** Each set's pods: all, those that must run together, and those that are admitted together, at least and at most. */
function setsOf(text: string, queue = QUEUE) {
  const [workload] = workloadsOf(stackOf(queue + text));
  return workload!.podSets.map(({ count, minCount, admittedCount, admittedMost }) => [
    count,
    minCount,
    admittedCount,
    admittedMost,
  ]);
}

const job = (pods: number, metadata = META) =>
  `apiVersion: batch/v1\nkind: Job\n${metadata}\nspec: { parallelism: ${pods}, completions: ${pods}, template: ${POD} }`;
const partial = (least: string) => META.replace("name: a,", `name: a, annotations: { ${least} },`);

describe("a Job in a queue", () => {
  it("is admitted whole", () => {
    expect(setsOf(job(10))).toEqual([[10, 1, 10, 10]]);
  });

  it("is no other than a StatefulSet, whose pods are a group", () => {
    const set = `apiVersion: apps/v1\nkind: StatefulSet\n${META}\nspec: { replicas: 12, template: ${POD} }`;
    expect(setsOf(set)).toEqual([[12, 1, 12, 12]]);
  });

  it.each<[string, (string | number | undefined)[]]>([
    ['kueue.x-k8s.io/job-min-parallelism: "4"', [11, 1, 4, 11]],
    ['kueue.x-k8s.io/job-min-parallelism: "20"', [11, 1, 11, 11]],
    ['kueue.x-k8s.io/job-min-parallelism: "some4"', [11, 1, 11, 11]],
    ['kueue.x-k8s.io/job-min-parallelism: "4x"', [11, 1, 11, 11]],
    ['kueue.x-k8s.io/job-min-parallelism: "0"', [11, 1, 1, 11]],
  ])("is admitted in part with %s", (annotation, set) => {
    expect(setsOf(job(11, partial(annotation)))).toEqual([set]);
  });

  it("is open where it is not known how few it may be admitted with", () => {
    const stack = stackOf(QUEUE + job(11));
    const last = stack.at(-1)!;
    const annotations: TreeObject = { "kueue.x-k8s.io/job-min-parallelism": UNKNOWN };
    const metadata = { ...(last.properties["metadata"] as TreeObject), annotations };
    const [workload] = workloadsOf([...stack.slice(0, -1), { ...last, properties: { ...last.properties, metadata } }]);
    expect(workload!.podSets[0]).not.toHaveProperty("admittedCount");
  });

  it("is admitted by nobody where its queue is not there", () => {
    expect(setsOf(job(11), "")).toEqual([[11, 1, undefined, undefined]]);
  });

  it("waits pod by pod where only its pods name the queue", () => {
    const template = POD.replace("{ spec", `{ metadata: { ${LABELS} }, spec`);
    const text = job(11, "metadata: { name: a, namespace: ml }").replace(POD, template);
    expect(setsOf(text)).toEqual([[11, 1, undefined, undefined]]);
  });
});

const group = (kind: string, spec: string, apiVersion: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\n${META}\nspec: ${spec}`;
const workers = (more = "") =>
  `{ ${more} pytorchReplicaSpecs: { Master: { template: ${POD} }, Worker: { replicas: 10, template: ${POD} } } }`;
const ray = (more: string) =>
  `{ ${more} headGroupSpec: { template: ${POD} }, workerGroupSpecs: [{ replicas: 10, maxReplicas: 10, template: ${POD} }] }`;
const trials = (parallel: number, pods: number) =>
  `{ parallelTrialCount: ${parallel}, trialTemplate: { trialSpec: { apiVersion: batch/v1, kind: Job, ` +
  `metadata: { ${LABELS} }, spec: { parallelism: ${pods}, completions: ${pods}, template: ${POD} } } } }`;

describe("other kinds in a queue", () => {
  it("are admitted with all of their sets together", () => {
    expect(setsOf(group("PyTorchJob", workers(), "kubeflow.org/v1"))).toEqual([
      [1, 1, 1, 1],
      [10, 10, 10, 10],
    ]);
    expect(setsOf(group("RayCluster", ray(""), "ray.io/v1"))).toEqual([
      [1, 1, 1, 1],
      [10, 1, 10, 10],
    ]);
  });

  it.each([
    ["RayCluster", ray("enableInTreeAutoscaling: true,"), "ray.io/v1"],
    ["RayJob", `{ rayClusterSpec: ${ray("enableInTreeAutoscaling: true,")} }`, "ray.io/v1"],
    ["RayService", `{ rayClusterConfig: ${ray("enableInTreeAutoscaling: true,")} }`, "ray.io/v1"],
    ["PyTorchJob", workers("elasticPolicy: { minReplicas: 1, maxReplicas: 20 },"), "kubeflow.org/v1"],
    ["Deployment", `{ replicas: 11, template: ${POD} }`, "apps/v1"],
    [
      "SparkApplication",
      "{ dynamicAllocation: { enabled: true }, executor: { instances: 2 } }",
      "sparkoperator.k8s.io/v1",
    ],
  ])("are admitted pod by pod where their pods come and go: %s", (kind, spec, apiVersion) => {
    const sets = setsOf(group(kind, spec, apiVersion));
    expect(sets.length).toBeGreaterThan(0);
    expect(sets.filter(([, , admitted]) => admitted !== undefined)).toEqual([]);
  });

  it.each([
    [
      "JobSet",
      `{ replicatedJobs: [{ name: a, template: { spec: { parallelism: 2, template: ${POD} } } }] }`,
      "jobset.x-k8s.io/v1",
    ],
    ["TrainJob", "{ runtimeRef: { name: a }, trainer: { numNodes: 2 } }", "trainer.kubeflow.org/v1alpha1"],
    ["JAXJob", `{ jaxReplicaSpecs: { Worker: { template: ${POD} } } }`, "kubeflow.org/v1"],
    ["MPIJob", `{ mpiReplicaSpecs: { Launcher: { template: ${POD} } } }`, "kubeflow.org/v2beta1"],
    ["PaddleJob", `{ paddleReplicaSpecs: { Worker: { template: ${POD} } } }`, "kubeflow.org/v1"],
    ["TFJob", `{ tfReplicaSpecs: { Worker: { template: ${POD} } } }`, "kubeflow.org/v1"],
    ["XGBoostJob", `{ xgbReplicaSpecs: { Master: { template: ${POD} } } }`, "kubeflow.org/v1"],
    ["RayJob", `{ rayClusterSpec: ${ray("enableInTreeAutoscaling: false,")} }`, "ray.io/v1"],
    ["RayService", `{ rayClusterConfig: ${ray("")} }`, "ray.io/v1"],
    ["SparkApplication", "{ driver: {}, executor: { instances: 2 } }", "sparkoperator.k8s.io/v1beta2"],
    [
      "AppWrapper",
      `{ components: [{ template: { apiVersion: v1, kind: Pod, ${POD.slice(1)} }] }`,
      "workload.codeflare.dev/v1beta2",
    ],
  ])("are admitted whole: %s", (kind, spec, apiVersion) => {
    const sets = setsOf(group(kind, spec, apiVersion));
    expect(sets.length).toBeGreaterThan(0);
    expect(sets.filter(([, , admitted]) => admitted === undefined)).toEqual([]);
  });

  it("are each run of a CronJob, and each trial of an experiment", () => {
    const cron = (pods: number) =>
      `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a, namespace: ml }\nspec: { schedule: "@daily", ` +
      `jobTemplate: { metadata: { ${LABELS} }, spec: { parallelism: ${pods}, completions: ${pods}, template: ${POD} } } }`;
    expect(setsOf(cron(10))).toEqual([[10, 1, 10, 10]]);
    const experiment = (parallel: number, pods: number) =>
      group("Experiment", trials(parallel, pods), "kubeflow.org/v1beta1").replace(
        META,
        "metadata: { name: a, namespace: ml }",
      );
    expect(setsOf(experiment(3, 4))).toEqual([[12, 1, 4, 4]]);
    const bounded = experiment(3, 4).replace("spec: {", "spec: { maxTrialCount: 2,");
    expect(setsOf(bounded)).toEqual([[8, 1, 4, 4]]);
    const open = setsOf(experiment(3, 4).replace("parallelTrialCount: 3", "parallelTrialCount: many"));
    expect(open).toEqual([[undefined, 1, undefined, undefined]]);
  });
});
