import { GPU_RESOURCE, isUnknown } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { gangPath, gangsOf, type Gang } from "./gang";
import { limitsFor, quotaLimitsOf, type QuotaLimit, type QuotaLimits } from "./quota-limits";

/**
 * GPU-15, of quotas: what pods need together is within the ResourceQuota of their namespace, and within what their
 * ClusterQueue has and can borrow.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ v1.36
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ v0.19
 */
export const gangQuota: StackRule = {
  id: "GPU-15",
  title: "GPUs that pods need together are within their quotas",
  why: "A job that needs more GPUs at once than its quotas allow can never start, and holds none of them in vain.",
  remediation: "Ask for fewer GPUs at once, or raise the quota.",
  url: "https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: gpus, namespace: ml }
spec: { hard: { requests.nvidia.com/gpu: 8 } }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 3
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 4 } }
`,
    good: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: gpus, namespace: ml }
spec: { hard: { requests.nvidia.com/gpu: 8 } }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 4 } }
`,
  },
  *judgeStack(subjects) {
    const limits = quotaLimitsOf(subjects);
    if (limits.byNamespace.size === 0 && limits.queues.cluster.size === 0) return;
    for (const subject of subjects) {
      for (const gang of gangsOf(subject)) {
        for (const judgement of judgeGang(subject, gang, limits)) yield [subject, judgement];
      }
    }
  },
};

function* judgeGang(subject: Subject, gang: Gang, limits: QuotaLimits): Iterable<Judgement> {
  const [first] = gang.sets;
  if (first === undefined) return;
  // Pods whose resources are not known yet most likely ask for whole GPUs.
  const resources = gang.demand.size === 0 ? [GPU_RESOURCE] : [...gang.demand.keys()];
  for (const resource of resources) {
    for (const limit of limitsFor(subject, first, resource, limits)) {
      yield* judgeLimit(gang, resource, limit);
    }
  }
}

function* judgeLimit(gang: Gang, resource: string, { amount, by }: QuotaLimit): Iterable<Judgement> {
  const needed = gang.demand.get(resource) ?? 0;
  if (isUnknown(amount)) {
    const path = needed > 0 ? gangPath(gang, resource) : gang.unknownPath;
    if (path !== undefined) yield undecided(path);
  } else if (needed > amount) {
    yield {
      path: gangPath(gang, resource),
      observed: `in need of ${needed} ${resource} at the same time, ${gang.size} pods together`,
      allowed: `at most ${amount}, by ${by}`,
      remedy: "Ask for fewer at once, or raise the quota.",
    };
  } else if (gang.unknownPath !== undefined) {
    yield undecided(gang.unknownPath);
  }
}
