import { generalInstanceType, gpuInstanceType, isUnknown } from "../../components/model";
import type { PoolUnknown } from "./planned-pool";
import { KARPENTER_POOL_TYPE, NODE_GROUP_TYPE, type PoolSource } from "./pool-source";

/** What starts nodes of any of several types: groups of Auto Scaling, and NodePools that keep a number of nodes. */
const MAKERS = [NODE_GROUP_TYPE, KARPENTER_POOL_TYPE];

/** Figures of machines that differ between instance types. */
const FIGURES = {
  vcpus: (type: string) => gpuInstanceType(type)?.vcpus ?? generalInstanceType(type)?.vcpus,
  memoryGib: (type: string) => gpuInstanceType(type)?.memoryGib ?? generalInstanceType(type)?.memoryGib,
  gpusPerNode: (type: string) => gpuInstanceType(type)?.gpuCount,
  efaInterfaces: (type: string) => gpuInstanceType(type)?.efaInterfaces,
} as const;

/**
 * What keeps a pool from being judged by the smallest of its instance types alone, where nobody chooses the type by the
 * pods: its nodes may be of a larger one, so that what needs one is not refused for certain.
 */
export function largerMachinesOf({ makers, shape: { instanceTypes } }: PoolSource): PoolUnknown[] {
  if (instanceTypes === undefined || isUnknown(instanceTypes)) return [];
  if (!makers.some(({ type }) => MAKERS.includes(type))) return [];
  const types = instanceTypes.filter((type) => !isUnknown(type)).map(String);
  return Object.entries(FIGURES).flatMap(([property, figureOf]): PoolUnknown[] => {
    const figures = types.map((type) => figureOf(type) ?? 0);
    const most = Math.max(0, ...figures);
    if (figures.every((figure) => figure === most)) return [];
    const largest = types[figures.indexOf(most)]!;
    const reason = `it is judged by the smallest of its instance types, and a node may be of a larger one, up to ${largest}`;
    return [{ property: property as keyof typeof FIGURES, reason }];
  });
}
