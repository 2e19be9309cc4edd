import { compact } from "../../internal";
import { EFA_RESOURCE } from "../../model";
import { type Manifest, objectMetadata, queueLabels, workloadMetadata, type WorkloadMetadata } from "../object";
import { hardwareOf } from "../pods";
import { inferencePods, type InferencePods, SERVER_CONTAINER, stepLabels } from "./inference-pods";
import {
  type CanaryArgs,
  type InferenceServiceArgs,
  RequestLogMode,
  ServingMode,
  type ServingStepArgs,
} from "./inference-service-args";
import { inferenceRoutes } from "./inference-service-routes";
import { autoscalerClass, scalingOf, stepScaling } from "./inference-service-scaling";
import { replicaRange } from "./replicas";
import { servingBudget } from "./serving-pods";
import { rollingUpdate } from "./web-service-manifest";

const PREDICTOR = "predictor";
const WORKER_CONTAINER = "worker-container";
const DEFAULT_PORT = 8080;

/** Variable that has KServe download the model of a server that is no runtime's. */
export const STORAGE_VARIABLE = "STORAGE_URI";

/** Every Kubernetes object of an {@link InferenceService}, in the order in which they are registered. */
export interface InferenceServiceManifests {
  /** InferenceService. */
  service: Manifest;
  /** PodDisruptionBudget, which KServe does not make. */
  budget: Manifest | undefined;
  /** VirtualService of Istio that gives each version its share of the requests within the mesh. */
  split: Manifest | undefined;
  /** VirtualService of Istio for requests from outside. */
  route: Manifest | undefined;
}

/**
 * The Kubernetes objects that an {@link InferenceService} with these arguments is.
 *
 * @param name name of the objects where the arguments give none.
 */
export function inferenceServiceManifests(name: string, args: InferenceServiceArgs): InferenceServiceManifests {
  const metadata = workloadMetadata(name, args, args.image);
  const own = objectMetadata(args, metadata);
  const { fewest } = replicaRange(args, args.gpus ?? 0);
  return {
    service: inferenceServiceManifest(name, args),
    budget: fewest > 1 ? servingBudget(own, stepLabels(metadata.objectName, PREDICTOR)) : undefined,
    ...inferenceRoutes(args, own, metadata.objectName),
  };
}

/**
 * The InferenceService that an {@link InferenceService} with these arguments is.
 *
 * @param name name of the object where the arguments give none.
 * @see https://github.com/kserve/kserve/tree/v0.20.0/pkg/apis/serving/v1beta1
 */
export function inferenceServiceManifest(name: string, args: InferenceServiceArgs): Manifest {
  const { canaries = [], transformer, explainer } = args;
  const metadata = workloadMetadata(name, args, args.image);
  const object = objectMetadata(args, metadata, { ...visibility(args), ...queueLabels(args) });
  return {
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: { ...object, annotations: { ...metadata.annotations, ...modeAnnotations(args) } },
    spec: compact({
      predictor: predictorOf(args, metadata),
      canary: canaries.length === 0 ? undefined : canaries.map((canary) => canaryOf(canary, args)),
      transformer: transformer && stepOf("transformer", transformer, args, metadata),
      explainer: explainer && stepOf("explainer", explainer, args, metadata),
    }),
  };
}

/** How KServe runs the pods; they are as many nodes as a copy of the model is spread over. */
export function podsOf(args: InferenceServiceArgs) {
  const { mode = ServingMode.standard, nodes = 1, pools } = args;
  return { mode, nodes, facts: { pods: nodes, defaultGpus: 0, pools } };
}

/** Upstream gives every model an address outside, where its ingress is set up at all. */
function visibility({ exposed = false }: InferenceServiceArgs): Record<string, string> {
  return exposed ? {} : { "networking.kserve.io/visibility": "cluster-local" };
}

/** Webhooks go by what is written down here, not by what KServe takes for granted. */
function modeAnnotations(args: InferenceServiceArgs): Record<string, string> {
  const { mode, nodes, facts } = podsOf(args);
  const devices = hardwareOf(args, facts);
  return {
    "serving.kserve.io/deploymentMode": mode,
    ...(mode === ServingMode.standard ? { "serving.kserve.io/autoscalerClass": autoscalerClass(args) } : {}),
    // On several nodes, KServe takes each resource for one of GPUs, and refuses what it does not know.
    ...(nodes > 1 && devices.efa > 0
      ? { "serving.kserve.io/gpu-resource-types": JSON.stringify([EFA_RESOURCE, "hugepages-2Mi"]) }
      : {}),
  };
}

