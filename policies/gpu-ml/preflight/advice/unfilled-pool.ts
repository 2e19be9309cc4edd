import { isUnknown } from "../../../../components/model";
import { asksForGpus, usdText } from "../../../../preflight/cost";
import type { Plan } from "../../../../preflight/plan";
import { Verdict } from "../../../../preflight/placement";
import type { PlannedPool } from "../../../../preflight/pools";
import type { Judgement, RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { gpusOfNode } from "../../stack/pool-ceiling";
import { stackPoolsOf } from "../../stack/node-labels";
import { flavorsOf, poolsOf } from "../layers/flavors";
import { madePools, poolPath } from "../layers/layer-end";
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
 * ADV-02, of the size of pools: all pods that can run on a pool, at the peak of all of them, fill at least half of its nodes.
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
  { plan }: PlannedStack,
): Iterable<[Subject, Judgement]> {
  const stack = stackPoolsOf(subjects);
  const hasWork = plan.workloads.some(({ podSets }) => podSets.some(asksForGpus));
  if (stack.isOpen || !hasWork) return;
  const queued = new Set(flavorsOf(subjects).flatMap((flavor) => poolsOf(flavor, stack).map(({ pool }) => pool)));
  for (const pool of madePools(stack).filter((each) => !queued.has(each))) {
    const planned = plannedPoolOf(pool.subject, plan);
    const gpus = gpusOfNode(pool.shape);
    const isOfGpus = !isUnknown(gpus) && gpus > 0 && gpus < Infinity;
    if (planned === undefined || !isOfGpus) continue;
    const judgement = judgeSize(planned.pool, planned.number, plan, poolPath(pool, "size"));
    if (judgement !== undefined) yield [pool.subject, judgement];
  }
}

function judgeSize(pool: PlannedPool, number: number, plan: Plan, path: string): Judgement | undefined {
  const { minNodes, maxNodes, unknowns } = pool;
  const filled = filledNodes(pool, number, plan);
  const isVague = unknowns.some(({ property }) => property === "minNodes" || property === "maxNodes");
  if (maxNodes === undefined || minNodes === maxNodes || isVague) return undefined;
  if (filled === undefined || filled * 2 >= maxNodes) return undefined;
  const price = plan.cost.pools[number]?.ceilingPrice?.usdPerHour;
  const rest = maxNodes - filled;
  const money = price === undefined ? "" : `, which cost up to ${usdText(price * rest)}/h`;
  return {
    path,
    observed:
      `such that the stack fills ${filled} of ${maxNodes} nodes at its peak, and no declared workload can use the ` +
      `other ${rest}${money}`,
    allowed: "at most twice the nodes that workloads fill",
    remedy: filled === 0 ? "Lower it, or remove the pool." : `Lower it to ${filled}.`,
  };
}

/**
 * Nodes of a pool that all pods which can run there fill, though some may run elsewhere; undefined where that is not known.
 */
function filledNodes({ name }: PlannedPool, number: number, { proofs, packing }: Plan): number | undefined {
  let share = 0;
  for (const { verdict, pools, count } of proofs) {
    const { perNode = 0 } = pools.find(({ pool }) => pool === name) ?? {};
    if (verdict === Verdict.undecided || (perNode > 0 && count === undefined)) return undefined;
    if (perNode > 0) share += count! / perNode;
  }
  const layouts = packing.pools[number]?.layouts ?? [];
  const packed = layouts.reduce((sum, { nodes, pods }) => sum + (pods.length > 0 ? nodes : 0), 0);
  return Math.max(packed, Math.ceil(share - SLACK));
}

/** By how much a sum of shares may be off. */
const SLACK = 1e-9;
