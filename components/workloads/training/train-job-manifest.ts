import type * as k8s from "@pulumi/kubernetes";
import { compact } from "../../internal";
import { GPU_MODEL_LABEL } from "../../model";
import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import { gangQueueLabels, type Manifest, objectMetadata, type WorkloadMetadata, workloadMetadata } from "../object";
import { type HardwareFacts, type PodArgs, podTemplate, type PodTemplate } from "../pods";
import type { TrainInitializerArgs, TrainJobArgs } from "./train-job-args";
import { frameworkFacts } from "./train-job-frameworks";

/** GPUs of each node of a job whose author says nothing. */
export const GPUS_OF_TRAIN_NODE = 1;

/** Container of a runtime's nodes that a job is about. */
const NODE = "node";

/**
 * Who patches a runtime, by which Trainer keeps patches apart; Kueue has a name of its own.
 *
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/apis/trainer/v1alpha1/trainjob_types.go "RuntimePatch"
 */
const MANAGER = "mlstack.dev/workload";

/**
 * The TrainJob that a {@link TrainJob} with these arguments is; to be embedded where other objects carry TrainJobs.
 *
 * Program and resources are those of its trainer, and all else of a pod is a patch of the runtime.
 *
 * @param name name of the job where the arguments give none.
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/apis/trainer/v1alpha1/trainjob_types.go
 */
export function trainJobManifest(name: string, args: TrainJobArgs): Manifest {
  const { framework, dataset, model } = args;
  const { runtime, jobs } = frameworkFacts(framework);
  const metadata = workloadMetadata(name, args, args.image);
  const initializers = { "dataset-initializer": dataset, "model-initializer": model };
  const used = Object.entries(initializers).flatMap(([job, given]) => (given === undefined ? [] : [job]));
  const pod = podTemplate(trainJobPod(args), {
    ...metadata,
    ...trainJobFacts(args),
    role: "trainer",
    containerName: NODE,
    topology: args.topology,
    runsToEnd: true,
  });
  const patches = [
    ...used.map((job) => patchOf(job, initializerPatch(job, args, metadata))),
    ...jobs.map((job) => patchOf(job, nodePatch(pod, args))),
  ];
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, trainJobNodes(args))),
    spec: compact({
      runtimeRef: compact({ name: args.runtime ?? runtime, kind: args.runtimeKind }),
      initializer:
        used.length === 0 ? undefined : compact({ dataset: initializerOf(dataset), model: initializerOf(model) }),
      trainer: trainerOf(pod, args),
      runtimePatches: [{ manager: MANAGER, trainingRuntimeSpec: { template: { spec: { replicatedJobs: patches } } } }],
      activeDeadlineSeconds: args.activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    }),
  };
}

/** The nodes of a job. */
export function trainJobNodes({ nodes, framework }: TrainJobArgs): number {
  return nodes ?? frameworkFacts(framework).leastNodes;
}

/** The pods of a job; those without an image of their own have that of the runtime. */
export function trainJobPod(args: TrainJobArgs): PodArgs {
  return { ...args, image: args.image ?? "" };
}

/** What the hardware of nodes follows from. */
export function trainJobFacts(args: TrainJobArgs): HardwareFacts {
  return { pods: trainJobNodes(args), defaultGpus: GPUS_OF_TRAIN_NODE, pools: args.pools };
}

/** Trainer counts by itself only GPUs that are asked for by a name with `gpu` in it, which slices are not. */
function trainerOf({ spec }: PodTemplate, args: TrainJobArgs) {
  const [container] = spec.containers as k8s.types.input.core.v1.Container[];
  const { gpus = GPUS_OF_TRAIN_NODE, processesPerNode = Math.max(1, gpus) } = args;
  return compact({
    image: args.image,
    command: args.command,
    args: args.args,
    env: container!.env,
    numNodes: trainJobNodes(args),
    numProcPerNode: frameworkFacts(args.framework).countsProcesses ? processesPerNode : undefined,
    resourcesPerNode: container!.resources,
  });
}

function initializerOf(initializer: TrainInitializerArgs | undefined) {
  if (initializer === undefined) return undefined;
  const { storageUri, secretName, env } = initializer;
  return compact({
    storageUri,
    secretRef: secretName === undefined ? undefined : { name: secretName },
    env: env && Object.entries(env).map(([name, value]) => ({ name, value })),
  });
}

/** A patch of one of the runtime's jobs, by what its pods shall have. */
function patchOf(name: string, template: object) {
  return { name, template: { spec: { template } } };
}

/** What of a pod a patch may set. Its token is not mounted by the platform's runtimes, and cannot be spoken of here. */
function nodePatch({ metadata, spec }: PodTemplate, args: TrainJobArgs): PodTemplate {
  const [container] = spec.containers as k8s.types.input.core.v1.Container[];
  const { securityContext, volumeMounts } = container!;
  const { nodeSelector, tolerations, serviceAccountName, volumes } = spec;
  return {
    metadata,
    spec: compact({
      nodeSelector,
      tolerations,
      affinity: affinityOf(spec, args),
      serviceAccountName,
      securityContext: spec.securityContext,
      containers: [compact({ name: NODE, securityContext, volumeMounts })],
      volumes,
    }),
  };
}

/** The platform's runtimes let their pods onto GPU nodes, and a patch cannot take that back. */
function affinityOf({ affinity }: PodTemplate["spec"], { gpus, pool }: TrainJobArgs) {
  if (gpus !== 0 || pool !== undefined) return affinity;
  const matchExpressions = [{ key: GPU_MODEL_LABEL, operator: "DoesNotExist" }];
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
  };
  return { ...(affinity as k8s.types.input.core.v1.Affinity | undefined), nodeAffinity };
}

/** Programs that fetch run to their end too, and with the same rights to data as the nodes. */
function initializerPatch(role: string, { serviceAccountName }: TrainJobArgs, metadata: WorkloadMetadata) {
  const alone = { pods: 1, defaultGpus: 0, pools: undefined };
  const pod = podTemplate({ image: "" }, { ...metadata, ...alone, role, runsToEnd: true });
  return { metadata: pod.metadata, ...(serviceAccountName === undefined ? {} : { spec: { serviceAccountName } }) };
}
