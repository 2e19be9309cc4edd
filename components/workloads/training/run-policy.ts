import { checkEnum, checkWholeNumber, compact, type InputProblem } from "../../internal";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import { checkRun, type GangArgs, type RunArgs } from "../object";
import { CleanPodPolicy, type TrainingRunArgs } from "./run-policy-args";

/** Restarts of containers for each pod of a job whose author says nothing. */
export const RESTARTS_PER_POD = 3;

/** Arguments that a run policy is made from. */
export interface RunPolicyArgs extends TrainingRunArgs, GangArgs {
  /** Restarts or tries after which the job fails. */
  backoffLimit: number;
}

/**
 * The `runPolicy` of a job of the training operator or of the MPI operator.
 *
 * Where the operator has a gang scheduler, this one starts as many pods at once as `minAvailable` says; a gang of Kueue's is
 * always all of them. With neither, it has no effect.
 *
 * @param together pods that are of use only together.
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/apis/kubeflow.org/v1/common_types.go "RunPolicy"
 */
export function runPolicy(args: RunPolicyArgs, together: number) {
  return compact({
    cleanPodPolicy: args.cleanPodPolicy ?? CleanPodPolicy.running,
    backoffLimit: args.backoffLimit,
    activeDeadlineSeconds: args.activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    ttlSecondsAfterFinished: args.ttlSecondsAfterFinished,
    schedulingPolicy: { minAvailable: args.gang === false ? 1 : together },
  });
}

/** Checks what ends a training job and cleans up after it. */
export function checkTrainingRun(args: TrainingRunArgs & { backoffLimit?: number }): InputProblem[] {
  return [
    ...checkWholeNumber("backoffLimit", args.backoffLimit, { min: 0 }),
    ...checkEnd(args),
    ...checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 0 }),
    ...checkEnum("cleanPodPolicy", args.cleanPodPolicy, CleanPodPolicy),
  ];
}

/** Checks when a run ends, and how long it is waited for. */
export function checkEnd(args: RunArgs & { activeDeadlineSeconds?: number }): InputProblem[] {
  return [...checkWholeNumber("activeDeadlineSeconds", args.activeDeadlineSeconds, { min: 1 }), ...checkRun(args)];
}