function predictorOf(args: InferenceServiceArgs, metadata: WorkloadMetadata) {
  const { mode, nodes, facts } = podsOf(args);
  const { fewest, most } = replicaRange(args, args.gpus ?? 0);
  const pods: InferencePods = { ...facts, metadata, role: PREDICTOR, mode, most: nodes > 1 ? 1 : most };
  const { pod, container } = inferencePods(args, pods);
  return compact({
    ...pod,
    ...serverOf(args, container),
    storageContainerName: args.storageContainer,
    workerSpec: nodes > 1 ? workerOf(args, pod, container, nodes) : undefined,
    minReplicas: fewest,
    maxReplicas: most,
    ...scalingOf(args),
    containerConcurrency: args.containerConcurrency,
    timeout: args.timeoutSeconds,
    canaryTrafficPercent: args.canaryTrafficPercent,
    logger: args.requestLog && { url: args.requestLog.url, mode: args.requestLog.mode ?? RequestLogMode.all },
    deploymentStrategy: mode === ServingMode.standard ? strategyOf(args, nodes) : undefined,
  });
}

/** A server that a runtime describes, or one that is described here. */
function serverOf({ model, storageUri, port = DEFAULT_PORT, mode }: InferenceServiceArgs, container: object) {
  if (model !== undefined) return { model: { ...modelOf(model), ...compact({ storageUri }), ...container } };
  const { env = [] } = container as { env?: object[] };
  const variables = storageUri === undefined ? env : [...env, { name: STORAGE_VARIABLE, value: storageUri }];
  // Knative takes the name of the port for its protocol.
  const ports = [{ name: mode === ServingMode.knative ? "http1" : "http", containerPort: port, protocol: "TCP" }];
  return {
    containers: [{ name: SERVER_CONTAINER, ...container, ...(variables.length > 0 ? { env: variables } : {}), ports }],
  };
}

function modelOf({ format, version, runtime, runtimeVersion, protocol }: InferenceServiceArgs["model"] & object) {
  return compact({
    modelFormat: compact({ name: format, version }),
    runtime,
    runtimeVersion,
    protocolVersion: protocol,
  });
}

/** The pods on the other nodes, which are like the first but for their program: that is the runtime's. */
function workerOf({ gpus }: InferenceServiceArgs, pod: object, container: object, nodes: number) {
  const { labels: _, annotations: __, topologySpreadConstraints: ___, ...spec } = pod as Record<string, unknown>;
  const { command: ____, args: _____, ...worker } = container as Record<string, unknown>;
  return {
    ...spec,
    pipelineParallelSize: nodes,
    tensorParallelSize: gpus,
    containers: [{ name: WORKER_CONTAINER, ...worker }],
  };
}

/** Pods of several nodes find each other anew, and are all needed: KServe would start a second set beside the first. */
function strategyOf({ maxSurge, gpus = 0 }: InferenceServiceArgs, nodes: number) {
  const update = rollingUpdate(maxSurge, gpus);
  return nodes > 1 && update.maxSurge === 0 ? { type: "Recreate" } : { type: "RollingUpdate", rollingUpdate: update };
}

/**
 * KServe lays a canary over the stable version, so it says only what is different; lists are replaced as a whole. Unlike that
 * of the stable version, its server must have a name, or the API server refuses it.
 */
function canaryOf(canary: CanaryArgs, args: InferenceServiceArgs) {
  const { name, trafficPercent, replicas = 1, storageUri, image, runtimeVersion, env } = canary;
  const { model = { format: "" }, ...stable } = args;
  const metadata = { objectName: "", labels: {}, annotations: {} };
  const { mode, facts } = podsOf(args);
  const pods: InferencePods = { ...facts, metadata, role: PREDICTOR, mode, most: 1 };
  const { container } = inferencePods({ ...stable, env: { ...args.env, ...env } }, pods);
  const { env: variables } = container as { env?: object[] };
  const modelFormat = compact({ name: model.format, version: model.version });
  const changes = compact({ storageUri, image, runtimeVersion, env: env === undefined ? undefined : variables });
  const own = { name: SERVER_CONTAINER, modelFormat, ...changes };
  return { predictor: { name, minReplicas: replicas, model: own }, trafficPercent };
}

function stepOf(role: string, step: ServingStepArgs, args: InferenceServiceArgs, metadata: WorkloadMetadata) {
  const { mode } = podsOf(args);
  const { fewest, most } = replicaRange(step, step.gpus ?? 0);
  const pods: InferencePods = { pods: 1, defaultGpus: 0, pools: args.pools, metadata, role, mode, most };
  const { pod, container } = inferencePods(step, pods);
  const { annotations, ...spec } = pod as { annotations?: object };
  const { scaling, class: ofScaling } = stepScaling(step, mode);
  return compact({
    ...spec,
    annotations: annotations === undefined && ofScaling === undefined ? undefined : { ...annotations, ...ofScaling },
    containers: [{ name: SERVER_CONTAINER, ...container }],
    minReplicas: fewest,
    maxReplicas: most,
    ...scaling,
    timeout: args.timeoutSeconds,
    deploymentStrategy: mode === ServingMode.standard ? strategyOf({ gpus: step.gpus ?? 0 }, 1) : undefined,
  });
}
