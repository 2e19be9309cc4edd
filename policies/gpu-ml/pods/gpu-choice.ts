import {
  childAt,
  nodeAt,
  pathInPodSet,
  type Tree,
  GPU_MODEL_LABEL,
  POOL_LABEL,
  QUEUE_LABEL,
} from "../../../components/model";
import { textList } from "../../engine/parameters";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyHolds, fieldHolds, opposite, violatedIf, type Condition } from "../../engine/conditions";
import { asksForGpus } from "./gpu-pods";
import { selectsBy } from "./node-selection";

const labels = textList(
  "a list of the node labels that tell GPUs apart; one that ends in * stands for all that begin like it",
  [
    POOL_LABEL,
    GPU_MODEL_LABEL,
    "node.kubernetes.io/instance-type",
    "nvidia.com/gpu.product",
    "nvidia.com/gpu.family",
    "nvidia.com/gpu.memory",
    "nvidia.com/gpu.compute.*",
    "k8s.amazonaws.com/accelerator",
    "karpenter.k8s.aws/instance-*",
    "karpenter.sh/nodepool",
    "eks.amazonaws.com/instance-*",
    "eks.amazonaws.com/nodegroup",
  ],
);

/**
 * GPU-04: GPU pods say which GPUs they are meant for, by a label of the nodes. A MIG profile says so by itself, and the
 * flavors of a queue say it for those that wait in one.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19.2
 */
export const gpuChoice: ResourceRule<{ labels: string[] }> = {
  id: "GPU-04",
  title: "GPU pods choose the GPUs that they are meant for",
  why: "Without a choice the pod runs on whatever GPU is free: one with too little memory, or a far too expensive one.",
  remediation: "Select nodes by a label that tells GPUs apart, such as the pool, the GPU model or the instance type.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "medium",
  level: "advisory",
  levels: { dev: "disabled" },
  family: "gpu",
  parameters: { labels },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  nodeSelector: { mlstack.dev/gpu-model: a10g }
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judge(subject, parameters) {
    for (const pods of subject.pods) yield* judgePods(pods, subject, parameters.labels);
  },
};

function judgePods(pods: PodGroup, subject: Subject, telling: string[]): Iterable<Judgement> {
  const chooses = selectsBy(pods, (label) => telling.some((pattern) => matches(label, pattern)));
  const queues = isQueued(subject, pods);
  const conditions = [
    asksForGpus(pods, (resource) => !resource.startsWith("nvidia.com/mig-")),
    opposite(chooses),
    opposite(queues),
  ];
  return violatedIf(conditions, () => ({
    path: pathInPodSet(pods, "spec.nodeSelector"),
    observed: "without a label that tells GPUs apart",
    allowed: "one in the node selector or in the required node affinity",
    remedy: `Select the pool by ${POOL_LABEL}, the GPU by ${GPU_MODEL_LABEL}, or the machine by its instance type.`,
  }));
}

/**
 * Whether a queue places the pods; the label stands on the workload or, for plain pods, on them. Kueue puts the labels of
 * the flavor that it admits a workload to into the pods' node selector (v0.19.2).
 */
function isQueued({ tree }: Subject, pods: PodGroup): Condition {
  const ofWorkload = childAt(nodeAt(tree, "metadata.labels"), QUEUE_LABEL);
  const ofPods = childAt(childAt(pods.template.metadata, "labels"), QUEUE_LABEL);
  return anyHolds([
    fieldHolds(ofWorkload, "metadata.labels", isGiven),
    fieldHolds(ofPods, pathInPodSet(pods, "metadata.labels"), isGiven),
  ]);
}

function isGiven(value: Tree): boolean {
  return value !== undefined && value !== null;
}

function matches(label: string, pattern: string): boolean {
  return pattern.endsWith("*") ? label.startsWith(pattern.slice(0, -1)) : label === pattern;
}
