import type { PodSet, Tree } from "../../../components/model";
import type { Queue, QueueFlavor, ResourceGroup } from "../../../preflight/demand/queue";
import type { QueueCeiling } from "../../../preflight/demand/queue-ceilings";
import type { DemandedPodSet, Timing, Workload } from "../../../preflight/demand/workload";
import { proofsOf, type Limits, type PlacementProof } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools/planned-pool";
import type { LabelRequirement, PodTerm, SchedulablePod, SpreadConstraint } from "../../../preflight/scheduling/pod";

export const GIB = 1024 ** 3;

/** What tests say of a pool; CPUs and GiB rather than millicores and bytes. */
export interface PoolArgs extends Partial<Omit<PlannedPool, "free" | "shape">> {
  name: string;
  shape?: PlannedPool["shape"];
  cpus?: number;
  memoryGib?: number;
  gpus?: number;
  pods?: number;
  more?: Record<string, number>;
  labels?: Record<string, string>;
  taints?: PlannedPool["shape"]["taints"] & object;
}

/** A pool of nodes with 16 CPUs, 64 GiB and 110 pods, of which there is one at most. */
export function pool(args: PoolArgs): PlannedPool {
  const {
    name,
    cpus = 16,
    memoryGib = 64,
    gpus = 0,
    pods = 110,
    more = {},
    labels = {},
    taints = [],
    shape,
    ...rest
  } = args;
  const free = new Map<string, number>([
    ["cpu", cpus * 1000],
    ["memory", memoryGib * GIB],
    ["pods", pods],
    ...(gpus > 0 ? [["nvidia.com/gpu", gpus] as const] : []),
    ...Object.entries(more),
  ]);
  return {
    name,
    resources: [`urn:${name}`],
    shape: { name, ...(gpus > 0 ? { gpuResource: "nvidia.com/gpu", gpusPerNode: gpus } : {}), ...shape },
    minNodes: 0,
    maxNodes: 1,
    zones: [""],
    daemons: [],
    unknowns: [],
    openLabels: [],
    free,
    nodeAt: (zone, number) => ({
      name: `${name}-${number}`,
      labels: {
        "kubernetes.io/os": "linux",
        "mlstack.dev/pool": name,
        "kubernetes.io/hostname": `${name}-${number}`,
        ...(zone === "" ? {} : { "topology.kubernetes.io/zone": zone }),
        ...labels,
      },
      taints: Array.isArray(taints) ? (taints as never) : [],
      allocatable: free,
    }),
    ...rest,
  };
}

/** What tests say of a pod. */
export interface PodArgs extends Partial<Omit<SchedulablePod, "nodeSelector" | "requests">> {
  cpus?: number;
  memoryGib?: number;
  gpus?: number;
  more?: Record<string, number>;
  nodeSelector?: Record<string, string>;
}

/** A pod that asks for 1 CPU. */
export function pod({
  cpus = 1,
  memoryGib = 0,
  gpus = 0,
  more = {},
  nodeSelector = {},
  ...rest
}: PodArgs = {}): SchedulablePod {
  return {
    namespace: "ml",
    labels: {},
    requests: new Map([
      ["pods", 1],
      ["cpu", cpus * 1000],
      ...(memoryGib > 0 ? [["memory", memoryGib * GIB] as const] : []),
      ...(gpus > 0 ? [["nvidia.com/gpu", gpus] as const] : []),
      ...Object.entries(more),
    ]),
    nodeName: undefined,
    nodeSelector: Object.entries(nodeSelector),
    nodeTerms: undefined,
    tolerations: [],
    hostPorts: [],
    affinity: [],
    antiAffinity: [],
    spread: [],
    volumes: [],
    unknownPaths: [],
    ...rest,
  };
}

/** What tests say of a set of pods beyond its pods. */
export interface SetArgs {
  count?: number | undefined;
  minCount?: number;
  gang?: string;
  role?: string;
  annotations?: Record<string, Tree>;
  priority?: number;
  /** Pods that a queue admits at once, at least and at most. */
  admitted?: readonly [least: number, most: number];
}

/** One pod by default; a job whose pods run at once or not. */
export function set(title: string, of: SchedulablePod, args: SetArgs = {}): DemandedPodSet {
  const { minCount = 1, gang, role, annotations, priority = 0, admitted } = args;
  const count = "count" in args ? args.count : Math.max(1, minCount);
  const podSet: PodSet = {
    path: "spec.template",
    count,
    minCount,
    template: { metadata: annotations === undefined ? {} : { annotations }, spec: {} },
    ...(gang === undefined ? {} : { gang }),
    ...(role === undefined ? {} : { role }),
  };
  const whole = admitted === undefined ? {} : { admittedCount: admitted[0], admittedMost: admitted[1] };
  return { podSet, title, pod: of, count, minCount, priority, ...whole };
}

