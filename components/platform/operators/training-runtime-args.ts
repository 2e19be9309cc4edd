import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkExactImage,
  checkLabelKey,
  checkLabelValue,
  checkQuantity,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
  type Toleration,
} from "../../internal";

/** How the processes of a job find each other. */
export const TrainingRuntimeKind = {
  /** By the variables of `torchrun`. */
  torch: "torch",
  /** By Open MPI: a launcher reaches the nodes by SSH. */
  mpi: "mpi",
  /** By the variables of JAX's own coordinator. */
  jax: "jax",
  /** By the variables of XGBoost's tracker. */
  xgboost: "xgboost",
  /** Not at all; by what the program itself does. */
  plain: "plain",
} as const;
/** How the processes of a job find each other. */
export type TrainingRuntimeKind = (typeof TrainingRuntimeKind)[keyof typeof TrainingRuntimeKind];

/** Who starts all pods of a job at once. */
export const TrainingGangScheduler = {
  /** A scheduler with the plugin for coscheduling. */
  coscheduling: "coscheduling",
  /** Volcano. */
  volcano: "volcano",
} as const;
/** Who starts all pods of a job at once. */
export type TrainingGangScheduler = (typeof TrainingGangScheduler)[keyof typeof TrainingGangScheduler];

/** All pods of a job at once, or none. With Kueue leave it out: jobs wait in a queue by a label of their own. */
export interface TrainingGangArgs {
  /** Who starts the pods. */
  scheduler: TrainingGangScheduler;
  /** Seconds that pods wait for the others, with coscheduling; 60 by default. */
  timeoutSeconds?: number;
}

/** What is particular to MPI. */
export interface TrainingMpiArgs {
  /** Whether the launcher is the first of the nodes, with GPUs; true by default. Otherwise it only starts them. */
  launcherIsNode?: boolean;
  /** Folder of the SSH keys; `/home/mpiuser/.ssh` by default, as in the images of Trainer and of the MPI operator. */
  sshFolder?: string;
  /** Configuration of the SSH server in the image; `/home/mpiuser/.sshd_config` by default. */
  sshServerConfig?: string;
  /** Port that this configuration has; 2222 by default. */
  sshPort?: number;
}

/** What a {@link TrainingRuntime} is made from. */
export interface TrainingRuntimeArgs {
  /** How the processes of a job find each other; `torch` by default. */
  kind?: TrainingRuntimeKind;
  /** Name that jobs refer to; the one of the component by default. */
  runtimeName?: string;
  /** Namespace whose jobs may use the runtime; by default it is for all, a ClusterTrainingRuntime. */
  namespace?: string;
  /** Framework that tools show, label `trainer.kubeflow.org/framework`; by default the kind. */
  framework?: string;
  /** Image of the nodes, which jobs may replace. */
  image: pulumi.Input<string>;
  /** Command in place of the image's; none by default, as jobs bring it. */
  command?: string[];
  /** Arguments of the command; none by default. */
  args?: string[];
  /** Variables of containers by name, which jobs may replace; none by default. */
  env?: Record<string, pulumi.Input<string>>;
  /** Folder that commands start in, from the root; that of the image by default. */
  workingDir?: string;
  /** Nodes of jobs that do not say otherwise, from 1; 1 by default. */
  nodes?: number;
  /** Processes on each node, for `mpi` only, from 1; as many as the node has GPUs by default. Others take it from the job. */
  processesPerNode?: number;
  /**
   * GPUs of each node of jobs that do not say otherwise, from 0; by default jobs say, and pods may run on GPU nodes. With 0
   * they may not.
   */
  gpusPerNode?: number;
  /** CPU request of each node of jobs that do not say otherwise; none by default. */
  cpu?: string;
  /** Memory request and limit of each node of jobs that do not say otherwise; none by default. */
  memory?: string;
  /** Pool that nodes run on; any by default. */
  pool?: string;
  /** Tolerations beside that of the GPU taint; none by default. */
  tolerations?: Toleration[];
  /** Size of `/dev/shm`, which counts as memory of the pod; `8Gi` by default but for `xgboost` and `plain`. */
  sharedMemory?: string;
  /** User that containers run as, not root; by default that of the image, for `mpi` 1000. */
  runAsUser?: number;
  /** Service account of pods; the namespace's own by default, without its token. */
  serviceAccountName?: string;
  /** Who starts all pods of a job at once; nobody by default. */
  gang?: TrainingGangArgs;
  /** Times that a job is started anew as a whole after a failure, from 0; 0 by default. */
  maxRestarts?: number;
  /** Seconds after which a finished job's pods are deleted; a day by default. TrainJobs have no such field. */
  ttlSecondsAfterFinished?: number;
  /** What is particular to MPI. */
  mpi?: TrainingMpiArgs;
  /** Further labels of the runtime; none by default. */
  labels?: Record<string, string>;
  /** Fields of the runtime's `spec` that are set instead of or beside those of the component; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the resource type has
  spec?: Record<string, any>;
}

/** Checks a training runtime's inputs; paths start with what stands before them. */
export function validateTrainingRuntime(name: string, args: TrainingRuntimeArgs, before = ""): InputProblem[] {
  const { kind, runtimeName = name, namespace, pool, gang, mpi, framework, labels = {} } = args;
  const at = (path: string) => `${before}${path}`;
  return [
    ...checkEnum(at("kind"), kind, TrainingRuntimeKind),
    ...checkDnsLabel(at("runtimeName"), runtimeName),
    ...(namespace === undefined ? [] : checkDnsLabel(at("namespace"), namespace)),
    ...(pool === undefined ? [] : checkDnsLabel(at("pool"), pool)),
    ...checkLabelValue(at("framework"), framework),
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...checkLabelKey(at("labels"), key),
      ...checkLabelValue(at(`labels["${key}"]`), value),
    ]),
    ...checkImage(at("image"), args.image),
    ...checkWorkingDir(at("workingDir"), args.workingDir),
    ...wholeNumbers(args).flatMap(([path, value, min]) => checkWholeNumber(at(path), value, { min })),
    ...checkQuantity(at("cpu"), args.cpu, "8"),
    ...checkQuantity(at("memory"), args.memory, "64Gi"),
    ...checkQuantity(at("sharedMemory"), args.sharedMemory, "8Gi"),
    ...checkTaintSyntax(at("tolerations"), args.tolerations),
    ...checkEnum(at("gang.scheduler"), gang?.scheduler, TrainingGangScheduler),
    ...checkWholeNumber(at("mpi.sshPort"), mpi?.sshPort, { min: 1024, max: 65535 }),
    ...checkOnlyMpi(args, at),
    ...checkGangTimeout(gang, at),
  ];
}

