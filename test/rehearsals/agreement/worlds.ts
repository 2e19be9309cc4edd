import fc from "fast-check";
import { sometimes } from "../../preflight/differential/arbitraries/chance";
import {
  type Flavor,
  gpusOf,
  isStarted,
  type Namespace,
  type Pods,
  type Pool,
  type Queue,
  type StandingPool,
  type StartedPool,
  type Work,
  type World,
} from "./world";

const GPU = "nvidia.com/gpu";

const standingPool: fc.Arbitrary<StandingPool> = fc
  .record({
    machine: fc.constantFrom<StandingPool["machine"]>("cpu", "gpu1", "gpu4", "gpu4", "gpu8"),
    nodes: fc.integer({ min: 1, max: 3 }),
    isTainted: sometimes(2 / 3, fc.constant(true), false),
  })
  .map((pool) => ({ ...pool, isTainted: pool.isTainted && pool.machine !== "cpu" }));

/** Instance types that nodes of a pool may be of: one, or several with the same GPUs and other CPUs, memory and prices. */
const TYPES: readonly StartedPool["types"][] = [
  ["g4dn.xlarge"],
  ["g5.xlarge", "g5.2xlarge"],
  ["g6.4xlarge", "g4dn.xlarge", "g5.2xlarge"],
  ["g7.12xlarge"],
  ["g5.12xlarge"],
  ["g4dn.12xlarge", "g5.24xlarge"],
  ["g5.48xlarge", "g6.48xlarge"],
];

const startedPool: fc.Arbitrary<StartedPool> = fc.record({
  types: fc.constantFrom(...TYPES),
  nodes: fc.integer({ min: 1, max: 3 }),
  isBoundByGpus: fc.boolean(),
  isTainted: sometimes(5 / 6, fc.constant(true), false),
});

/** What containers ask for: mostly GPUs with some of the rest, sometimes more of the rest than goes with the GPUs. */
const REQUESTS: readonly Pods["requests"][] = [
  { cpu: "1", memory: "2Gi", [GPU]: "1" },
  { cpu: "3", memory: "8Gi", [GPU]: "1" },
  { cpu: "2", memory: "30Gi", [GPU]: "1" },
  { cpu: "4", memory: "16Gi", [GPU]: "2" },
  { cpu: "8", memory: "32Gi", [GPU]: "4" },
  { cpu: "1", memory: "1Gi" },
  { cpu: "3", memory: "4Gi" },
  { cpu: "500m", memory: "12Gi" },
  { cpu: "6", memory: "4Gi" },
];

/** The same for the larger machines of EC2, of whose CPUs GPUs need less. */
const LARGE_REQUESTS: readonly Pods["requests"][] = [
  ...REQUESTS,
  { cpu: "14", memory: "40Gi", [GPU]: "1" },
  { cpu: "40", memory: "100Gi", [GPU]: "2" },
  { cpu: "90", memory: "300Gi", [GPU]: "4" },
  { cpu: "20", memory: "60Gi" },
];

const pods = (pools: readonly Pool[]): fc.Arbitrary<Pods> =>
  fc
    .record({
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 10 })),
      requests: fc.constantFrom(...(pools.some(isStarted) ? LARGE_REQUESTS : REQUESTS)),
      tolerates: sometimes(5 / 6, fc.constant(true), false),
      pool: sometimes(1 / 4, fc.nat({ max: pools.length - 1 }), undefined),
      apart: sometimes(1 / 8, fc.constantFrom<NonNullable<Pods["apart"]>>("one per node", "even"), undefined),
    })
    .map(({ pool, apart, ...rest }) => ({
      ...rest,
      ...(pool !== undefined && { pool }),
      ...(apart !== undefined && { apart }),
    }));

/** So much of what a pool has: nothing, a part, all of it, or more than there is. */
const share = fc.constantFrom(0, 0.5, 0.5, 1, 1, 1, 1, 2);

/** Much more of CPUs and memory than anything asks for, so that GPUs decide; at times less. */
const plenty = sometimes(1 / 5, fc.constantFrom("2", "6"), "1000");
const plentyOfMemory = sometimes(1 / 6, fc.constantFrom("8Gi", "40Gi"), "8000Gi");

function flavor(pools: readonly Pool[], of: number | undefined, inCohort: boolean): fc.Arbitrary<Flavor> {
  const counted = of === undefined ? pools : [pools[of]!];
  const gpus = counted.reduce((sum, pool) => sum + gpusOf(pool), 0);
  const limit = sometimes(inCohort ? 1 / 3 : 0, fc.constantFrom("0", "1", "2", "4"), undefined);
  return fc
    .record({
      share,
      cpu: plenty,
      memory: plentyOfMemory,
      pods: fc.constantFrom("2", "4", "100"),
      borrowing: limit,
      lending: limit,
      taint: fc.constantFrom<Flavor["taint"]>("tolerated", "tolerated", "left", "demanded"),
    })
    .map(({ share, cpu, memory, pods, borrowing, lending, taint }) => {
      const quota = Math.floor(gpus * share);
      return {
        ...(of !== undefined && { pool: of }),
        quotas: { cpu, memory, pods, [GPU]: String(quota) },
        ...(borrowing !== undefined && { borrowingLimit: { [GPU]: borrowing } }),
        ...(lending !== undefined && { lendingLimit: { [GPU]: String(Math.min(Number(lending), quota)) } }),
        taint,
      };
    });
}

