import { compact, renderToleration } from "../../internal";
import { GPU_RESOURCE, POOL_LABEL, TaintEffect } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { TrainingGangScheduler, type TrainingRuntimeArgs, TrainingRuntimeKind } from "./training-runtime-args";

/** Seconds after which a finished job's pods are deleted where nothing else is said: a day. */
const DAY_SECONDS = 86_400;

/** User `mpiuser` of the images for MPI. */
const MPI_USER = 1000;

/** Label of the pods that a TrainJob's own settings go to. */
const trainerStep = { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" };

/** Label of a runtime by which tools tell its framework. */
const FRAMEWORK_LABEL = "trainer.kubeflow.org/framework";

/** A ClusterTrainingRuntime, or a TrainingRuntime where it is for one namespace; leaves may be outputs. */
export interface TrainingRuntimeManifest {
  apiVersion: string;
  kind: string;
  metadata: ChartValues;
  spec: ChartValues;
}

/**
 * The resource that a {@link TrainingRuntime} with these arguments is.
 *
 * @param name name of the runtime where the arguments give none.
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/manifests/base/runtimes
 */
export function trainingRuntimeManifest(name: string, args: TrainingRuntimeArgs): TrainingRuntimeManifest {
  const { namespace, kind = TrainingRuntimeKind.torch, framework = kind } = args;
  const own = compact({
    mlPolicy: mlPolicy(args),
    podGroupPolicy: podGroupPolicy(args),
    template: { spec: { ...(kind === TrainingRuntimeKind.mpi ? mpiJobs(args) : nodeJobs(args)), ...lifetime(args) } },
  });
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: namespace === undefined ? "ClusterTrainingRuntime" : "TrainingRuntime",
    metadata: compact({
      name: args.runtimeName ?? name,
      namespace,
      labels: { [FRAMEWORK_LABEL]: framework, ...args.labels },
    }),
    spec: withValues(own, args.spec),
  };
}

function mlPolicy(args: TrainingRuntimeArgs) {
  const { kind = TrainingRuntimeKind.torch, nodes = 1 } = args;
  if (kind === TrainingRuntimeKind.plain) return { numNodes: nodes };
  return { numNodes: nodes, [kind]: kind === TrainingRuntimeKind.mpi ? mpiPolicy(args) : {} };
}

/** With one process, Trainer counts the GPUs of a node instead. */
function mpiPolicy({ processesPerNode = 1, mpi = {} }: TrainingRuntimeArgs) {
  return {
    numProcPerNode: processesPerNode,
    mpiImplementation: "OpenMPI",
    sshAuthMountPath: mpi.sshFolder ?? "/home/mpiuser/.ssh",
    runLauncherAsNode: mpi.launcherIsNode ?? true,
  };
}

function podGroupPolicy({ gang }: TrainingRuntimeArgs) {
  if (gang === undefined) return undefined;
  if (gang.scheduler === TrainingGangScheduler.volcano) return { volcano: {} };
  return { coscheduling: { scheduleTimeoutSeconds: gang.timeoutSeconds ?? 60 } };
}

function lifetime({ maxRestarts = 0, ttlSecondsAfterFinished = DAY_SECONDS }: TrainingRuntimeArgs) {
  return { failurePolicy: { maxRestarts }, ttlSecondsAfterFinished };
}

function nodeJobs(args: TrainingRuntimeArgs) {
  return { replicatedJobs: [replicatedJob("node", args, trainerStep, true)] };
}