function wholeNumbers(args: TrainingRuntimeArgs): [path: string, value: number | undefined, min: number][] {
  return [
    ["nodes", args.nodes, 1],
    ["processesPerNode", args.processesPerNode, 1],
    ["gpusPerNode", args.gpusPerNode, 0],
    ["runAsUser", args.runAsUser, 1],
    ["maxRestarts", args.maxRestarts, 0],
    ["ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, 0],
    ["gang.timeoutSeconds", args.gang?.timeoutSeconds, 1],
  ];
}

function checkImage(path: string, image: pulumi.Input<string> | undefined): InputProblem[] {
  if (image === undefined) return [problemAt(path, "missing", "an image", "Name the image of the nodes.")];
  return isPlain(image) ? checkExactImage(path, image) : [];
}

function checkWorkingDir(path: string, folder: string | undefined): InputProblem[] {
  if (folder === undefined || folder.startsWith("/")) return [];
  return [inputProblem(path, folder, "a path from the root", "Start it with a slash.")];
}

function checkOnlyMpi(args: TrainingRuntimeArgs, at: (path: string) => string): InputProblem[] {
  const { kind = TrainingRuntimeKind.torch, processesPerNode, mpi } = args;
  if (kind === TrainingRuntimeKind.mpi) return [];
  const remedy = `Runtimes of kind ${kind} have no such field.`;
  return [
    ...(processesPerNode === undefined
      ? []
      : [
          inputProblem(
            at("processesPerNode"),
            processesPerNode,
            "a number with the kind mpi",
            `${remedy} A TrainJob says it in trainer.numProcPerNode.`,
          ),
        ]),
    ...(mpi === undefined ? [] : [inputProblem(at("mpi"), mpi, "set with the kind mpi", remedy)]),
  ];
}

function checkGangTimeout(gang: TrainingGangArgs | undefined, at: (path: string) => string): InputProblem[] {
  if (gang?.timeoutSeconds === undefined || gang.scheduler !== TrainingGangScheduler.volcano) return [];
  const allowed = "a number with the scheduler coscheduling";
  return [inputProblem(at("gang.timeoutSeconds"), gang.timeoutSeconds, allowed, "Volcano has a timeout of its own.")];
}
