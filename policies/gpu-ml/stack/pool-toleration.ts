import {
  POOL_LABEL,
  childAt,
  isUnknown,
  pathInPodSet,
  poolShapeOf,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, not, type Truth } from "../../engine/truth";
import { declaredPoolOf } from "../declared-pool";
import { describeTaint, repels } from "../taint";
import { isTolerated, tolerationsOf } from "../toleration";

/**
 * GPU-02, over the stack: pods that select a pool tolerate the taints which this pool's nodes are declared with.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ v1.36
 */
export const poolToleration: StackRule = {
  id: "GPU-02",
  title: "Pods tolerate the taints of the pool that they select",
  why: "A pod that selects a pool and does not tolerate its taints stays pending for ever.",
  remediation: "Tolerate every taint of the selected pool, or select another pool.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: Node
metadata: { name: gpu-0, labels: { mlstack.dev/pool: gpu } }
spec: { taints: [{ key: dedicated, value: research, effect: NoSchedule }] }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  nodeSelector: { mlstack.dev/pool: gpu }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Node
metadata: { name: gpu-0, labels: { mlstack.dev/pool: gpu } }
spec: { taints: [{ key: dedicated, value: research, effect: NoSchedule }] }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  nodeSelector: { mlstack.dev/pool: gpu }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
  tolerations: [{ key: dedicated, operator: Equal, value: research, effect: NoSchedule }]
`,
  },
  *judgeStack(subjects) {
    const declared = declaredTaintsOf(subjects);
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        for (const judgement of judgePods(pods, declared)) yield [subject, judgement];
      }
    }
  },
};

/** Taints that keep pods off, by the name of the pool; those of pools whose name is not known yet under the marker. */
type DeclaredTaints = ReadonlyMap<string | Unknown, readonly Tree[]>;

function* judgePods(pods: PodGroup, declared: DeclaredTaints): Iterable<Judgement> {
  const name: Tree = childAt(childAt(pods.spec, "nodeSelector"), POOL_LABEL);
  if (typeof name === "string") {
    // Nodes whose pool is not known yet may be of the selected one where nothing else declares it.
    const taints = declared.get(name);
    yield* taints === undefined
      ? judgePossible(pods, declared.get(UNKNOWN) ?? [])
      : taints.flatMap((taint) => [...judgeTaint(pods, taint, name)]);
  } else if (isUnknown(name)) {
    yield* judgePossible(pods, [...declared.values()].flat());
  }
}

function* judgeTaint(pods: PodGroup, taint: Tree, pool: string): Iterable<Judgement> {
  const path = pathInPodSet(pods, "spec.tolerations");
  const blocked = isBlocked(pods, taint);
  if (isUnknown(blocked)) yield undecided(path);
  if (blocked === true) {
    yield {
      path,
      observed: `without a match for the taint ${describeTaint(taint)} of pool ${pool}`,
      allowed: "tolerations that match every taint of the selected pool",
      remedy: "Add a toleration for it, or select another pool.",
    };
  }
}

/** Taints that the selected pool may have turn out not to matter where the pods tolerate them all. */
function* judgePossible(pods: PodGroup, taints: readonly Tree[]): Iterable<Judgement> {
  if (taints.some((taint) => isBlocked(pods, taint) !== false)) {
    yield undecided(pathInPodSet(pods, "spec.nodeSelector"));
  }
}

function isBlocked(pods: PodGroup, taint: Tree): Truth {
  return allOf([repels(taint), not(isTolerated(tolerationsOf(pods).tolerations, taint))]);
}

/** The taints of each declared pool, once each however many nodes of the pool carry them. */
function declaredTaintsOf(subjects: Subject[]): DeclaredTaints {
  const pools = new Map<string | Unknown, Map<string, Tree>>();
  for (const subject of subjects) {
    const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
    const pool = declaredPoolOf(subject);
    if (pool === undefined || shape?.name === undefined) continue;
    const taints = pools.get(shape.name) ?? new Map<string, Tree>();
    pools.set(shape.name, taints);
    const declared: Tree[] = Array.isArray(pool.taints) ? pool.taints : [UNKNOWN];
    for (const taint of declared) {
      if (repels(taint) !== false) taints.set(isUnknown(taint) ? "unknown" : describeTaint(taint), taint);
    }
  }
  return new Map([...pools].map(([name, taints]) => [name, [...taints.values()]]));
}
