import type * as k8s from "@pulumi/kubernetes";
import { gangQueueLabels, type Manifest, objectMetadata, workloadMetadata } from "../object";
import { CONTAINER_SECURITY, type PodContext, type PodTemplate } from "../pods";
import { LauncherCreationPolicy, type MpiJobArgs, MpiImplementation } from "./mpi-job-args";
import { GPUS_OF_WORKER, mpiRoles, mpiSsh } from "./mpi-job-roles";
import { runPolicy } from "./run-policy";
import { jobContext, podsOf, replicaSpec, roleTemplate, type TrainingRole } from "./training-role";

/** Times that a launcher is tried again where nothing is said. */
const DEFAULT_BACKOFF_LIMIT = 3;

/**
 * The MPIJob that an {@link MpiJob} with these arguments is; to be embedded where other objects carry MPIJobs.
 *
 * @param name name of the job where the arguments give none.
 * @see https://github.com/kubeflow/mpi-operator/blob/v0.8.2/pkg/apis/kubeflow/v2beta1/types.go
 */
export function mpiJobManifest(name: string, args: MpiJobArgs): Manifest {
  const { launcherCreationPolicy = LauncherCreationPolicy.waitForWorkersReady, runLauncherAsWorker = false } = args;
  const metadata = workloadMetadata(name, args, args.image);
  const context = jobContext(metadata, args);
  const { launcher, worker } = mpiRoles(args);
  const workerPods = roleTemplate(worker, context, serving(mpiSsh(args).port));
  const launcherPods = roleTemplate(launcher, context, { env: variablesOf(worker, workerPods) });
  const pods = podsOf([launcher, worker]);
  // A launcher that waits for the workers cannot be waited for by them.
  const together = launcherCreationPolicy === LauncherCreationPolicy.atStartup ? pods : worker.replicas;
  return {
    apiVersion: "kubeflow.org/v2beta1",
    kind: "MPIJob",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, pods)),
    spec: {
      slotsPerWorker: args.slotsPerWorker ?? Math.max(1, worker.pod.gpus ?? GPUS_OF_WORKER),
      runLauncherAsWorker,
      launcherCreationPolicy,
      mpiImplementation: args.mpiImplementation ?? MpiImplementation.openMpi,
      sshAuthMountPath: mpiSsh(args).folder,
      runPolicy: runPolicy({ ...args, backoffLimit: args.backoffLimit ?? DEFAULT_BACKOFF_LIMIT }, together),
      mpiReplicaSpecs: {
        Launcher: replicaSpec(launcher, launcherPods),
        Worker: replicaSpec(worker, workerPods),
      },
    },
  };
}

/**
 * What makes a container serve SSH. The server in the operator's images is marked to get the one capability, and does not
 * start where it cannot be had.
 *
 * @see https://github.com/kubeflow/mpi-operator/blob/v0.8.2/build/base/Dockerfile
 */
function serving(port: number): Partial<PodContext> {
  const capabilities = { ...CONTAINER_SECURITY.capabilities, add: ["NET_BIND_SERVICE"] };
  return {
    container: {
      securityContext: { ...CONTAINER_SECURITY, capabilities },
      readinessProbe: { tcpSocket: { port }, periodSeconds: 5 },
    },
  };
}

/**
 * What the workload itself sets for its workers, such as NCCL's variables. Programs do not see the variables of the SSH server
 * that started them, so the launcher has them too and hands them on (`mpirun -x NCCL_DEBUG`; `horovodrun` does it by itself).
 */
function variablesOf({ pod }: TrainingRole, { spec }: PodTemplate): Record<string, string> {
  const [container] = spec.containers as k8s.types.input.core.v1.Container[];
  const variables = (container?.env ?? []) as { name: string; value: string }[];
  const isOwn = (name: string) => name in (pod.env ?? {}) || name in (pod.secretEnv ?? {});
  return Object.fromEntries(variables.flatMap(({ name, value }) => (isOwn(name) ? [] : [[name, value]])));
}
