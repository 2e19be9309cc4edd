import { type HardwareArgs, type PodArgs, podOfRole } from "../pods";
import type { MpiJobArgs, MpiSshArgs } from "./mpi-job-args";
import type { TrainingRole } from "./training-role";

/** GPUs of each worker of a job whose author says nothing. */
export const GPUS_OF_WORKER = 1;

/** User `mpiuser` of the operator's images. */
const MPI_USER = 1000;

/**
 * How the operator's own images serve SSH.
 *
 * @see https://github.com/kubeflow/mpi-operator/tree/v0.8.2/build/base
 */
const OPERATOR_IMAGE: Required<MpiSshArgs> = {
  folder: "/home/mpiuser/.ssh",
  serverConfig: "/home/mpiuser/.sshd_config",
  port: 2222,
};

/** The two roles of an {@link MpiJob}. */
export interface MpiRoles {
  launcher: TrainingRole;
  worker: TrainingRole;
}

/** The roles of a job; total, so that checks may use it on arguments that are still unchecked. */
export function mpiRoles(args: MpiJobArgs): MpiRoles {
  const { launcher = {}, runLauncherAsWorker = false } = args;
  const workers = args.workers ?? {};
  const program = { ...args, runAsUser: args.runAsUser ?? MPI_USER };
  const { command: _command, args: _args, ...surroundings } = program;
  const serving = { command: ["/usr/sbin/sshd", "-De", "-f", mpiSsh(args).serverConfig] };
  const hasProgram = workers.command !== undefined || workers.args !== undefined;
  const worker = podOfRole(surroundings, hasProgram ? workers : { ...workers, ...serving });
  const launcherWords = runLauncherAsWorker ? { ...hardwareIn(worker), ...launcher } : launcher;
  const { replicas = 1 } = workers;
  const peers = runLauncherAsWorker ? replicas + 1 : replicas;
  return {
    launcher: {
      type: "Launcher",
      path: "launcher.",
      given: launcher,
      pod: podOfRole(program, launcherWords),
      replicas: 1,
      // Each try has a pod of its own, so that the logs of those that failed stay.
      restartPolicy: "Never",
      defaultGpus: runLauncherAsWorker ? GPUS_OF_WORKER : 0,
      peers: runLauncherAsWorker ? peers : 1,
    },
    worker: {
      type: "Worker",
      path: "workers.",
      given: workers,
      pod: worker,
      replicas,
      // A server that was killed together with its program must be there again for the next try.
      restartPolicy: "OnFailure",
      defaultGpus: GPUS_OF_WORKER,
      peers,
    },
  };
}

/** How the image of a job serves SSH, with all defaults filled in. */
export function mpiSsh({ ssh }: MpiJobArgs): Required<MpiSshArgs> {
  return { ...OPERATOR_IMAGE, ...ssh };
}

const HARDWARE = [
  "gpus",
  "gpuMemoryGib",
  "gpuSharing",
  "migProfile",
  "cpu",
  "memory",
  "sharedMemory",
  "pool",
  "tolerations",
  "architecture",
  "efa",
] as const satisfies (keyof HardwareArgs)[];

function hardwareIn(pod: PodArgs): HardwareArgs {
  return Object.fromEntries(HARDWARE.flatMap((key) => (pod[key] === undefined ? [] : [[key, pod[key]]])));
}
