import { GPU_RESOURCE } from "../../components/model";
import { machinesOf, type PlannedPool } from "../pools/planned-pool";
import type { SchedulableNode } from "../scheduling/node";
import { ranksOf } from "./preference";
import type { ResourceNumbers } from "./resource-numbers";

/** Grounds of a pool whose nodes may be of several instance types, and what all of them may take together. */
export interface GroundMix {
  grounds: readonly Ground[];
  limits: readonly number[];
}

/** A pool, or the nodes of one instance type where it may have several, prepared for arithmetic. */
export interface Ground {
  pool: PlannedPool;
  /** Instance type of its nodes, where the pool may have several. */
  instanceType: string | undefined;
  /** Its place among the grounds; those of a pool follow each other. */
  number: number;
  /** Place of its pool among the pools. */
  owner: number;
  /** Place among the grounds in the order in which new nodes are asked for. */
  rank: number;
  /** Undefined where all nodes of the pool are alike. */
  mix: GroundMix | undefined;
  /** What a node takes of each limit of the mix. */
  uses: readonly number[];
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
  const kinds = pools.flatMap((pool, owner) => machinesOf(pool).map((machine) => ({ pool: machine, owner })));
  for (const { pool } of kinds) numbers.vectorOf(pool.free);
  const machines = new Map<string, number>();
  const mixes = pools.map(({ machines, limits = [] }) =>
    machines === undefined ? undefined : { limits, grounds: [] as Ground[] },
  );
  const gpus = kinds.map(({ pool }) => gpusOf(pool));
  const ranks = ranksOf(kinds.map(({ pool }, number) => ({ pool, gpus: gpus[number]!.gpus })));
  return kinds.map(({ pool, owner }, number) => {
    const free = numbers.vectorOf(pool.free);
    const offer = free.join();
    const machine = machines.get(offer) ?? machines.size;
    machines.set(offer, machine);
    const mix = mixes[owner];
    const ground = {
      pool,
      instanceType: "instanceType" in pool ? pool.instanceType : undefined,
      number,
      owner,
      rank: ranks[number]!,
      mix,
      uses: "uses" in pool ? pool.uses : [],
      free,
      machine,
      maxNodes: pool.maxNodes === undefined ? Infinity : Math.max(pool.maxNodes, pool.minNodes),
      sites: pool.zones.map((_, zone) => nodeOf(pool, zone, zone + 1)),
      ...gpus[number]!,
    };
    mix?.grounds.push(ground);
    return ground;
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
export function gpusOf({ shape, free }: PlannedPool): { gpus: number; gpuWorth: Map<string, number> } {
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
