import type { ToldPoolShape, TreeObject } from "../../../components/model";
import { costOf, type CostInput, type PoolCost, type StackCost } from "../../../preflight/cost";
import type { DemandedPodSet, Timing, Workload } from "../../../preflight/demand";
import type { PlacementProof } from "../../../preflight/placement/proof";
import type { PlannedResource } from "../../../preflight/planned-resource";
import type { PlannedPool } from "../../../preflight/pools/planned-pool";

const GIB = 1024 ** 3;

/** What an empty node of a `g5.12xlarge` has in these tests. */
export const FOUR_GPUS = { cpu: 48_000, memory: 192 * GIB, pods: 100, "nvidia.com/gpu": 4 };

/** A pool of machines with four GPUs each, on demand in us-east-1, of none to four nodes. */
export function pool(
  overrides: Omit<Partial<PlannedPool>, "free"> & {
    free?: Record<string, number>;
    labels?: Record<string, string>;
  } = {},
): PlannedPool {
  const { free = FOUR_GPUS, labels = {}, name = "training", shape = {}, ...others } = overrides;
  const told: ToldPoolShape = {
    instanceTypes: ["g5.12xlarge"],
    instanceType: "g5.12xlarge",
    capacityType: "on-demand",
  };
  const allocatable = new Map(Object.entries(free));
  return {
    name,
    resources: [poolUrn(name)],
    shape: { ...told, ...shape },
    minNodes: 0,
    maxNodes: 4,
    zones: ["us-east-1a"],
    daemons: [],
    free: allocatable,
    unknowns: [],
    nodeAt: (_zone, number) => ({ name: `${name}-${number}`, labels, taints: [], allocatable }),
    ...others,
  } as PlannedPool;
}

/** URN of the component behind {@link pool}. */
export function poolUrn(name: string): string {
  return `urn:pulumi:s::p::mlstack:index:GpuNodePool::${name}`;
}

/** The component behind a pool, as it was given. */
export function poolComponent(name: string, properties: TreeObject): PlannedResource {
  return { type: "mlstack:index:GpuNodePool", name, urn: poolUrn(name), properties };
}

/** What pods of one set ask for, how many there are, and on which pools they run. */
export interface SetOptions {
  role?: string;
  count?: number | undefined;
  requests?: Record<string, number>;
  path?: string;
}

/** A Job with pods of one GPU each, one by default, in no queue and of nobody. */
export function workload(
  name: string,
  timing: Timing,
  sets: SetOptions[] = [{}],
  others: Partial<Workload> & { properties?: TreeObject } = {},
): Workload {
  const { properties = {}, ...overrides } = others;
  const title = `Job ml/${name}`;
  return {
    resource: { type: "kubernetes:batch/v1:Job", name, urn: `urn:${name}`, properties },
    title,
    namespace: "ml",
    tenant: undefined,
    clusterQueue: undefined,
    podSets: sets.map((set) => podSet(title, set)),
    timing,
    ...overrides,
  };
}

function podSet(title: string, options: SetOptions): DemandedPodSet {
  const { role, requests = { "nvidia.com/gpu": 1, pods: 1 }, path = `spec.${role ?? "template"}` } = options;
  const count = "count" in options ? options.count : 1;
  return {
    podSet: { path, count, minCount: 1, template: { metadata: {}, spec: {} } },
    title: role === undefined ? title : `${title} ${role}`,
    pod: { namespace: "ml", requests: new Map(Object.entries(requests)) } as unknown as DemandedPodSet["pod"],
    count,
    minCount: 1,
    priority: 0,
  };
}

/** The proof that a set of pods runs on some pools, so many on an empty node of each. */
export function proof(of: Workload, perNode: Record<string, number>, set = 0): PlacementProof {
  const { podSet, title, count, minCount } = of.podSets[set]!;
  return {
    urn: of.resource.urn,
    title,
    path: podSet.path,
    count,
    minCount,
    verdict: "runs",
    atOnce: Infinity,
    pools: Object.entries(perNode).map(([name, pods]) => ({ pool: name, perNode: pods, atOnce: pods, obstacles: [] })),
    queues: [],
    reason: "",
  };
}

/** What a stack costs that has so many of these things, and nothing else; pods are packed nowhere unless it is said. */
export function costs(input: Partial<CostInput>): StackCost {
  const nothing = { pools: [], workloads: [], proofs: [], packing: { pools: [], waiting: [] }, resources: [] };
  return costOf({ ...nothing, region: undefined, ...input });
}

/** What the only pool of a stack costs. */
export function poolCosts(only: PlannedPool, input: Partial<CostInput> = {}): PoolCost {
  return costs({ pools: [only], ...input }).pools[0]!;
}

/** Where pods are packed: how many of each set on each pool, all on one node. */
export function packed(pods: Record<string, Record<string, number>>): CostInput["packing"] {
  return {
    pools: Object.entries(pods).map(([name, sets]) => ({
      ...{ pool: name, nodes: 1, gpus: 4, gpusInUse: 0, strandedGpus: 0 },
      layouts: [
        {
          nodes: 1,
          idleGpus: 0,
          strandedGpus: 0,
          pods: Object.entries(sets).map(([title, count]) => ({ podSet: title, pods: count, gpusPerPod: 1 })),
        },
      ],
    })),
    waiting: [],
  };
}

/** A packing of which nothing is known but how many nodes of each pool are there at the peak. */
export function peakOf(nodes: Record<string, number>): CostInput["packing"] {
  const pools = Object.entries(nodes).map(([name, count]) => ({
    ...{ pool: name, nodes: count, gpus: 0, gpusInUse: 0, strandedGpus: 0, layouts: [] },
  }));
  return { pools, waiting: [] };
}
