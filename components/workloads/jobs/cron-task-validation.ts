import { checkEnum, checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { checkObject, checkQueue } from "../object";
import { checkPod } from "../pods";
import { checkCronSchedule, checkTimeZone } from "../object/cron-schedule";
import { CronConcurrency } from "../object/cron-concurrency";
import type { CronTaskArgs } from "./cron-task-args";
import { jobSize } from "./job-manifest";
import { checkJobLimits, checkJobSize, numberLength } from "./job-validation";

/**
 * Characters that the minute of each run takes behind its name.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ "name" (Kubernetes 1.36)
 */
const MINUTE_LENGTH = 11;

/** Checks a CronTask's inputs as far as they are known. */
export function validateCronTask(name: string, args: CronTaskArgs): InputProblem[] {
  const { job, pools } = args;
  if (job === undefined) return [inputProblem("job", job, "what each run does", "Give at least its image.")];
  const { completions } = jobSize(job);
  const reason = completions > 1 ? `with ${completions} pods` : "";
  const ofQueue = checkQueue(job).map(({ propertyPath, reason: told }) => {
    return { propertyPath: `job.${propertyPath}`, reason: `job.${told}` };
  });
  return [
    ...checkCronSchedule("schedule", args.schedule ?? ""),
    ...checkTimeZone("timeZone", args.timeZone),
    ...checkEnum("concurrency", args.concurrency, CronConcurrency),
    ...checkWholeNumber("startingDeadlineSeconds", args.startingDeadlineSeconds, { min: 10 }),
    ...checkWholeNumber("successfulRunsKept", args.successfulRunsKept, { min: 0 }),
    ...checkWholeNumber("failedRunsKept", args.failedRunsKept, { min: 0 }),
    ...checkPod("job.", job, { pods: 1, defaultGpus: 0, pools }),
    ...checkJobSize("job.", job),
    ...checkJobLimits("job.", job),
    ...ofQueue,
    ...checkObject(name, args, {
      taken: MINUTE_LENGTH + numberLength(completions),
      reason: `for a schedule ${reason}`.trim(),
    }),
  ];
}
