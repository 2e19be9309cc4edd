import {
  gpuInstanceType,
  gpuInstanceTypes,
  GPU_RESOURCE,
  isUnknown,
  nodeResources,
  tryParseQuantity,
  containersOf,
  nodeAt,
  type GpuInstanceType,
} from "../../../../components/model";
import { wholeNumber } from "../../../engine/parameters";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { gangPath, gangsOf, podDemandOf, type Gang } from "../../stack/gang";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { mayRunOn } from "../../stack/node-selection";
import { madePools, poolEnd } from "../layers/layer-end";
import { planRule } from "../proofs/plan-rule";
import type { PlannedStack } from "../proofs/stack-plan";
import { marketsOf, region, type MachineMarket } from "./machine-market";

const dearer = wholeNumber("how many per cent more than the small machines the large one may cost, from 0", 25, 0);

const FACTS: RuleFacts<{ region: string; dearer: number }> = {
  id: "ADV-01",
  title: "Pods that need each other share one machine where there is one for them all",
  why: "GPUs of one machine exchange data many times faster than those of several, and start and fail together.",
  remediation: "Give the job one pod with all its GPUs, on a machine that has them.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: { region, dearer },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { instanceTypes: [g5.2xlarge] }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 4
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { instanceTypes: [g5.12xlarge] }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 1
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 4 } }
`,
  },
};

/**
 * ADV-01: pods that work together on several small machines would fit on one that is hardly dearer.
 *
 * The large machine has the same GPUs. Only pods whose pools have machines of one type are judged, and only types
 * with a price compared: the one at which the plan counts the small machines, on spot capacity or on demand, and that at
 * which it would count the large one in their place.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html
 */
export const oneMachine = planRule(FACTS, judgedGangs);

/** What the pods of a stack have to run on, and at which prices. */
interface Surroundings {
  stack: StackPools;
  marketOf: (pool: StackPool) => MachineMarket;
  /** Per cent by which the large machine may be dearer. */
  dearer: number;
}

function* judgedGangs(
  subjects: Subject[],
  { region: otherwise, dearer: margin }: { region: string; dearer: number },
  plannedStack: () => PlannedStack,
): Iterable<[Subject, Judgement]> {
  const stack = stackPoolsOf(subjects);
  if (stack.isOpen) return;
  const surroundings = { stack, marketOf: marketsOf(plannedStack(), otherwise), dearer: margin };
  for (const subject of subjects) {
    for (const gang of gangsOf(subject)) {
      for (const judgement of judgeGang(gang, surroundings)) yield [subject, judgement];
    }
  }
}

function* judgeGang(gang: Gang, surroundings: Surroundings): Iterable<Judgement> {
  const { stack } = surroundings;
  if (gang.gpuPods < 2 && gang.unknownPath === undefined) return;
  const asking = gang.sets.filter((pods) => gpusOf(pods) > 0);
  const sets = asking.length === 0 ? gang.sets : asking;
  const pools = madePools(stack).filter((pool) => sets.every((pods) => mayRunOn(pods, pool, stack) !== false));
  const [pool] = pools;
  if (pool === undefined) return;
  if (gang.unknownPath !== undefined || !pools.every((each) => isCertain(each, sets, stack))) {
    yield undecided(gang.unknownPath ?? gangPath(gang, GPU_RESOURCE));
    return;
  }
  const small = onlyTypeOf(pools);
  if (small === undefined) return;
  const machines = machinesFor(gang, sets, small);
  if (machines < 2) return;
  const large = largeFor(gang, { small, machines, pool }, surroundings);
  if (large !== undefined) yield advice(gang, { small, machines, pool, large }, surroundings);
}

/** Whether all of some pods run on a pool for certain, and its machines are known. */
function isCertain(pool: StackPool, sets: PodGroup[], stack: StackPools): boolean {
  const { instanceTypes = [] } = pool.shape;
  if (isUnknown(instanceTypes) || instanceTypes.some(isUnknown)) return false;
  return sets.every((pods) => mayRunOn(pods, pool, stack) === true);
}

/** The type of all machines of some pools; undefined where there are several, or one that no table has. */
function onlyTypeOf(pools: StackPool[]): GpuInstanceType | undefined {
  const [name, ...others] = new Set(pools.flatMap(({ shape: { instanceTypes = [] } }) => instanceTypes));
  return others.length > 0 ? undefined : gpuInstanceType(String(name));
}

function gpusOf(pods: PodGroup): number {
  return podDemandOf(pods).amounts.get(GPU_RESOURCE) ?? 0;
}

/** Machines of one type in a pool, and the one that takes their place. */
interface Change {
  small: GpuInstanceType;
  machines: number;
  pool: StackPool;
  large: Candidate;
}

/** A machine that holds all pods, and the pool of the stack that has such machines, if any. */
interface Candidate {
  type: GpuInstanceType;
  usd: number;
  pool: StackPool | undefined;
}

function advice(gang: Gang, { small, machines, pool, large }: Change, { marketOf }: Surroundings): Judgement {
  const total = gang.demand.get(GPU_RESOURCE) ?? 0;
  const { instanceType, gpuCount } = large.type;
  const market = marketOf(pool);
  const largeMarket = marketOf(large.pool ?? pool);
  const owner = large.pool === undefined ? "" : `, which ${poolEnd(large.pool, "machines")} has`;
  return {
    path: gangPath(gang, GPU_RESOURCE),
    observed:
      `${gang.gpuPods} pods with ${total} GPUs on ${machines} machines ${small.instanceType} ` +
      `${market.priceText((market.usdOf(small.instanceType) ?? 0) * machines)} in ${market.region} (${poolEnd(pool, "machines")})`,
    allowed: `one machine ${instanceType} with ${gpuCount} GPUs ${largeMarket.priceText(large.usd)}${owner}`,
    remedy: `Take one pod with ${total} GPUs on ${instanceType}.`,
  };
}

/**
 * The least number of machines that hold the pods; 0 where one does not hold one of them, or they are not all alike.
 */
function machinesFor({ demand, gpuPods }: Gang, sets: PodGroup[], { gpuCount }: GpuInstanceType): number {
  const [gpus = 0, ...others] = new Set(sets.map(gpusOf));
  if (gpus > gpuCount || others.length > 0 || demand.size > 1) return 0;
  return Math.ceil(gpuPods / Math.floor(gpuCount / gpus));
}

/**
 * The machine with the same GPUs that holds all pods, and costs hardly more than the small ones: one that a pool of the
 * stack has, or else the cheapest.
 */
function largeFor(
  gang: Gang,
  { small, machines, pool: own }: Omit<Change, "large">,
  { stack, marketOf, dearer: margin }: Surroundings,
): Candidate | undefined {
  const total = gang.demand.get(GPU_RESOURCE) ?? 0;
  const market = marketOf(own);
  const most = ((market.usdOf(small.instanceType) ?? 0) * machines * (100 + margin)) / 100;
  const candidates = gpuInstanceTypes()
    .filter((type) => type.gpuModel === small.gpuModel && type.gpuCount >= total && holds(type, gang))
    .map((type): Candidate => {
      const pool = madePools(stack).find(({ shape }) => hasOnly(shape, type));
      const usd = (pool === undefined ? market : marketOf(pool)).usdOf(type.instanceType) ?? Infinity;
      return { type, usd, pool };
    })
    .filter(({ usd }) => usd <= most)
    .sort((a, b) => a.usd - b.usd);
  return candidates.find(({ pool }) => pool !== undefined) ?? candidates[0];
}

function hasOnly({ instanceTypes }: StackPool["shape"], { instanceType }: GpuInstanceType): boolean {
  return Array.isArray(instanceTypes) && instanceTypes.every((each) => each === instanceType);
}

/** Whether the CPUs and the memory of a machine suffice for what the pods ask for together. */
function holds({ vcpus, memoryGib }: GpuInstanceType, { sets }: Gang): boolean {
  const devices = { ephemeralStorageGib: 0, gpusPerNode: 0, efaInterfaces: 0 };
  const { allocatable } = nodeResources({ vcpus, memoryGib, ...devices });
  return ["cpu", "memory"].every((resource) => {
    const asked = sets.reduce((sum, pods) => sum + requestOf(pods, resource) * BigInt(pods.minCount), 0n);
    return asked <= (tryParseQuantity(allocatable[resource]) ?? 0n);
  });
}

function requestOf(pods: PodGroup, resource: string): bigint {
  return containersOf(pods).reduce((sum, { container }) => {
    const amounts = nodeAt(container, "resources");
    const [request, limit] = ["requests", "limits"].map((side) =>
      tryParseQuantity(nodeAt(amounts, side + "." + resource)),
    );
    return sum + (request ?? limit ?? 0n);
  }, 0n);
}
