import type { PoolShape } from "./pool-shape";
import { parseQuantity, type Quantity } from "./quantity";

/** What all nodes of a pool at its ceiling have for the pods of queues. */
export interface PoolCapacity {
  /** Name of the pool. */
  pool: string;
  /** Nodes at the ceiling. */
  nodes: number;
  /** Resource that stands for whole GPUs; undefined on pools without accelerators. */
  gpuResource?: string;
  /** GPUs of a node; 0 on pools without accelerators. */
  gpusPerNode: number;
  /** Every resource that is known, GPUs among them. */
  total: Record<string, Quantity>;
}

/**
 * What a pool has for the pods of queues.
 *
 * @param allocatable what pods can have of one node, as Kubernetes quantities by resource; without it, only GPUs are known,
 * and nothing is said of the rest.
 * @param percent part of the pool that is for queues, from 0 to 100; all of it by default.
 */
export function poolCapacity(shape: PoolShape, allocatable: Record<string, string> = {}, percent = 100): PoolCapacity {
  const { name, gpuResource, gpusPerNode, maxNodes } = shape;
  const gpus = gpuResource === undefined ? {} : { [gpuResource]: String(gpusPerNode) };
  const perNode = Object.entries({ ...allocatable, ...gpus });
  const total = perNode.map(([resource, quantity]): [string, Quantity] => {
    const all = parseQuantity(quantity) * BigInt(maxNodes);
    return [resource, (all * BigInt(percent)) / 100n];
  });
  return {
    pool: name,
    nodes: maxNodes,
    gpusPerNode: gpuResource === undefined ? 0 : gpusPerNode,
    total: Object.fromEntries(total),
    ...(gpuResource === undefined ? {} : { gpuResource }),
  };
}

/** GPUs of a pool at its ceiling. */
export function gpuCeiling({ nodes, gpusPerNode }: PoolCapacity): number {
  return nodes * gpusPerNode;
}
