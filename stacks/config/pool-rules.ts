import {
  ClusterKind,
  type EksFacts,
  type GpuNodePoolArgs,
  PoolBackEnd,
  type SystemNodePoolArgs,
  TaintEffect,
  validateGpuNodePool,
  validateSystemNodePool,
} from "../../components";
import { leastMaxNodes } from "../../components/cluster/pool-scale";
import { startsNodesLocally } from "../../components/model/local-autoscaling";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, type Draft, isRelated, isWithin, mended } from "./draft";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { Config } from "./schema";
import type { GpuPoolConfig } from "./schema-pools";

/** Name of the one pool without GPUs. */
export const SYSTEM_POOL = "system";

type SystemPoolConfig = NonNullable<Config["systemPool"]>;
type GpuPoolDraft = Draft<GpuPoolConfig>;

/** A GPU pool as far as it can be read. */
export interface ReadablePool {
  name: string;
  args: GpuNodePoolArgs;
  /** Whether all of it could be read, so that nothing stands for anything else. */
  isComplete: boolean;
  /** Paths that nothing can be said about, as what they depend on could not be read. */
  doubtful: string[];
}

/** Whether a configuration is one of the embedded cluster, and Karpenter starts the nodes of GPU pools there. */
export function hasLocalAutoscaling({ cluster, gpuPools = [] }: Pick<ConfigDraft, "cluster" | "gpuPools">): boolean {
  const backEnds = gpuPools.map((pool) => pool?.backEnd);
  return cluster?.kind === ClusterKind.local && startsNodesLocally(cluster.controllers, backEnds);
}

/** The arguments of the system pool that a configuration asks for. */
export function systemPoolArgs({ nodes, ...args }: SystemPoolConfig): SystemNodePoolArgs {
  return nodes === undefined ? args : { ...args, minNodes: nodes };
}

/** Everything that is wrong with the pools; `eks` is what is known of the cluster, where it is one on EKS. */
export function poolProblems(draft: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  return [
    ...checkSystemPool(draft.systemPool, eks),
    ...(draft.gpuPools ?? []).flatMap((pool, index) =>
      pool === undefined ? [] : checkGpuPool(draft, pool, index, eks),
    ),
  ];
}

function checkSystemPool(pool: ConfigDraft["systemPool"], eks: EksFacts | undefined): ConfigProblem[] {
  if (pool === undefined) return [];
  const path = ["systemPool"];
  const { value, faults } = mended<SystemPoolConfig>(path, pool, {});
  const args = { ...systemPoolArgs(value), ...(eks === undefined ? {} : { eks }) };
  const problems = validateSystemNodePool(SYSTEM_POOL, args);
  const renaming = { input: "minNodes", key: "nodes" };
  return fromInputs(path, problems, renaming).filter((problem) => !isRelated(problem.path, faults));
}

function checkGpuPool(
  draft: ConfigDraft,
  pool: GpuPoolDraft,
  index: number,
  eks: EksFacts | undefined,
): ConfigProblem[] {
  const { name, args, doubtful } = readablePool(pool, index, eks);
  const isScaled = hasLocalAutoscaling({ cluster: draft.cluster, gpuPools: [pool] });
  const checked = isScaled ? { ...args, backEnd: PoolBackEnd.kwokKarpenter } : args;
  const renaming = { input: "poolName", key: "name" };
  const problems = fromInputs(["gpuPools", index], validateGpuNodePool(name, checked), renaming);
  return [
    ...problems.filter(({ path }) => !isRelated(path, doubtful)),
    ...checkUniqueName(draft.gpuPools ?? [], index),
    ...checkBackEnd(draft.cluster, pool, index),
  ];
}

function checkUniqueName(pools: (GpuPoolDraft | undefined)[], index: number): ConfigProblem[] {
  const name = pools[index]?.name;
  const first = pools.findIndex((pool) => pool?.name === name);
  const owner = name === SYSTEM_POOL ? configPath(["systemPool"]) : configPath(["gpuPools", first]);
  if (name === undefined || (first === index && name !== SYSTEM_POOL)) return [];
  const allowed = `a name that no other pool has, and ${owner} has this one`;
  return [configProblem(configPath(["gpuPools", index, "name"]), name, allowed, "Rename the pool.")];
}

/** What the component of the pool does not see: which cluster and which controllers the stack puts beside it. */
function checkBackEnd(cluster: ConfigDraft["cluster"], { backEnd }: GpuPoolDraft, index: number): ConfigProblem[] {
  const path = configPath(["gpuPools", index, "backEnd"]);
  if (cluster?.kind === ClusterKind.local && backEnd !== undefined && backEnd !== PoolBackEnd.simulated) {
    return [configProblem(path, backEnd, "simulated where the cluster's kind is local", "Remove it.")];
  }
  return [];
}

/** Keys that say which machines a pool has. */
const machineKeys = ["instanceType", "instanceTypes", "gpus"] as const;

/** Keys that say how far a pool may grow. */
const ceilingKeys = ["maxNodes", "maxGpus", "maxUsdPerHour"] as const;

/** Keys that can only be judged where others can be read. */
const dependants: { of: string[]; keys: string[] }[] = [
  {
    of: [...machineKeys],
    keys: [...machineKeys, "efa", "localStorage", "maxGpus", "maxUsdPerHour", "amiFamily", "amiType"],
  },
  { of: ["usdPerNodeHour"], keys: ["maxUsdPerHour"] },
  { of: ["capacityType"], keys: ["capacityReservationId", "placementGroup", "availabilityZones"] },
  { of: ["efa", "placementGroup", "purpose"], keys: ["capacityType", "availabilityZones"] },
  { of: ["amiFamily"], keys: ["amiType"] },
  { of: ["backEnd"], keys: ["amiFamily", "amiType", "amiVersion", "availabilityZones"] },
];

/** The pool with sound values in place of what could not be read, so that only what is there gets judged. */
export function readablePool(pool: GpuPoolDraft, index: number, eks: EksFacts | undefined): ReadablePool {
  const path = ["gpuPools", index];
  const { value, faults } = mended<GpuPoolConfig>(path, pool, samples);
  const at = (key: string) => configPath([...path, key]);
  const isFaulty = (key: string) => faults.some((fault) => isWithin(fault, at(key)));
  const { name, backEnd, ...args } = value;
  const lacks = (keys: readonly (keyof GpuPoolConfig)[]) =>
    keys.some(isFaulty) && keys.every((key) => value[key] === undefined);
  const most = leastMaxNodes(args.minNodes ?? 0, ...(args.schedules ?? []).map(({ nodes }) => nodes));
  return {
    name,
    args: {
      ...args,
      ...(lacks(machineKeys) ? { instanceType: "g5.xlarge" } : {}),
      ...(lacks(ceilingKeys) ? { maxNodes: most } : {}),
      ...(eks === undefined ? {} : { eks, ...(backEnd === undefined ? {} : { backEnd }) }),
    },
    isComplete: faults.length === 0,
    doubtful: [...faults, ...dependants.filter(({ of }) => of.some(isFaulty)).flatMap(({ keys }) => keys.map(at))],
  };
}

/** Names that nobody gives, so that they collide with none. */
const samples = {
  name: "unreadable-pool",
  gpus: { gpuMemoryGib: 16 },
  taints: [{ key: "example.com/unreadable-taint", effect: TaintEffect.noExecute }],
  schedules: [{ name: "unreadable-schedule", from: "08:00", to: "09:00", nodes: 1 }],
};
