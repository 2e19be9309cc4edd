import { checkWholeNumber, type InputProblem } from "../../internal";
import { checkObject, checkQueue } from "../object";
import { checkPod } from "../pods";
import type { BatchJobArgs, GpuJobArgs, JobArgs, JobCleanUpArgs, JobLimitsArgs, JobSizeArgs } from "./job-args";
import { GPUS_OF_GPU_JOB, jobSize } from "./job-manifest";

/** Checks a GpuJob's inputs as far as they are known. */
export function validateGpuJob(name: string, args: GpuJobArgs): InputProblem[] {
  return validateJob(name, args, GPUS_OF_GPU_JOB);
}

/** Checks a BatchJob's inputs as far as they are known. */
export function validateBatchJob(name: string, args: BatchJobArgs): InputProblem[] {
  return validateJob(name, args, 0);
}

/**
 * Checks what ends and repeats a job.
 *
 * @param path where the arguments lie, with a dot at its end, for example `job.`; empty at the top.
 */
export function checkJobLimits(path: string, args: JobLimitsArgs): InputProblem[] {
  const codes = args.permanentExitCodes ?? [];
  const at = (index: number) => `${path}permanentExitCodes[${index}]`;
  return [
    ...checkWholeNumber(`${path}backoffLimit`, args.backoffLimit, { min: 0 }),
    ...codes.flatMap((code, index) => checkWholeNumber(at(index), code, { min: 1, max: 255 })),
    ...checkWholeNumber(`${path}activeDeadlineSeconds`, args.activeDeadlineSeconds, { min: 1 }),
  ];
}

/** Checks what becomes of a job that has finished. */
export function checkJobCleanUp(args: JobCleanUpArgs): InputProblem[] {
  return checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 0 });
}

/** Checks how many pods a job has. */
export function checkJobSize(path: string, args: JobSizeArgs): InputProblem[] {
  return [
    ...checkWholeNumber(`${path}parallelism`, args.parallelism, { min: 1 }),
    ...checkWholeNumber(`${path}completions`, args.completions, { min: 1 }),
  ];
}

/** Characters of the number that each of several pods of a job has behind its name. */
export function numberLength(completions: number): number {
  return completions > 1 ? `-${completions - 1}`.length : 0;
}

function validateJob(name: string, args: JobArgs, defaultGpus: number): InputProblem[] {
  const { completions } = jobSize(args);
  return [
    ...checkPod("", args, { pods: 1, defaultGpus, pools: args.pools }),
    ...checkJobSize("", args),
    ...checkJobLimits("", args),
    ...checkJobCleanUp(args),
    ...checkObject(name, args, { taken: numberLength(completions), reason: `with ${completions} pods` }),
    ...checkQueue(args),
  ];
}