/** The nodes serve SSH; the launcher, which a job's own settings go to, starts once they do. */
function mpiJobs(args: TrainingRuntimeArgs) {
  const { launcherIsNode = true, sshServerConfig = "/home/mpiuser/.sshd_config", sshPort = 2222 } = args.mpi ?? {};
  const server = {
    command: ["/usr/sbin/sshd"],
    args: ["-De", "-f", sshServerConfig],
    readinessProbe: { tcpSocket: { port: sshPort }, initialDelaySeconds: 5 },
  };
  const launcher = replicatedJob("launcher", args, trainerStep, launcherIsNode);
  return {
    // The launcher asks for the addresses of the nodes before these are ready.
    network: { publishNotReadyAddresses: true },
    successPolicy: { operator: "All", targetReplicatedJobs: ["launcher"] },
    replicatedJobs: [
      replicatedJob("node", args, undefined, true, server),
      { ...launcher, dependsOn: [{ name: "node", status: "Ready" }] },
    ],
  };
}

function replicatedJob(
  name: string,
  args: TrainingRuntimeArgs,
  labels: Record<string, string> | undefined,
  isNode: boolean,
  container: object = {},
) {
  return {
    name,
    template: compact({
      metadata: labels === undefined ? undefined : { labels },
      spec: { template: { spec: podSpec(args, isNode, container) } },
    }),
  };
}

function podSpec(args: TrainingRuntimeArgs, isNode: boolean, container: object) {
  const { kind, pool, gpusPerNode, serviceAccountName } = args;
  const runAsUser = args.runAsUser ?? (kind === TrainingRuntimeKind.mpi ? MPI_USER : undefined);
  const gpuTaint = { key: GPU_RESOURCE, effect: TaintEffect.noSchedule };
  const tolerations = [...(isNode && gpusPerNode !== 0 ? [gpuTaint] : []), ...(args.tolerations ?? [])];
  const shared = isNode ? sharedMemory(args) : undefined;
  return compact({
    nodeSelector: isNode && pool !== undefined ? { [POOL_LABEL]: pool } : undefined,
    tolerations: tolerations.length === 0 ? undefined : tolerations.map(renderToleration),
    serviceAccountName,
    automountServiceAccountToken: serviceAccountName === undefined ? false : undefined,
    securityContext: {
      seccompProfile: { type: "RuntimeDefault" },
      ...(runAsUser === undefined ? {} : { runAsNonRoot: true, runAsUser, fsGroup: runAsUser }),
    },
    containers: [
      {
        ...compact({
          name: "node",
          image: args.image,
          command: args.command,
          args: args.args,
          workingDir: args.workingDir,
          env: args.env === undefined ? undefined : Object.entries(args.env).map(([name, value]) => ({ name, value })),
          resources: isNode ? resources(args) : undefined,
          securityContext: { allowPrivilegeEscalation: false, capabilities: capabilities(args) },
          volumeMounts: shared === undefined ? undefined : [{ name: "shared-memory", mountPath: "/dev/shm" }],
        }),
        ...container,
      },
    ],
    volumes:
      shared === undefined ? undefined : [{ name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: shared } }],
  });
}

/** The SSH server of images for MPI is marked to get this one, and does not start where it cannot be had. */
function capabilities({ kind }: TrainingRuntimeArgs) {
  return { drop: ["ALL"], ...(kind === TrainingRuntimeKind.mpi ? { add: ["NET_BIND_SERVICE"] } : {}) };
}

function resources({ cpu, memory, gpusPerNode = 0 }: TrainingRuntimeArgs) {
  const devices = gpusPerNode === 0 ? {} : { [GPU_RESOURCE]: String(gpusPerNode) };
  const requests = compact({ cpu, memory, ...devices });
  const limits = compact({ memory, ...devices });
  return Object.keys(requests).length === 0 ? undefined : { requests, limits };
}

/** Kinds whose processes share memory, between data loaders or between GPUs. */
const sharingKinds: TrainingRuntimeKind[] = [
  TrainingRuntimeKind.torch,
  TrainingRuntimeKind.mpi,
  TrainingRuntimeKind.jax,
];

function sharedMemory({ kind = TrainingRuntimeKind.torch, sharedMemory: size }: TrainingRuntimeArgs) {
  return size ?? (sharingKinds.includes(kind) ? "8Gi" : undefined);
}
