import * as pulumi from "@pulumi/pulumi";
import { GpuNodePool, PoolBackEnd, type PoolShape, type SystemNodePool } from "../components";
import { amiFamilyOf } from "../components/cluster/node-pool";
import { shipsDevicePlugin } from "../components/model";
import type { GpuPool } from "./config";
import type { Ground } from "./ground";

/** Back ends whose machines are started by a controller, which must be there before the pool and go after it. */
const controllers: (PoolBackEnd | undefined)[] = [PoolBackEnd.karpenter, PoolBackEnd.auto, PoolBackEnd.kwokKarpenter];

/** Tells whether a controller starts the machines of a pool; those of other pools are there from the start. */
export function isStartedByController({ args }: GpuPool): boolean {
  return controllers.includes(args.backEnd);
}

/** Creates GPU pools once something else is there. */
export function createGpuPools(pools: GpuPool[], ground: Ground, dependsOn: pulumi.Resource[]): GpuNodePool[] {
  const { providers, eks } = ground;
  return pools.map(({ name, args }) => {
    return new GpuNodePool(name, { ...args, ...(eks && { eks }) }, { providers, dependsOn });
  });
}

/**
 * Tells whether the nodes of a pool bring NVIDIA's device plugin with them, so that there must not be a second one.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 */
export function bringsDevicePlugin({ args }: GpuPool): boolean {
  return shipsDevicePlugin(amiFamilyOf(args));
}

/** What a pool offers and costs, as the stack tells it. */
export interface PoolSummary {
  name: string;
  instanceType: string;
  gpusPerNode: number;
  /** Nodes that it starts with. */
  nodes: pulumi.Output<number>;
  /** Most nodes that it may grow to. */
  maxNodes: number;
  /** On-demand price of its nodes in USD per hour; undefined where nothing is paid, or no price is known. */
  usdPerHour?: UsdPerHour;
}

/** Price of a pool in USD per hour, at on-demand prices. */
export interface UsdPerHour {
  /** With the fewest nodes. */
  least: number;
  /** With as many nodes as it may grow to. */
  most: number;
}

/** Tells what a pool offers and costs. */
export function poolSummary({ shape, nodeNames }: GpuNodePool | SystemNodePool, { eks }: Ground): PoolSummary {
  const { name, instanceType, gpusPerNode, minNodes, maxNodes } = shape;
  const summary = { name, instanceType, gpusPerNode, maxNodes };
  // Karpenter starts nodes that are always there by itself, and names them.
  if (eks === undefined) return { ...summary, nodes: nodeNames.apply(({ length }) => Math.max(length, minNodes)) };
  const usdPerHour = priceOf(shape);
  return { ...summary, nodes: pulumi.output(minNodes), ...(usdPerHour && { usdPerHour }) };
}

function priceOf({ usdPerNodeHour, minNodes, maxNodes }: PoolShape): UsdPerHour | undefined {
  if (usdPerNodeHour === undefined) return undefined;
  const inCents = (usd: number) => Math.round(usd * 100) / 100;
  return { least: inCents(minNodes * usdPerNodeHour), most: inCents(maxNodes * usdPerNodeHour) };
}
