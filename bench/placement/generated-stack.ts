import type { TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";

/** How large a stack is. */
export interface StackSize {
  /** Jobs, each with one set of pods. */
  sets: number;
  /** Node groups. */
  pools: number;
  /** Pods of each job. */
  podsPerSet: number;
  /** Nodes of each group; by default none at least, and about as many at most as the pods need. */
  nodes?: { least: number; most: number };
}

/** Machines of node groups, and the GPUs of each. */
const MACHINES = [
  { type: "g5.xlarge", gpus: 1, model: "a10g" },
  { type: "g5.12xlarge", gpus: 4, model: "a10g" },
  { type: "g6.12xlarge", gpus: 4, model: "l4" },
  { type: "p4d.24xlarge", gpus: 8, model: "a100" },
  { type: "m7i.4xlarge", gpus: 0, model: undefined },
] as const;

/** Nodes that all groups together may have for each pod, so that stacks of all sizes are about as full. */
const NODES_PER_POD = 0.5;

/** One job in so many has rules between its pods. */
const RULED = 50;

/** Node groups and jobs of every size, always the same: no two jobs ask for quite the same. */
export function generatedStack({ sets, pools, podsPerSet, nodes }: StackSize): PlannedResource[] {
  const random = seeded(8);
  const size = nodes ?? { least: 0, most: Math.ceil((sets * podsPerSet * NODES_PER_POD) / pools) };
  return [
    ...Array.from({ length: pools }, (_, index) => nodeGroup(index, size)),
    ...Array.from({ length: sets }, (_, index) => job(index, pools, podsPerSet, random)),
  ];
}

function nodeGroup(index: number, { least, most }: { least: number; most: number }): PlannedResource {
  const { type, gpus, model } = MACHINES[index % MACHINES.length]!;
  return {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: `pool-${index}`,
    urn: `urn:pulumi:bench::mlstack::aws:eks/nodeGroup:NodeGroup::pool-${index}`,
    properties: {
      instanceTypes: [type],
      labels: {
        "mlstack.dev/pool": `pool-${index}`,
        ...(model === undefined ? {} : { "mlstack.dev/gpu-model": model }),
      },
      taints: gpus === 0 ? [] : [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
      scalingConfig: { minSize: least, maxSize: most, desiredSize: least },
      diskSize: 200,
    },
  };
}

function job(index: number, pools: number, parallelism: number, random: (below: number) => number): PlannedResource {
  const gpus = [0, 1, 1, 2, 4, 8][random(6)]!;
  const name = `job-${index}`;
  return {
    type: "kubernetes:batch/v1:Job",
    name,
    urn: `urn:pulumi:bench::mlstack::kubernetes:batch/v1:Job::${name}`,
    properties: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: `team-${index % 20}` },
      spec: {
        parallelism,
        completions: parallelism,
        template: {
          metadata: { labels: { app: name } },
          spec: { restartPolicy: "Never", ...podSpec(index, gpus, pools, random) },
        },
      },
    },
  };
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