const GROUPS: readonly string[][][] = [
  [["cpu", "memory", GPU]],
  [["cpu", "memory", GPU]],
  [["cpu", "memory", GPU]],
  [["cpu", "memory", GPU, "pods"]],
  [[GPU], ["cpu", "memory"]],
];

function queue(pools: readonly Pool[]): fc.Arbitrary<Queue> {
  const ofPools = fc.shuffledSubarray(
    pools.map((_, index): number | undefined => index),
    { minLength: 1 },
  );
  const order = sometimes(1 / 5, fc.constant<(number | undefined)[]>([undefined]), undefined);
  return fc.tuple(ofPools, order, sometimes(1 / 3, fc.constant(true), false)).chain(([some, any, inCohort]) => {
    const flavors = (any ?? some).map((each) => flavor(pools, each, inCohort));
    return fc
      .record({
        groups: sometimes(19 / 20, fc.constantFrom(...GROUPS), [["cpu", GPU]]),
        flavors: fc.tuple(...flavors),
        neighbour: inCohort ? fc.tuple(...flavors) : fc.constant(undefined),
        borrowsLast: sometimes(1 / 4, fc.constant(true), false),
      })
      .map(({ neighbour, ...rest }) => ({ ...rest, ...(neighbour && { neighbour }) }));
  });
}

const quota: fc.Arbitrary<NonNullable<Namespace["quota"]>> = fc.constantFrom<NonNullable<Namespace["quota"]>>(
  { [`requests.${GPU}`]: "2" },
  { [`requests.${GPU}`]: "4" },
  { [`requests.${GPU}`]: "8" },
  { pods: "3" },
  { "requests.cpu": "8" },
);

const work = (pools: readonly Pool[], names: readonly (string | undefined)[]): fc.Arbitrary<Work> =>
  fc
    .record({
      kind: fc.constantFrom<Work["kind"]>(
        "Job",
        "Job",
        "Job",
        "Indexed Job",
        "JobSet",
        "Deployment",
        "Deployment",
        "StatefulSet",
        "Pod",
      ),
      sets: fc.tuple(pods(pools), pods(pools)),
      isDouble: fc.boolean(),
      queue: fc.constantFrom(...names),
      leastPods: sometimes(1 / 6, fc.integer({ min: 1, max: 4 }), undefined),
    })
    .map(({ kind, sets: [first, second], isDouble, queue, leastPods }) => {
      const of = kind === "Pod" ? { ...first, count: 1 } : first;
      return {
        kind,
        sets: kind === "JobSet" && isDouble ? [of, second] : [of],
        ...(queue !== undefined && { queue }),
        ...(leastPods !== undefined && kind === "Job" && leastPods < of.count && { leastPods }),
      };
    });

/** Environments of some pools, a part of them with a queue, each with one workload. */
const worldsOf = (some: fc.Arbitrary<Pool[]>, queued: number): fc.Arbitrary<World> =>
  some.chain((pools) =>
    fc
      .record({
        queue: sometimes(queued, queue(pools), undefined),
        isQueued: sometimes(9 / 10, fc.constant(true), false),
        localQueue: sometimes(1 / 2, fc.constant("default"), "team"),
        quota: sometimes(1 / 5, quota, undefined),
      })
      .chain(({ queue, isQueued, localQueue, quota }) => {
        const hasQueue = queue !== undefined;
        const names = hasQueue ? [...Array<string>(16).fill(localQueue), undefined, "nobody"] : [undefined];
        return work(pools, names).map((work): World => {
          return {
            pools,
            ...(queue && { queue }),
            namespace: { isQueued: isQueued && hasQueue, localQueue, ...(quota && { quota }) },
            work,
          };
        });
      }),
  );

/** Environments of one to three pools whose nodes are there. */
export const standingWorlds = worldsOf(fc.array(standingPool, { minLength: 1, maxLength: 3 }), 4 / 5);

/** Environments of one to three pools, of at least one of which Karpenter starts the nodes. */
export const startedWorlds = worldsOf(
  fc
    .array(fc.oneof({ weight: 4, arbitrary: startedPool }, { weight: 1, arbitrary: standingPool }), {
      minLength: 1,
      maxLength: 3,
    })
    .filter((pools) => pools.some(isStarted)),
  1 / 2,
);

/** Every type that a node may be of which Karpenter starts: it reads once which there are. */
export const STARTED_TYPES = TYPES;
