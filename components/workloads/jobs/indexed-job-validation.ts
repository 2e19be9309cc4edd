import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { checkGang, checkObject, checkServiceName } from "../object";
import { checkPod } from "../pods";
import type { IndexedJobArgs, JobSuccessArgs } from "./indexed-job-args";
import { workerHosts } from "./indexed-job-manifest";
import { checkJobCleanUp, checkJobLimits } from "./job-validation";

/** Workers of one Job at most. @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode (1.36) */
const MOST_WORKERS = 100_000;

/** Bytes of one variable at most, its name included. @see https://man7.org/linux/man-pages/man2/execve.2.html */
const LONGEST_VARIABLE = 131_071;

/** Checks an IndexedJob's inputs as far as they are known. */
export function validateIndexedJob(name: string, args: IndexedJobArgs): InputProblem[] {
  const { workers } = args;
  const sizeProblems = [
    ...(workers === undefined
      ? [inputProblem("workers", workers, `a whole number from 1 to ${MOST_WORKERS}`, "Say how many pods there are.")]
      : checkWholeNumber("workers", workers, { min: 1, max: MOST_WORKERS })),
    ...checkWholeNumber("port", args.port, { min: 1, max: 65_535 }),
  ];
  if (sizeProblems.length > 0) return sizeProblems;
  const taken = `-${workers - 1}`.length;
  return [
    ...checkPod("", args, { pods: workers, defaultGpus: 0, pools: args.pools }),
    ...checkJobLimits("", args),
    ...checkJobCleanUp(args),
    ...checkWholeNumber("backoffLimitPerIndex", args.backoffLimitPerIndex, { min: 0 }),
    ...(args.success === undefined ? [] : checkSuccess(args.success, workers)),
    ...checkObject(name, args, { taken, reason: `with ${workers} workers` }),
    ...checkServiceName(args.objectName ?? name),
    ...checkHosts(args.objectName ?? name, workers),
    ...checkGang(args),
  ];
}

function checkHosts(objectName: string, workers: number): InputProblem[] {
  const length = `WORKER_HOSTS=${workerHosts(objectName, workers).join(",")}`.length;
  if (length <= LONGEST_VARIABLE) return [];
  const remedy = "Shorten the name, or ask for fewer and larger workers.";
  const allowed = `${LONGEST_VARIABLE} characters of WORKER_HOSTS`;
  return [problemAt("workers", `${workers}, whose hosts take ${length} characters`, allowed, remedy)];
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#success-policy (1.36) */
function checkSuccess({ workers: given, count }: JobSuccessArgs, workers: number): InputProblem[] {
  if (given === undefined && count === undefined) {
    return [problemAt("success", "empty", "workers, count or both", "Say who decides, or leave it out.")];
  }
  const ranges = given === undefined ? [[0, workers - 1] as const] : rangesOf(given);
  const isRising = ranges.every(([from, to], index) => from <= to && from > (ranges[index - 1]?.[1] ?? -1));
  const last = ranges.at(-1)?.[1] ?? NaN;
  if (!isRising || !(last < workers)) {
    const allowed = `numbers from 0 to ${workers - 1} in rising order, such as 0 or 0,2-5`;
    return [inputProblem("success.workers", given, allowed, "Name workers that there are.")];
  }
  const counted = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return checkWholeNumber("success.count", count, { min: 1, max: counted });
}

/** The ranges that are spelled out; one that counts down where the spelling is wrong. */
function rangesOf(text: string): (readonly [number, number])[] {
  return text.split(",").map((part) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    return from === undefined ? ([1, 0] as const) : ([Number(from), Number(to ?? from)] as const);
  });
}
