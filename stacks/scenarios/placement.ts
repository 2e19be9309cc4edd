import { type Architecture, type PoolShape, type Taint, TaintEffect } from "../../components";
import { GPU_RESOURCE } from "../../components/model";

/** What a scenario's pods need of a node. */
export interface ScenarioNeeds {
  /** Whole GPUs of one pod; 0 where none has any. */
  gpus: number;
  /** Instruction set that the scenario's image is built for. */
  architecture: Architecture;
}

/** The part of a pool's shape that decides whether a scenario runs there. */
export type PoolOffer = Pick<PoolShape, "gpusPerNode" | "gpuMemoryMib" | "architecture" | "minNodes">;

/** Tells whether a pool can run a scenario: at once, or where pools grow, once there is a node. */
export function fits(pool: PoolOffer, needs: ScenarioNeeds, canGrow: boolean): boolean {
  const hasNodes = canGrow || pool.minNodes > 0;
  return pool.gpusPerNode >= needs.gpus && pool.architecture === needs.architecture && hasNodes;
}

/**
 * The pool with the fewest GPUs per node that can run a scenario, so that big machines stay free for big work; among
 * equals the one with the smallest GPUs, then the first.
 */
export function smallestFittingPool<Pool extends PoolOffer>(
  pools: Pool[],
  needs: ScenarioNeeds,
  canGrow: (pool: Pool) => boolean,
): Pool | undefined {
  const fitting = pools.filter((pool) => fits(pool, needs, canGrow(pool)));
  return fitting.sort((a, b) => a.gpusPerNode - b.gpusPerNode || gpuMemory(a) - gpuMemory(b))[0];
}

/** Taints of a pool that a pod must tolerate besides the GPU taint. */
export function furtherTaints(pool: Pick<PoolShape, "taints"> | undefined): Taint[] {
  return (pool?.taints ?? []).filter(({ key, effect }) => key !== GPU_RESOURCE || effect !== TaintEffect.noSchedule);
}

function gpuMemory({ gpuMemoryMib = 0 }: PoolOffer): number {
  return gpuMemoryMib;
}
