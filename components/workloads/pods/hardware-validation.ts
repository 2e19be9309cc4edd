import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  problemAt,
} from "../../internal";
import { Architecture, compareQuantities, gpuInstanceTypes, type PoolShape } from "../../model";
import { type HardwareFacts, hardwareOf, misfitOf } from "./hardware";
import { GpuSharing, type HardwareArgs } from "./hardware-args";

const MIB_PER_GIB = 1024;

/**
 * Checks what is asked for, by itself and against the pools that are known.
 *
 * @param path where the arguments lie, with a dot at its end, for example `worker.`; empty at the top.
 */
export function checkHardware(path: string, args: HardwareArgs, facts: HardwareFacts): InputProblem[] {
  const problems = [
    ...checkWholeNumber(`${path}gpus`, args.gpus, { min: facts.defaultGpus > 0 ? 1 : 0 }),
    ...checkGpuMemory(`${path}gpuMemoryGib`, args, facts),
    ...checkSharing(path, args),
    ...checkQuantity(`${path}cpu`, args.cpu, "4"),
    ...checkQuantity(`${path}memory`, args.memory, "16Gi"),
    ...checkQuantity(`${path}sharedMemory`, args.sharedMemory, "4Gi"),
    ...checkTaintSyntax(`${path}tolerations`, args.tolerations),
    ...(args.pool === undefined ? [] : checkDnsLabel(`${path}pool`, args.pool)),
    ...checkEnum(`${path}architecture`, args.architecture, Architecture),
    ...checkWholeNumber(`${path}efa`, args.efa, { min: 0 }),
  ];
  if (problems.length > 0) return problems;
  return [...checkSharedMemory(path, args, facts), ...checkPools(path, args, facts)];
}

function checkGpuMemory(path: string, { gpuMemoryGib, gpus }: HardwareArgs, facts: HardwareFacts): InputProblem[] {
  if (gpuMemoryGib === undefined) return [];
  const most = Math.floor(Math.max(...gpuInstanceTypes().map(({ gpuMemoryMib }) => gpuMemoryMib)) / MIB_PER_GIB);
  if (!(gpuMemoryGib > 0 && gpuMemoryGib <= most)) {
    return [inputProblem(path, gpuMemoryGib, `a number above 0, at most ${most}`, "Set it to what one GPU must have.")];
  }
  if ((gpus ?? facts.defaultGpus) > 0) return [];
  return [inputProblem(path, gpuMemoryGib, "nothing without GPUs", "Ask for GPUs with gpus, or leave it out.")];
}

/** A pod that shares a GPU gets one turn or slice of it; more of them would be no more of a GPU. */
function checkSharing(path: string, { gpuSharing, migProfile, gpus }: HardwareArgs): InputProblem[] {
  const isMig = gpuSharing === GpuSharing.mig;
  const form = /^\d+g\.\d+gb(\.me|\.gfx)?$/;
  const profile = `${path}migProfile`;
  return [
    ...checkEnum(`${path}gpuSharing`, gpuSharing, GpuSharing),
    ...(isMig && !form.test(migProfile ?? "")
      ? [inputProblem(profile, migProfile, "a profile such as 1g.10gb", "Name the slice that is asked for.")]
      : []),
    ...(!isMig && migProfile !== undefined
      ? [inputProblem(profile, migProfile, "nothing without gpuSharing mig", "Set gpuSharing to mig, or leave it out.")]
      : []),
    ...(gpuSharing === GpuSharing.timeSlicing && gpus !== undefined && gpus > 1
      ? [inputProblem(`${path}gpus`, gpus, "1 with gpuSharing time-slicing", "More turns are not more GPUs.")]
      : []),
  ];
}

function checkSharedMemory(path: string, args: HardwareArgs, facts: HardwareFacts): InputProblem[] {
  const { memory } = hardwareOf(args, facts);
  if (args.sharedMemory === undefined || compareQuantities(args.sharedMemory, memory) < 0) return [];
  const remedy = "Shared memory is taken from the memory limit; raise memory or lower sharedMemory.";
  return [inputProblem(`${path}sharedMemory`, args.sharedMemory, `less than memory, ${memory}`, remedy)];
}

function checkPools(path: string, args: HardwareArgs, facts: HardwareFacts): InputProblem[] {
  const { pools } = facts;
  if (pools === undefined) return [];
  const { gpus, efa, fitting } = hardwareOf(args, facts);
  const { pool } = args;
  if (pool !== undefined && !pools.some(({ name }) => name === pool)) {
    const names = pools.map(({ name }) => name).join(", ");
    return [inputProblem(`${path}pool`, pool, `one of the pools, ${names}`, "Name one of these, or leave it out.")];
  }
  if (fitting!.length > 0 || (pool === undefined && gpus === 0)) return [];
  const asked = { ...args, gpus, efa };
  const candidates = pools.filter(({ name }) => pool === undefined || name === pool);
  return [
    problemAt(
      `${path}${pool === undefined ? "gpus" : "pool"}`,
      describeAsk(asked),
      candidates.map((each) => describeMisfit(each, asked)).join("; ") || "pools with GPUs",
      "Ask for less, or for another pool.",
    ),
  ];
}

function describeAsk({ gpus, gpuMemoryGib, efa, architecture, pool }: HardwareArgs): string {
  const parts = [
    `${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`,
    ...(gpuMemoryGib === undefined ? [] : [`of ${gpuMemoryGib} GiB`]),
    ...(efa ? [`with ${efa} EFA`] : []),
    ...(architecture === undefined ? [] : [`on ${architecture}`]),
    ...(pool === undefined ? [] : [`on ${pool}`]),
  ];
  return parts.join(" ");
}

function describeMisfit(pool: PoolShape, asked: HardwareArgs): string {
  return `${pool.name} ${misfitOf(pool, asked)}`;
}
