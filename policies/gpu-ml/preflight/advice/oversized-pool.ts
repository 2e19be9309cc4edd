import {
  gpuInstanceType,
  gpuInstanceTypes,
  GPU_RESOURCE,
  isUnknown,
  type GpuInstanceType,
} from "../../../../components/model";
import { undecided, type Judgement, type RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { podDemandOf } from "../../stack/gang";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { mayRunOn } from "../../stack/node-selection";
import { sharesGpus } from "../../stack/pool-ceiling";
import { unqueuedPools } from "../layers/flavors";
import { poolPath } from "../layers/layer-end";
import { planRule } from "../proofs/plan-rule";
import type { PlannedStack } from "../proofs/stack-plan";
import { marketsOf, region, type MachineMarket } from "./machine-market";

const FACTS: RuleFacts<{ region: string }> = {
  id: "ADV-02",
  title: "Machines with several GPUs have work for more than a quarter of them",
  why: "A machine is paid for as a whole, and the GPUs that no pod asks for cost as much as those that work.",
  remediation: "Choose the smaller size of the same family for the pool.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: { region },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [g5.12xlarge] }
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
properties: { instanceTypes: [g5.xlarge] }
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
 * ADV-02, of machines: those of a pool are not far larger than what the stack runs on them: no pod needs more than a quarter of
 * the GPUs of one, and all together no more than half.
 *
 * Pools of a queue's flavor are left alone, as work comes there from elsewhere, and so are GPUs that are shared. Prices are those at which a plan counts the pool.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/ (v1.14)
 */
export const oversizedPool = planRule(FACTS, judgedPools);

function* judgedPools(
  subjects: Subject[],
  { region: otherwise }: { region: string },
  plannedStack: () => PlannedStack,
): Iterable<[Subject, Judgement]> {
  const stack = stackPoolsOf(subjects);
  if (stack.isOpen || subjects.some(sharesGpus)) return;
  const marketOf = marketsOf(plannedStack(), otherwise);
  for (const pool of unqueuedPools(subjects, stack)) {
    for (const judgement of judgePool(pool, subjects, stack, marketOf(pool))) yield [pool.subject, judgement];
  }
}

/** What the pods of a stack need of a pool. */
interface Use {
  /** GPUs of the pod with the most. */
  most: number;
  /** GPUs of all pods; infinite where it is not known how many there are. */
  total: number;
  /** Whether more may be needed that is not known yet. */
  isVague: boolean;
}

function* judgePool(
  pool: StackPool,
  subjects: Subject[],
  stack: StackPools,
  market: MachineMarket,
): Iterable<Judgement> {
  const path = poolPath(pool, "machines");
  const { instanceTypes = [] } = pool.shape;
  if (isUnknown(instanceTypes) || instanceTypes.some(isUnknown)) {
    if (useOf(pool, subjects, stack).most > 0) yield undecided(path);
    return;
  }
  const [name] = instanceTypes;
  const type = instanceTypes.length === 1 ? gpuInstanceType(name as string) : undefined;
  if (type === undefined) return;
  const { most, total, isVague } = useOf(pool, subjects, stack);
  const smaller = smallerThan(type, most, market);
  if (most * 4 > type.gpuCount || total * 2 > type.gpuCount || smaller === undefined) return;
  if (isVague) yield undecided(path);
  else if (most > 0) {
    const priceOf = ({ instanceType }: GpuInstanceType) => market.priceText(market.usdOf(instanceType) ?? 0);
    yield {
      path,
      observed:
        `${type.instanceType} with ${type.gpuCount} GPUs ${priceOf(type)} in ` +
        `${market.region}, of which pods of the stack use ${total}`,
      allowed:
        `machines whose GPUs are used, such as ${smaller.instanceType} with ${gpus(smaller.gpuCount)} ` +
        priceOf(smaller),
      remedy: `Choose ${smaller.instanceType}.`,
    };
  }
}

function useOf(pool: StackPool, subjects: Subject[], stack: StackPools): Use {
  const use: Use = { most: 0, total: 0, isVague: false };
  for (const { pods: all } of subjects) {
    for (const pods of all) {
      const { amounts, unknownPath } = podDemandOf(pods);
      const asked = amounts.get(GPU_RESOURCE) ?? 0;
      const runs = asked === 0 && unknownPath === undefined ? false : mayRunOn(pods, pool, stack);
      if (runs === false || pods.count === 0) continue;
      if (isUnknown(runs) || unknownPath !== undefined) use.isVague = true;
      use.most = Math.max(use.most, asked);
      use.total += asked * (pods.count ?? Infinity);
    }
  }
  return use;
}

/** The cheapest machine with the same GPUs, and enough of them for the largest pod. */
function smallerThan(type: GpuInstanceType, most: number, { usdOf }: MachineMarket): GpuInstanceType | undefined {
  const price = usdOf(type.instanceType) ?? 0;
  return gpuInstanceTypes()
    .filter(({ gpuModel }) => gpuModel === type.gpuModel)
    .filter(({ gpuCount }) => gpuCount >= Math.max(1, most) && gpuCount < type.gpuCount)
    .map((each) => ({ each, usd: usdOf(each.instanceType) ?? Infinity }))
    .filter(({ usd }) => usd < price)
    .sort((a, b) => a.usd - b.usd)[0]?.each;
}

function gpus(count: number): string {
  return count === 1 ? "1 GPU" : `${count} GPUs`;
}
