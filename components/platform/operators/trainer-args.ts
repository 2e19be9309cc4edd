import { checkDnsLabel, checkEnum, type InputProblem } from "../../internal";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { defaultTrainingRuntimes } from "./default-training-runtimes";
import { OperatorFailurePolicy } from "./operator-failure-policy";
import { type TrainingRuntimeArgs, validateTrainingRuntime } from "./training-runtime-args";

/** What a {@link Trainer} is made from. Every argument has a default. */
export interface TrainerArgs extends ChartPartArgs {
  /** What becomes of TrainJobs and runtimes while no pod of the webhook answers; `Fail` by default: they are refused. */
  failurePolicy?: OperatorFailurePolicy;
  /**
   * Whether the runtimes that Trainer comes with are made: `torch-distributed`, `deepspeed-distributed`, `jax-distributed` and
   * `xgboost-distributed`; true by default.
   */
  standardRuntimes?: boolean;
  /** Further runtimes for all namespaces by name, and others in place of those that Trainer comes with; none by default. */
  runtimes?: Record<string, TrainingRuntimeArgs>;
}

/** Namespace of Trainer where nothing else is asked for, as upstream has it. */
export const TRAINER_NAMESPACE = "kubeflow-system";

/** The runtimes that a {@link Trainer} makes, by name. */
export function trainerRuntimes({ standardRuntimes = true, runtimes, version }: TrainerArgs) {
  return { ...(standardRuntimes ? defaultTrainingRuntimes(version) : {}), ...runtimes };
}

/** Checks the inputs of Trainer. */
export function validateTrainer(_name: string, args: TrainerArgs): InputProblem[] {
  return [
    ...checkPart(args),
    ...checkEnum("failurePolicy", args.failurePolicy, OperatorFailurePolicy),
    ...Object.entries(args.runtimes ?? {}).flatMap(([runtime, runtimeArgs]) => [
      ...checkDnsLabel("runtimes", runtime),
      ...validateTrainingRuntime(runtime, runtimeArgs, `runtimes["${runtime}"].`),
    ]),
  ];
}
