import { isTreeObject, isUnknown, nodeAt, stringAt, UNKNOWN, type Unknown } from "../../../components/model";
import { HARD_LIMITS } from "../../../preflight/demand/quotas";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";
import { isGpuResource, isNonZero } from "../gpu-resource";
import { asksForGpus } from "./gpu-pods";
import { slicingsOf, type Slicing } from "./time-slicing";

/**
 * GPU-10, over the stack: time slices of one GPU are not for the pods of several namespaces.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin README "Shared Access to GPUs", v0.20.0: slices share memory and faults
 */
export const timeSlicingTenants: StackRule = {
  id: "GPU-10",
  title: "Time slices of a GPU are shared within one namespace",
  why: "Time slices share the memory and the faults of a GPU, so that one tenant can starve or crash the work of another.",
  remediation: "Give each tenant whole GPUs or MIG slices, or time-sliced GPUs that no other tenant gets.",
  url: "https://github.com/NVIDIA/k8s-device-plugin#shared-access-to-gpus",
  severity: "high",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: device-plugin, namespace: nvidia }
data:
  any: |
    version: v1
    sharing: { timeSlicing: { renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: vision }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4", resources: { limits: { nvidia.com/gpu.shared: 1 } } }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: language }
spec:
  containers: [{ name: main, image: "registry.example/chat:1.4", resources: { limits: { nvidia.com/gpu.shared: 1 } } }]
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: device-plugin, namespace: nvidia }
data:
  any: |
    version: v1
    sharing: { timeSlicing: { renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: vision }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4", resources: { limits: { nvidia.com/gpu.shared: 1 } } }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: vision }
spec:
  containers: [{ name: main, image: "registry.example/chat:1.4", resources: { limits: { nvidia.com/gpu.shared: 1 } } }]
`,
  },
  *judgeStack(subjects) {
    for (const subject of subjects) {
      for (const slicing of slicingsOf(subject)) {
        for (const judgement of judgeSlicing(slicing, subjects)) yield [subject, judgement];
      }
    }
  },
};

function* judgeSlicing({ path, resource, replicas }: Slicing, subjects: Subject[]): Iterable<Judgement> {
  const isMeant = (name: string) => (isUnknown(resource) ? isGpuResource(name) : name === resource);
  const uses = subjects.flatMap((subject) => usesOf(subject, isMeant));
  const tenants = new Set(uses.flatMap(({ namespace, holds }) => (holds === true ? (namespace ?? []) : [])));
  const possible = new Set(uses.map(({ namespace }, index) => namespace ?? index));
  if (tenants.size > 1 && !isUnknown(resource)) {
    yield {
      path,
      observed: `${replicas}, with pods of ${tenants.size} namespaces on the slices`,
      allowed: "slices for the pods of one namespace",
      remedy: "Give each tenant whole GPUs or MIG slices, or time-sliced GPUs that no other tenant gets.",
    };
  } else if (possible.size > 1) {
    yield undecided(path);
  }
}

/** A namespace, where it is known, and whether its pods may take GPUs of a resource. */
interface Use {
  namespace: string | undefined;
  holds: true | Unknown;
}

function usesOf(subject: Subject, isMeant: (resource: string) => boolean): Use[] {
  const asks = subject.pods.map((pods) => asksForGpus(pods, isMeant).holds);
  const uses = [...asks, ...quotas(subject, isMeant)].filter((holds): holds is Use["holds"] => holds !== false);
  return uses.map((holds) => ({ namespace: tenantOf(subject), holds }));
}

/** A quota on GPUs says that the pods of a namespace are to have some, whoever creates them. */
function quotas(subject: Subject, isMeant: (resource: string) => boolean): Truth[] {
  const limits = HARD_LIMITS.filter(({ group, kind }) => subject.is(`${group}/${kind}`));
  const hard = limits.map(({ path }) => nodeAt(subject.tree, path));
  return hard.flatMap((amounts): Truth[] => {
    if (isUnknown(amounts)) return [UNKNOWN];
    const named = isTreeObject(amounts) ? Object.entries(amounts) : [];
    return named
      .filter(([key]) => isMeant(key.replace(/^(requests|limits)\./, "")))
      .map(([, amount]) => isNonZero(amount));
  });
}

/** A profile stands for the namespace of its name. */
function tenantOf(subject: Subject): string | undefined {
  return subject.is("kubeflow.org/Profile") ? stringAt(nodeAt(subject.tree, "metadata"), "name") : subject.namespace;
}
