import type * as pulumi from "@pulumi/pulumi";
import type { GangArgs, ObjectArgs, RunArgs } from "../object";
import type { HardwareArgs, ProgramOptions } from "../pods";

/** How the processes of a {@link TrainJob} find each other: what its runtime is for. */
export const TrainJobFramework = {
  /** PyTorch's `torchrun`. */
  torch: "torch",
  /** DeepSpeed, started by `mpirun`. */
  deepspeed: "deepspeed",
  /** Any program of MPI, or Horovod. */
  mpi: "mpi",
  /** JAX. */
  jax: "jax",
  /** XGBoost. */
  xgboost: "xgboost",
  /** Not at all; by what the program itself does. */
  plain: "plain",
} as const;
/** How the processes of a {@link TrainJob} find each other: what its runtime is for. */
export type TrainJobFramework = (typeof TrainJobFramework)[keyof typeof TrainJobFramework];

/** Fetches data or a model into a volume that all nodes share, before they start. */
export interface TrainInitializerArgs {
  /** Where from, with its scheme, for example `s3://lake/demand` or `hf://acme/small`. */
  storageUri: pulumi.Input<string>;
  /** Name of a Secret in the job's namespace whose keys become variables of the program that fetches; none by default. */
  secretName?: pulumi.Input<string>;
  /** Variables of the program that fetches. */
  env?: Record<string, pulumi.Input<string>>;
}

/** What a {@link TrainJob} is made from; each node is one pod and has one GPU by default. */
export interface TrainJobArgs extends ObjectArgs, GangArgs, ProgramOptions, HardwareArgs, RunArgs {
  /** How the processes find each other; `torch` by default. */
  framework?: TrainJobFramework;
  /**
   * Name of the runtime; by default the one that the platform's Trainer has for the framework. It has none for `mpi` and
   * `plain`.
   */
  runtime?: pulumi.Input<string>;
  /** `ClusterTrainingRuntime` by default, or `TrainingRuntime` for a runtime in the job's namespace. Only with `runtime`. */
  runtimeKind?: pulumi.Input<string>;
  /**
   * Container image, with a tag or digest; the runtime's by default. Not with `deepspeed` and `mpi`, whose image is the
   * runtime's.
   */
  image?: pulumi.Input<string>;
  /** Nodes, from 1, with `deepspeed` and `mpi` from 2; the least by default. */
  nodes?: number;
  /**
   * Processes on each node, from 1; one for each GPU by default, and one without GPUs. Only with `torch`, `deepspeed` and
   * `mpi`.
   */
  processesPerNode?: number;
  /** Fetches the data before training, below `/workspace/dataset`. Only with a `runtime` that can. */
  dataset?: TrainInitializerArgs;
  /** Fetches a model before training, below `/workspace/model`. Only with a `runtime` that can. */
  model?: TrainInitializerArgs;
  /** Seconds after which the job is ended as failed, from 1; 86400 (a day) by default, to bound what it can cost. */
  activeDeadlineSeconds?: number;
}
