import { POOL_LABEL, isUnknown, objectAt, stringAt, UNKNOWN, type Tree } from "../../components/model";
import { undecided, type Judgement, type StackRule } from "../engine/rule";
import type { PodGroup } from "../engine/pods";
import type { Subject } from "../engine/subject";
import { allOf, not } from "../engine/truth";
import { declaredPoolOf } from "./declared-pool";
import { describeTaint, repels } from "./taint";
import { isTolerated, tolerationsOf } from "./toleration";

/**
 * GPU-02, over the stack: pods that select a pool tolerate the taints which this pool's nodes are declared with.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ v1.36
 */
export const poolToleration: StackRule = {
  id: "GPU-02",
  title: "Pods tolerate the taints of the pool that they select",
  why: "A pod that selects a pool and does not tolerate its taints stays pending for ever.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  *judgeStack(subjects) {
    const taintsByPool = taintsOf(subjects);
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        for (const judgement of judgePods(pods, taintsByPool)) yield [subject, judgement];
      }
    }
  },
};

function* judgePods(pods: PodGroup, taintsByPool: Map<string, Tree[]>): Iterable<Judgement> {
  const pool = stringAt(objectAt(pods.spec, "nodeSelector"), POOL_LABEL) ?? "";
  const { path, tolerations } = tolerationsOf(pods);
  for (const taint of taintsByPool.get(pool) ?? []) {
    const tolerated = isTolerated(tolerations, taint);
    const blocked = allOf([repels(taint), not(tolerated)]);
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
}

/** The taints of each declared pool that keep pods off, once each however many nodes of the pool carry them. */
function taintsOf(subjects: Subject[]): Map<string, Tree[]> {
  const pools = new Map<string, Map<string, Tree>>();
  for (const subject of subjects) {
    const pool = declaredPoolOf(subject);
    if (pool?.name === undefined) continue;
    const taints = pools.get(pool.name) ?? new Map<string, Tree>();
    pools.set(pool.name, taints);
    const declared: Tree[] = Array.isArray(pool.taints) ? pool.taints : [UNKNOWN];
    for (const taint of declared) {
      if (repels(taint) !== false) taints.set(isUnknown(taint) ? "unknown" : describeTaint(taint), taint);
    }
  }
  return new Map([...pools].map(([name, taints]) => [name, [...taints.values()]]));
}
