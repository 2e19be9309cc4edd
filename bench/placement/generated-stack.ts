import { QUEUE_LABEL, type TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";
import { generatedObject } from "./generated-object";
import { nodeGroup, nodePool, type PoolSize } from "./generated-pools";
import { generatedQueue, QUEUE } from "./generated-queue";

/** How large a stack is. */
export interface StackSize {
  /** Jobs, each with one set of pods. */
  sets: number;
  /** Node groups, and NodePools of Karpenter. */
  pools: number;
  /** Pods of each job. */
  podsPerSet: number;
  /** Nodes of each pool; by default none at least, and about as many at most as the pods need. */
  nodes?: PoolSize;
  /** How many of the pools are NodePools of several instance types; none by default. */
  nodePools?: number;
  /** Flavors of the queue in which all jobs wait; none by default, and no queue. */
  flavors?: number;
}

/** Nodes that all pools together may have for each pod, so that stacks of all sizes are about as full. */
const NODES_PER_POD = 0.5;

/** One job in so many has rules between its pods. */
const RULED = 50;

/** Jobs are of so many namespaces in turn. */
const NAMESPACES = Array.from({ length: 20 }, (_, index) => `team-${index}`);

/** Pools and jobs of every size, always the same: no two jobs ask for quite the same. */
export function generatedStack(stack: StackSize): PlannedResource[] {
  const { sets, pools, podsPerSet, nodePools = 0, flavors = 0 } = stack;
  const random = seeded(8);
  const pods = sets * podsPerSet;
  const size = stack.nodes ?? { least: 0, most: Math.ceil((pods * NODES_PER_POD) / pools) };
  // Pools of both sorts take turns, as far as there are any.
  const poolsUpTo = (index: number) => Math.floor((index * nodePools) / pools);
  return [
    ...Array.from({ length: pools }, (_, index) =>
      poolsUpTo(index + 1) > poolsUpTo(index) ? nodePool(index, size) : nodeGroup(index, size),
    ),
    ...(flavors === 0 ? [] : generatedQueue(flavors, pods, NAMESPACES)),
    ...Array.from({ length: sets }, (_, index) => job(index, stack, random)),
  ];
}

function job(index: number, stack: StackSize, random: (below: number) => number): PlannedResource {
  const { podsPerSet: parallelism, pools, flavors = 0 } = stack;
  const gpus = [0, 1, 1, 2, 4, 8][random(6)]!;
  const app = `job-${index}`;
  return generatedObject(
    {
      apiVersion: "batch/v1",
      kind: "Job",
      name: app,
      namespace: NAMESPACES[index % NAMESPACES.length]!,
      labels: flavors === 0 ? {} : { [QUEUE_LABEL]: QUEUE },
    },
    {
      parallelism,
      completions: parallelism,
      template: {
        metadata: { labels: { app } },
        spec: { restartPolicy: "Never", ...podSpec(index, gpus, pools, random) },
      },
    },
  );
}

function podSpec(index: number, gpus: number, pools: number, random: (below: number) => number): TreeObject {
  const cpu = `${100 + random(Math.max(1, gpus) * 3000)}m`;
  const memory = `${256 + random(Math.max(1, gpus) * 8000)}Mi`;
  const devices: TreeObject = gpus === 0 ? {} : { "nvidia.com/gpu": gpus };
  const group = random(pools);
  const selector = [{}, { "mlstack.dev/pool": `pool-${group}` }, { "mlstack.dev/gpu-model": "a10g" }][random(3)]!;
  return {
    containers: [
      { name: "main", image: "example/train:1", resources: { requests: { cpu, memory, ...devices }, limits: devices } },
    ],
    ...(gpus === 0 ? {} : { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }] }),
    ...(gpus === 0 ? {} : { nodeSelector: selector }),
    ...(index % RULED === 0 ? rules(`job-${index}`, index % (2 * RULED) === 0) : {}),
  };
}

/** Pods that keep apart, or are spread evenly over nodes. */
function rules(app: string, areApart: boolean): TreeObject {
  const labelSelector = { matchLabels: { app } };
  const topologyKey = "kubernetes.io/hostname";
  if (!areApart) {
    return {
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey, whenUnsatisfiable: "DoNotSchedule", labelSelector }],
    };
  }
  const term = { labelSelector, topologyKey };
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
}

/** Whole numbers below a bound, the same ones for the same seed: a generator of Lehmer's with the modulus 2^31 - 1. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
