import { checkDnsLabel, checkEnum, checkExactImage, type InputProblem, inputProblem } from "../../internal";
import { checkPart } from "../part/part-args";
import { checkPatches, type ManifestPartArgs } from "./manifest-adjustments";

/** Kinds of jobs that the training operator runs. */
export const TrainingJobKind = {
  pyTorch: "PyTorchJob",
  tensorFlow: "TFJob",
  xgBoost: "XGBoostJob",
  paddle: "PaddleJob",
  jax: "JAXJob",
  /** In version v1; MPIJobs in v2beta1 are the MPI operator's, and a cluster has one of the two. */
  mpi: "MPIJob",
} as const;
/** Kinds of jobs that the training operator runs. */
export type TrainingJobKind = (typeof TrainingJobKind)[keyof typeof TrainingJobKind];

/** What a {@link TrainingOperator} is made from. Every argument has a default. */
export interface TrainingOperatorArgs extends ManifestPartArgs {
  /** Kinds of jobs that are run; all but MPIJob by default. Types and webhooks of other kinds are left out. */
  jobs?: TrainingJobKind[];
  /** Scheduler that places the pods of a job together: `volcano`, or the name of one with the plugin for it; none by default. */
  gangScheduler?: string;
  /**
   * Image in which a worker of a PyTorchJob waits for the master; upstream's `alpine:3.10` by default, which is no longer
   * maintained.
   */
  initImage?: string;
  /** Whether the roles for users of Kubeflow profiles are made; false by default. */
  kubeflowRoles?: boolean;
  /** Whether the namespace is created; true by default. False where another part makes it, as those of Kubeflow do. */
  createNamespace?: boolean;
}

/** Kinds that are run where nothing else is asked for. */
export const defaultTrainingJobs = Object.values(TrainingJobKind).filter((kind) => kind !== TrainingJobKind.mpi);

/** Namespace of the training operator where nothing else is asked for, as upstream has it. */
export const TRAINING_OPERATOR_NAMESPACE = "kubeflow";

/** Checks a training operator's inputs. */
export function validateTrainingOperator(_name: string, args: TrainingOperatorArgs): InputProblem[] {
  const { jobs, gangScheduler, initImage } = args;
  return [
    ...checkPart(args),
    ...checkPatches(args.patches),
    ...(jobs?.length === 0
      ? [inputProblem("jobs", jobs, "at least one kind", "Leave jobs out for all kinds but MPIJob.")]
      : []),
    ...(jobs ?? []).flatMap((kind, index) => checkEnum(`jobs[${index}]`, kind, TrainingJobKind)),
    ...(gangScheduler === undefined ? [] : checkDnsLabel("gangScheduler", gangScheduler)),
    ...checkExactImage("initImage", initImage),
  ];
}
