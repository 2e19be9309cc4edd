import { GPU_RESOURCE, isUnknown } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { gangPath, gangsOf, type Gang } from "./gang";
import { clusterQueueOf, coveredResources, queuesOf, type Queues } from "./queues";

/**
 * GPU-15, of queues: the ClusterQueue that pods wait in covers the GPUs that they ask for.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ "Resource groups", v0.19
 */
export const queueCoverage: StackRule = {
  id: "GPU-15",
  title: "Queues cover the GPUs that their workloads ask for",
  why: "Kueue never admits a workload that asks for a resource which its ClusterQueue does not cover.",
  remediation: "Cover the resource in the ClusterQueue, with a quota for each flavor, or wait in another queue.",
  url: "https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: kueue.x-k8s.io/v1beta2
kind: ClusterQueue
metadata: { name: research }
spec:
  namespaceSelector: {}
  resourceGroups:
    - coveredResources: [cpu, memory]
      flavors:
        - name: train
          resources: [{ name: cpu, nominalQuota: 64 }, { name: memory, nominalQuota: 256Gi }]
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mnist
  namespace: ml
  labels: { kueue.x-k8s.io/queue-name: research }
spec:
  template:
    spec:
      containers:
        - name: main
          image: registry.example/mnist:1.4
          resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: kueue.x-k8s.io/v1beta2
kind: ClusterQueue
metadata: { name: research }
spec:
  namespaceSelector: {}
  resourceGroups:
    - coveredResources: [cpu, memory, nvidia.com/gpu]
      flavors:
        - name: train
          resources:
            - { name: cpu, nominalQuota: 64 }
            - { name: memory, nominalQuota: 256Gi }
            - { name: nvidia.com/gpu, nominalQuota: 8 }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mnist
  namespace: ml
  labels: { kueue.x-k8s.io/queue-name: research }
spec:
  template:
    spec:
      containers:
        - name: main
          image: registry.example/mnist:1.4
          resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judgeStack(subjects) {
    const queues = queuesOf(subjects);
    if (queues.cluster.size === 0) return;
    for (const subject of subjects) {
      for (const gang of gangsOf(subject)) {
        for (const judgement of judgeGang(subject, gang, queues)) yield [subject, judgement];
      }
    }
  },
};

function* judgeGang(subject: Subject, gang: Gang, queues: Queues): Iterable<Judgement> {
  const [first] = gang.sets;
  const queue = first === undefined ? undefined : clusterQueueOf(subject, first, queues);
  if (queue === undefined) return;
  const covered = isUnknown(queue) ? queue : coveredResources(queue);
  const asked = [...gang.demand.keys()];
  const isCovered = (resource: string) => !isUnknown(covered) && covered.includes(resource);
  for (const resource of asked.filter((each) => !isCovered(each))) {
    const path = gangPath(gang, resource);
    if (isUnknown(queue) || isUnknown(covered)) {
      yield undecided(path);
    } else {
      yield {
        path,
        observed: `asking for ${resource}, which ${queue.title} does not cover`,
        allowed: `what it covers, ${covered.join(", ") || "which is nothing"}`,
        remedy: `Add ${resource} to its coveredResources, or wait in another queue.`,
      };
    }
  }
  // Pods whose resources are not known yet most likely ask for whole GPUs.
  if (gang.unknownPath !== undefined && asked.length === 0 && !isCovered(GPU_RESOURCE))
    yield undecided(gang.unknownPath);
}
