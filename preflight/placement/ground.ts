import { GPU_RESOURCE } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
import type { SchedulableNode } from "../scheduling/node";
import type { ResourceNumbers } from "./resource-numbers";

/** A pool, prepared for arithmetic. */
export interface Ground {
  pool: PlannedPool;
  /** Its place among the pools. */
  number: number;
  /** What pods can have of an empty node, by the number of the resource. */
  free: Float64Array;
  /** Number of what its machines offer; pools of equal machines have the same. */
  machine: number;
  /** Nodes at its largest; `Infinity` where nothing bounds it. */
  maxNodes: number;
  /** An empty node in each zone, offering what DaemonSets leave. */
  sites: readonly SchedulableNode[];
  /** Resources by which pods have GPUs or parts of them, each with the GPUs that one unit stands for. */
  gpuWorth: ReadonlyMap<string, number>;
  /** GPUs of a node. */
  gpus: number;
}

/** Names of the resources that NVIDIA's device plugin offers begin so. */
const NVIDIA = GPU_RESOURCE.slice(0, GPU_RESOURCE.indexOf("/") + 1);

/** Prepares pools; numbers of resources are complete once every pool is prepared. */
export function groundsOf(pools: readonly PlannedPool[], numbers: ResourceNumbers): Ground[] {
  // Every vector has a place for every resource of every pool.
  for (const { free } of pools) numbers.vectorOf(free);
  const machines = new Map<string, number>();
  return pools.map((pool, number) => {
    const { gpus, gpuWorth } = gpusOf(pool);
    const free = numbers.vectorOf(pool.free);
    const offer = free.join();
    const machine = machines.get(offer) ?? machines.size;
    machines.set(offer, machine);
    return {
      pool,
      number,
      free,
      machine,
      maxNodes: pool.maxNodes === undefined ? Infinity : Math.max(pool.maxNodes, pool.minNodes),
      sites: pool.zones.map((_, zone) => nodeOf(pool, zone, zone + 1)),
      gpuWorth,
      gpus,
    };
  });
}

/** A node of a pool that offers what its DaemonSets leave. */
export function nodeOf(pool: PlannedPool, zone: number, number: number): SchedulableNode {
  return { ...pool.nodeAt(pool.zones[zone] ?? "", number), allocatable: pool.free };
}

/** Zone of a node by its number, from 1: those that are there without any pod are spread over the zones in turn. */
export function zoneOfNode(ground: Ground, number: number): number {
  return (number - 1) % ground.sites.length;
}

/** Nodes that a pool can have in some of its zones: those that are there in these, and all that it may yet make. */
export function nodesIn({ pool, maxNodes, sites }: Ground, zones: readonly number[]): number {
  if (zones.length === sites.length) return maxNodes;
  if (zones.length === 0) return 0;
  const there = zones.reduce((sum, zone) => sum + minNodesIn(pool.minNodes, zone, sites.length), 0);
  return there + (maxNodes - pool.minNodes);
}

function minNodesIn(minNodes: number, zone: number, zones: number): number {
  return Math.floor(minNodes / zones) + (zone < minNodes % zones ? 1 : 0);
}

/** GPUs of a node, and how many of them a unit of each of its resources stands for. */
function gpusOf({ shape, free }: PlannedPool): { gpus: number; gpuWorth: Map<string, number> } {
  const offered = [...free].filter(([name, amount]) => isGpuResource(name, shape.gpuResource) && amount > 0);
  const whole = typeof shape.gpusPerNode === "number" ? shape.gpusPerNode : 0;
  const gpus = whole > 0 ? whole : (free.get(GPU_RESOURCE) ?? 0);
  // Where there are several, each has an equal part of the GPUs: nothing says how they are cut.
  const gpuWorth = new Map(offered.map(([name, amount]) => [name, gpus / amount / offered.length] as const));
  return offered.length === 0 ? { gpus: 0, gpuWorth: new Map() } : { gpus, gpuWorth };
}

function isGpuResource(name: string, own: unknown): boolean {
  return name === own || name.startsWith(NVIDIA);
}
