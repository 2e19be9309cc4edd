import { describe, expect, it } from "vitest";
import { queueCoverage } from "../../../../policies/gpu-ml/stack/queue-coverage";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import {
  clusterQueue,
  container,
  localQueue,
  object,
  pyTorchJob,
  queue,
  queued,
  quota,
  said,
  undecidedAt,
} from "./resources";

const WORKERS = "spec.pytorchReplicaSpecs.Worker.template.spec";
const waiting = pyTorchJob(1, 1, {}, queued("research"));
const cpuOnly = [
  clusterQueue("research", [quota("cpu", 8), quota("memory", "8Gi")]),
  localQueue("research", "research"),
];

function refusal(covered: string): string {
  return (
    `mandatory [GPU-15] PyTorchJob ml/bert: ${WORKERS} is asking for nvidia.com/gpu, which ClusterQueue ml/research does ` +
    `not cover; allowed: what it covers, ${covered}. Add nvidia.com/gpu to its coveredResources, or wait in another queue.`
  );
}

describe("GPU-15 coverage of queues", () => {
  it.each<[string, TestResource[]]>([
    ["a queue that covers GPUs", [...queue("research", 0), waiting]],
    ["what asks for no GPUs", [...cpuOnly, pyTorchJob(1, undefined, {}, queued("research"))]],
    ["what waits in no queue", [...cpuOnly, pyTorchJob(1, 1)]],
    ["what waits in a queue that the stack does not declare", [...cpuOnly, pyTorchJob(1, 1, {}, queued("other"))]],
    ["a queue that leads outside the stack", [...cpuOnly, localQueue("b", "other"), pyTorchJob(1, 1, {}, queued("b"))]],
    ["a queue of another namespace", [...cpuOnly, pyTorchJob(1, 1, {}, { ...queued("research"), namespace: "other" })]],
    ["a stack without queues", [waiting]],
  ])("accepts %s", (_case, resources) => {
    expect(said(queueCoverage, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["a queue of CPUs", [...cpuOnly, waiting], "cpu, memory"],
    [
      "a queue of nothing",
      [clusterQueue("research", []), localQueue("research", "research"), waiting],
      "which is nothing",
    ],
    [
      "a label on the pods",
      [
        ...cpuOnly,
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            pytorchReplicaSpecs: {
              Worker: { template: { metadata: queued("research"), spec: { containers: [container(1)] } } },
            },
          },
        }),
      ],
      "cpu, memory",
    ],
  ])("refuses GPUs in %s", (_case, resources, covered) => {
    expect(said(queueCoverage, resources)).toEqual([refusal(covered)]);
  });

  it.each<[string, TestResource[], string?]>([
    ["the name of the queue", [...cpuOnly, pyTorchJob(1, 1, {}, queued(UNKNOWN_STRING))]],
    ["the labels", [...cpuOnly, pyTorchJob(1, 1, {}, { labels: UNKNOWN_STRING })]],
    [
      "the namespace of the queue",
      [
        clusterQueue("research", [quota("cpu", 8)]),
        object(
          "kueue.x-k8s.io/v1beta2",
          "LocalQueue",
          "research",
          { spec: { clusterQueue: "research" } },
          { namespace: UNKNOWN_STRING },
        ),
        waiting,
      ],
    ],
    [
      "the names of the queues",
      [
        clusterQueue("research", [quota("cpu", 8)]),
        object(
          "kueue.x-k8s.io/v1beta2",
          "LocalQueue",
          "x",
          { spec: { clusterQueue: "research" } },
          { name: UNKNOWN_STRING },
        ),
        waiting,
      ],
    ],
    [
      "where the queue leads",
      [clusterQueue("research", [quota("cpu", 8)]), localQueue("research", UNKNOWN_STRING), waiting],
    ],
    [
      "a covered resource",
      [clusterQueue("research", [quota(UNKNOWN_STRING, 8)]), localQueue("research", "research"), waiting],
    ],
    [
      "the groups of resources",
      [clusterQueue("research", [], { resourceGroups: UNKNOWN_STRING }), localQueue("research", "research"), waiting],
    ],
    [
      "what the pods ask for",
      [...cpuOnly, pyTorchJob(1, UNKNOWN_STRING, {}, queued("research"))],
      `${WORKERS}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = WORKERS) => {
    expect(said(queueCoverage, resources)).toEqual([undecidedAt(queueCoverage, "PyTorchJob ml/bert", path)]);
  });

  it("needs not know what pods ask for where GPUs are covered", () => {
    expect(
      said(queueCoverage, [...queue("research", 4), pyTorchJob(1, UNKNOWN_STRING, {}, queued("research"))]),
    ).toEqual([]);
  });
});
