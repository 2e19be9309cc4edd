import { describe, expect, it } from "vitest";
import { workloadsOf } from "../../../preflight/demand";
import { proofsOf } from "../../../preflight/placement";
import { plannedPools } from "../../../preflight/pools";
import { stackOf } from "../pools/written-stack";

const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: kueue-manager-config, namespace: kueue-system }
data:
  controller_manager_config.yaml: |
    apiVersion: config.kueue.x-k8s.io/v1beta2
    kind: Configuration
    manageJobsWithoutQueueName: true
    managedJobsNamespaceSelector: { matchLabels: { queued: "true" } }
    integrations: { frameworks: [batch/job, pod, deployment] }
---
`;
const namespace = (labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ml, labels: { ${labels} } }\n---\n`;
const QUEUED = namespace('queued: "true"');
const localQueue = (name: string) => `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: ${name}, namespace: ml }
spec: { clusterQueue: research }
---
`;
const POD = "{ spec: { containers: [{ name: main, resources: { requests: { cpu: 1 } } }] } }";
const LABEL = "labels: { kueue.x-k8s.io/queue-name: night }";
const object = (apiVersion: string, kind: string, count: string, label = "") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a, namespace: ml, ${label} }\n` +
  `spec: { ${count}: 3, completions: 3, template: ${POD} }`;
const job = (label = "") => object("batch/v1", "Job", "parallelism", label);

/** The queue of the workload, how many of its pods are admitted at once, and why it never runs. */
function readOf(...texts: string[]) {
  const resources = stackOf(texts.join(""));
  const [workload] = workloadsOf(resources).filter(({ namespace }) => namespace === "ml");
  const [set] = workload!.podSets;
  const [proof] = proofsOf([workload!], plannedPools(resources));
  const never = set!.refusal === undefined ? undefined : proof!.reason;
  return [workload!.clusterQueue, set!.admittedCount, never];
}

describe("a job that names no queue", () => {
  it("waits in the queue called default of its namespace", () => {
    expect(readOf(CONFIG, QUEUED, localQueue("default"), job())).toEqual(["research", 3, undefined]);
  });

  it("is held back for ever where there is none", () => {
    expect(readOf(CONFIG, QUEUED, localQueue("night"), job())).toEqual([
      ...[undefined, undefined],
      "names no queue, and Kueue holds back what names none in namespace ml, which has no LocalQueue default: " +
        "set its label kueue.x-k8s.io/queue-name",
    ]);
  });

  it("is let go by a Kueue that holds nothing back", () => {
    const config = CONFIG.replace("QueueName: true", "QueueName: false");
    expect(readOf(config, QUEUED, localQueue("night"), job())).toEqual([undefined, undefined, undefined]);
    expect(readOf(config, QUEUED, localQueue("default"), job())).toEqual(["research", 3, undefined]);
    expect(readOf(QUEUED, localQueue("night"), job())).toEqual([undefined, undefined, undefined]);
  });

  it("is let go in a namespace that Kueue does not look after", () => {
    expect(readOf(CONFIG, namespace("a: b"), localQueue("default"), job())).toEqual([undefined, undefined, undefined]);
  });

  it("is queued pod by pod where its kind is not queued as a whole", () => {
    const set = object("apps/v1", "StatefulSet", "replicas");
    expect(readOf(CONFIG, QUEUED, localQueue("default"), set)).toEqual(["research", undefined, undefined]);
    const withSets = CONFIG.replace("deployment]", "statefulset]");
    expect(readOf(withSets, QUEUED, localQueue("default"), set)).toEqual(["research", 3, undefined]);
    const withoutPods = CONFIG.replace("pod, ", "");
    expect(readOf(withoutPods, QUEUED, localQueue("default"), set)).toEqual([undefined, undefined, undefined]);
  });
});

describe("a job that names a queue", () => {
  it("waits in it", () => {
    expect(readOf(CONFIG, QUEUED, localQueue("night"), localQueue("default"), job(LABEL))).toEqual([
      ...["research", 3],
      undefined,
    ]);
  });

  it("is let go in a namespace that Kueue does not look after", () => {
    expect(readOf(CONFIG, namespace("a: b"), localQueue("night"), job(LABEL))).toEqual([
      ...[undefined, undefined],
      undefined,
    ]);
  });
});