/** A workload that has these sets of pods. */
export function workload(
  title: string,
  podSets: DemandedPodSet[],
  {
    kind = "once",
    clusterQueue,
    namespace = "ml",
  }: { kind?: Timing["kind"]; clusterQueue?: string; namespace?: string } = {},
): Workload {
  return {
    resource: { type: "kubernetes:batch/v1:Job", name: title, urn: `urn:${title}`, properties: {} },
    title,
    namespace,
    tenant: undefined,
    clusterQueue,
    podSets,
    timing: { kind },
  };
}

/** A workload with one set of pods. */
export function job(
  title: string,
  of: SchedulablePod,
  args: SetArgs = {},
  more: Parameters<typeof workload>[2] = {},
): Workload {
  return workload(title, [set(title, of, args)], more);
}

export const HOST = "kubernetes.io/hostname";
export const ZONE = "topology.kubernetes.io/zone";

/** A selector of pods with one label. */
export function having(key: string, value: string): LabelRequirement[] {
  return [{ key, operator: "In", values: [value] }];
}

/** A term about pods of the same namespace with the label `app`. */
export function near(app: string, topologyKey = HOST): PodTerm {
  return { topologyKey, selector: having("app", app), namespaces: [], namespaceSelector: undefined };
}

/** A spread of pods with the label `app`. */
export function spread(app: string, topologyKey: string, maxSkew = 1): SpreadConstraint {
  return {
    topologyKey,
    maxSkew,
    minDomains: 1,
    selector: having("app", app),
    honorNodeAffinity: true,
    honorTaints: false,
  };
}

/** Tolerates whatever keeps pods without GPUs away. */
export const TOLERANT = {
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" as const, value: "", effect: "" }],
};

/** A pool of machines with four GPUs, in two zones, with a taint and a DaemonSet; three nodes at most. */
export function train(more: Partial<PoolArgs> = {}): PlannedPool {
  return pool({
    name: "train",
    gpus: 4,
    cpus: 47.6,
    memoryGib: 170,
    maxNodes: 3,
    zones: ["eu-1a", "eu-1b"],
    shape: {
      instanceType: "g5.12xlarge",
      gpuResource: "nvidia.com/gpu",
      gpusPerNode: 4,
      vcpus: 48,
      memoryGib: 192,
      gpuMemoryMib: 22_888,
    },
    labels: { "kubernetes.io/arch": "amd64", "mlstack.dev/gpu-model": "a10g" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    daemons: [{ daemon: "DaemonSet kube-system/device-plugin", requests: new Map([["memory", GIB]]) }],
    ...more,
  });
}

/** A pool of small machines without GPUs, in two zones; two nodes at least and three at most. */
export function system(more: Partial<PoolArgs> = {}): PlannedPool {
  return pool({
    name: "system",
    cpus: 4,
    memoryGib: 16,
    minNodes: 2,
    maxNodes: 3,
    zones: ["eu-1a", "eu-1b"],
    labels: { "kubernetes.io/arch": "amd64" },
    ...more,
  });
}

/** The verdict on a workload with one set of pods, which waits in the queue `research` where there is one. */
export function proofOf(of: PodArgs, args: SetArgs, pools: PlannedPool[], limits?: Limits): PlacementProof {
  return proofsOf([job("Job ml/a", pod(of), args, { clusterQueue: "research" })], pools, limits)[0]!;
}

/** Pods with three GPUs, which tolerate what keeps pods without any away. */
export const GPU = { gpus: 3, ...TOLERANT };

/** What tests say of a flavor: what a queue has by it of each resource, without bound where nothing is said. */
export interface FlavorArgs extends Partial<Omit<QueueFlavor, "quotaOf">> {
  name: string;
  /** What it can have at most; its own quota as well, where nothing else is said. */
  most?: Readonly<Record<string, QueueCeiling>>;
  own?: Readonly<Record<string, number>>;
  kept?: Readonly<Record<string, number>>;
}

/** A flavor that is of the nodes of the pool of its name. */
export function flavor({ most = {}, own = {}, kept = {}, ...more }: FlavorArgs): QueueFlavor {
  return {
    nodeLabels: { "mlstack.dev/pool": more.name },
    taints: [],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
    quotaOf: (resource) => ({
      nominal: own[resource] ?? most[resource] ?? 1e9,
      most: most[resource],
      kept: kept[resource] ?? 0,
    }),
    ...more,
  };
}

/** A queue that covers CPUs, memory and GPUs together. */
export function queue(flavors: ResourceGroup["flavors"], more: Partial<Queue> = {}): Queue {
  return {
    name: "research",
    groups: [{ resources: ["cpu", "memory", "nvidia.com/gpu"], isOpen: false, flavors }],
    cohort: undefined,
    borrowsLast: false,
    counts: () => true,
    refusesUncovered: true,
    ...more,
  };
}

/** A stack with some queues. */
export function inQueues(...queues: Queue[]): Limits {
  return { queues: { queueOf: (name) => queues.find((each) => each.name === name) } };
}

/** A stack with the queue `research`, whose only flavor is of any nodes and has so much of each resource. */
export function plainQueue(most: FlavorArgs["most"]): Limits {
  return inQueues(queue([flavor({ name: "any", nodeLabels: {}, tolerations: [], ...(most && { most }) })]));
}
