import { isUnknown, UNKNOWN, type Unknown } from "../../../../components/model";
import { asksForGpus, usdText } from "../../../../preflight/cost";
import type { Plan } from "../../../../preflight/plan";
import { Verdict } from "../../../../preflight/placement";
import type { PlannedPool } from "../../../../preflight/pools";
import { undecided, type Judgement, type RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { hasUnknown } from "../../../engine/undecided-path";
import { gpusOfNode } from "../../stack/pool-ceiling";
import { stackPoolsOf } from "../../stack/node-labels";
import { unqueuedPools } from "../layers/flavors";
import { poolPath } from "../layers/layer-end";
import { planRule } from "../proofs/plan-rule";
import { plannedPoolOf, type PlannedStack } from "../proofs/stack-plan";

const FACTS: RuleFacts<Record<string, never>> = {
  id: "ADV-02",
  title: "Pools with GPUs are not far larger than what the stack runs on them",
  why: "What scales by itself starts as many machines as it may, and a mistake is paid for up to the largest size.",
  remediation: "Lower the largest size to what the workloads fill at their peak, or remove the pool.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [g5.xlarge], scalingConfig: { minSize: 0, maxSize: 100 } }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [g5.xlarge], scalingConfig: { minSize: 0, maxSize: 2 } }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
};

/**
 * ADV-02, of the size of pools: all pods that can run on a pool, at the peak of all of them, fill at least half of its nodes, or
 * any of a pool whose nodes may be of several types, as the largest number of these is one of its smallest machines.
 *
 * Judged are pools with GPUs that grow to a largest size, in stacks that declare work for GPUs. Pools of a queue's flavor are left
 * alone, as work comes there from elsewhere, and so are those of which it is not known how many pods can run there.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/ "spec.limits" (v1.14)
 */
export const unfilledPool = planRule(FACTS, judgedSizes);

function* judgedSizes(
  subjects: Subject[],
  _: Record<string, never>,
  plannedStack: () => PlannedStack,
): Iterable<[Subject, Judgement]> {
  const stack = stackPoolsOf(subjects);
  const pools = stack.isOpen ? [] : unqueuedPools(subjects, stack);
  if (pools.length === 0) return;
  const { plan } = plannedStack();
  const mayAsk = plan.proofs.some(({ verdict }) => verdict === Verdict.undecided);
  if (!mayAsk && !plan.workloads.some(({ podSets }) => podSets.some(asksForGpus))) return;
  const byUrn = new Map(subjects.map((subject) => [subject.urn, subject]));
  for (const pool of pools) {
    const planned = plannedPoolOf(pool.subject, plan);
    const size = planned && sizeOf(planned.pool);
    const gpus = gpusOfNode(pool.shape);
    if (planned === undefined || size === undefined || gpus === 0 || gpus === Infinity) continue;
    const { nodes, doubtful } = filledBy(planned, plan);
    const isMixed = planned.pool.machines !== undefined;
    if (isMixed ? nodes > 0 : !isUnknown(size) && nodes * 2 >= size) continue;
    const pending = doubtful.flatMap(({ urn, path, unknownPath = path }) => {
      const subject = byUrn.get(urn);
      return subject === undefined || !hasUnknown(subject.tree) ? [] : [[subject, undecided(unknownPath)] as const];
    });
    if (isUnknown(gpus)) yield [pool.subject, undecided(poolPath(pool, "machines"))];
    else if (isUnknown(size)) yield [pool.subject, undecided(poolPath(pool, "size"))];
    else if (doubtful.length > 0) for (const [subject, judgement] of pending) yield [subject, judgement];
    else if (isMixed) yield [pool.subject, unused(planned, plan, poolPath(pool, "size"))];
    else yield [pool.subject, violation(planned, nodes, size, plan, poolPath(pool, "size"))];
  }
}

/** The largest size of a pool that grows; undefined where nothing bounds it, or it has always as many nodes. */
function sizeOf({ minNodes, maxNodes, unknowns }: PlannedPool): number | Unknown | undefined {
  if (unknowns.some(({ property }) => property === "maxNodes")) return UNKNOWN;
  return minNodes === maxNodes ? undefined : maxNodes;
}

/** A pool of a plan, and where it stands there. */
interface NumberedPool {
  pool: PlannedPool;
  number: number;
}

/** A pool of several types is told by what it may cost: how many nodes it has depends on which of them these are. */
function unused({ number }: NumberedPool, { cost }: Plan, path: string): Judgement {
  const { ceiling } = cost.pools[number] ?? {};
  const money = ceiling === undefined || ceiling === Infinity ? "" : `, which may cost up to ${usdText(ceiling)}/h`;
  return {
    path,
    observed: `such that the stack fills none of its nodes at its peak, and no declared workload can use any${money}`,
    allowed: "a pool that workloads fill",
    remedy: "Lower its limits, or remove the pool.",
  };
}

function violation({ number }: NumberedPool, filled: number, size: number, plan: Plan, path: string): Judgement {
  const price = plan.cost.pools[number]?.ceilingPrice?.usdPerHour;
  const rest = size - filled;
  const money = price === undefined ? "" : `, which cost up to ${usdText(price * rest)}/h`;
  return {
    path,
    observed:
      `such that the stack fills ${filled} of ${size} nodes at its peak, and no declared workload can use the ` +
      `other ${rest}${money}`,
    allowed: "at most twice the nodes that workloads fill",
    remedy: filled === 0 ? "Lower the largest size, or remove the pool." : `Lower the largest size to ${filled}.`,
  };
}

/**
 * Nodes of a pool that all pods fill which can run there, though some may run elsewhere; and the sets of which it is not known
 * whether they can, or how many pods they have.
 */
function filledBy({ pool: { name }, number }: NumberedPool, { proofs, packing }: Plan) {
  const placed = proofs.map((proof) => ({
    ...proof,
    perNode: proof.pools.find(({ pool }) => pool === name)?.perNode ?? 0,
  }));
  const doubtful = placed.filter(
    ({ verdict, perNode, count }) => verdict === Verdict.undecided || (perNode > 0 && count === undefined),
  );
  const share = placed.reduce((sum, { perNode, count = 0 }) => sum + (perNode > 0 ? count / perNode : 0), 0);
  const layouts = packing.pools[number]?.layouts ?? [];
  const packed = layouts.reduce((sum, { nodes, pods }) => sum + (pods.length > 0 ? nodes : 0), 0);
  return { nodes: Math.max(packed, Math.ceil(share - SLACK)), doubtful };
}

/** By how much a sum of shares may be off. */
const SLACK = 1e-9;
