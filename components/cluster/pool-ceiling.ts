import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../internal";
import { type GpuInstanceType, usdPerHour } from "../model";
import { chosenInstanceTypes } from "./gpu-instance-types";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { regionOf } from "./node-pool";
import { leastMaxNodes, MAX_NODES } from "./pool-scale";

/** Price of a pool's node in USD per hour: as given, else on demand of its dearest type; undefined where none is known. */
export function nodePrice(args: GpuNodePoolArgs): number | undefined {
  const types = chosenInstanceTypes(args);
  const prices = types.map(({ instanceType }) => usdPerHour(instanceType, regionOf(args)));
  const known = prices.filter((price) => price !== undefined);
  return args.usdPerNodeHour ?? (known.length === types.length && known.length > 0 ? Math.max(...known) : undefined);
}

/** Most nodes that all of a pool's ceilings allow; as many as its other counts need where there is no ceiling. */
export function ceilingOf(args: GpuNodePoolArgs): number {
  const [type] = chosenInstanceTypes(args);
  const price = nodePrice(args);
  const ceilings = [
    args.maxNodes,
    args.maxGpus !== undefined && type ? atLeastOne(args.maxGpus / type.gpuCount) : undefined,
    args.maxUsdPerHour !== undefined && price !== undefined
      ? atLeastOne(roundedRatio(args.maxUsdPerHour, price))
      : undefined,
  ].filter((ceiling) => ceiling !== undefined);
  const standing = (args.schedules ?? []).map(({ nodes }) => nodes);
  if (ceilings.length === 0) return leastMaxNodes(args.minNodes ?? 0, args.desiredNodes ?? 0, ...standing);
  return Math.min(...ceilings, Math.max(MAX_NODES, args.maxNodes ?? 0));
}

/** Checks that a pool has a ceiling, and that none of its ceilings is below one node. */
export function checkCeiling(args: GpuNodePoolArgs): InputProblem[] {
  const { maxNodes, maxGpus, maxUsdPerHour } = args;
  if (maxNodes === undefined && maxGpus === undefined && maxUsdPerHour === undefined) {
    const remedy = "Say how far the pool may grow, as that is the ceiling of its cost.";
    return [inputProblem("maxNodes", undefined, "at least one of maxNodes, maxGpus and maxUsdPerHour", remedy)];
  }
  const [type] = chosenInstanceTypes(args);
  return [...checkPrice(args), ...(type === undefined ? [] : [...checkGpus(args, type), ...checkUsd(args, type)])];
}

function checkPrice({ usdPerNodeHour }: GpuNodePoolArgs): InputProblem[] {
  if (usdPerNodeHour === undefined || usdPerNodeHour > 0) return [];
  return [inputProblem("usdPerNodeHour", usdPerNodeHour, "a price above 0", "Write it in USD per hour.")];
}

function checkGpus({ maxGpus }: GpuNodePoolArgs, { instanceType, gpuCount }: GpuInstanceType): InputProblem[] {
  const problems = checkWholeNumber("maxGpus", maxGpus, { min: 1 });
  if (maxGpus === undefined || problems.length > 0 || maxGpus >= gpuCount) return problems;
  const allowed = `at least ${gpuCount}, the GPUs of one ${instanceType}`;
  return [inputProblem("maxGpus", maxGpus, allowed, "Raise it, or choose a smaller instance type.")];
}

function checkUsd(args: GpuNodePoolArgs, { instanceType }: GpuInstanceType): InputProblem[] {
  const { maxUsdPerHour } = args;
  if (maxUsdPerHour === undefined) return [];
  const price = nodePrice(args);
  if (price === undefined) {
    const observed = `${maxUsdPerHour}, but no price is known for each instance type in ${regionOf(args)}`;
    return [
      problemAt("maxUsdPerHour", observed, "nothing, or a price beside it", "Give usdPerNodeHour, or use maxNodes."),
    ];
  }
  if (roundedRatio(maxUsdPerHour, price) >= 1) return [];
  const allowed = `at least ${price}, the price of one ${instanceType} in ${regionOf(args)}`;
  return [inputProblem("maxUsdPerHour", maxUsdPerHour, allowed, "Raise it, or choose a cheaper instance type.")];
}

/** Whole multiples must count as whole: 3 * 1.006 / 1.006 is less than 3 in binary fractions. */
function roundedRatio(total: number, part: number): number {
  return Math.round((total / part) * 1e9) / 1e9;
}

/** A ceiling below one node is a mistake of its own, and counts as one node for every other check. */
function atLeastOne(nodes: number): number {
  return Math.max(1, Math.floor(nodes));
}
