import { checkWholeNumber, type InputProblem } from "../../internal";
import { checkObject, checkQueue } from "../object";
import { checkPod } from "../pods";
import type { BatchJobArgs, GpuJobArgs, JobArgs, JobLimitsArgs } from "./job-args";
import { GPUS_OF_GPU_JOB, jobSize } from "./job-manifest";

/** Checks a GpuJob's inputs as far as they are known. */
export function validateGpuJob(name: string, args: GpuJobArgs): InputProblem[] {
  return validateJob(name, args, GPUS_OF_GPU_JOB);
}

/** Checks a BatchJob's inputs as far as they are known. */
export function validateBatchJob(name: string, args: BatchJobArgs): InputProblem[] {
  return validateJob(name, args, 0);
}

/** Checks what ends and repeats a job. */
export function checkJobLimits(args: JobLimitsArgs): InputProblem[] {
  const codes = args.permanentExitCodes ?? [];
  return [
    ...checkWholeNumber("backoffLimit", args.backoffLimit, { min: 0 }),
    ...codes.flatMap((code, index) => checkWholeNumber(`permanentExitCodes[${index}]`, code, { min: 1, max: 255 })),
    ...checkWholeNumber("activeDeadlineSeconds", args.activeDeadlineSeconds, { min: 1 }),
    ...checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 0 }),
  ];
}

function validateJob(name: string, args: JobArgs, defaultGpus: number): InputProblem[] {
  const { completions } = jobSize(args);
  const room = { taken: completions > 1 ? `-${completions - 1}`.length : 0, reason: `with ${completions} pods` };
  return [
    ...checkPod("", args, { pods: 1, defaultGpus, pools: args.pools }),
    ...checkWholeNumber("parallelism", args.parallelism, { min: 1 }),
    ...checkWholeNumber("completions", args.completions, { min: 1 }),
    ...checkJobLimits(args),
    ...checkObject(name, args, room),
    ...checkQueue(args),
  ];
}
