import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { podSetsAt, spotsAt, unknownPods, without, type PodFinder, type PodPlace } from "./finder";
import { patched } from "./patch";
import { completedElsewhere, mergedMetadata, picked } from "./parts";
import type { PodSet } from "./pod-set";
import { alone, countAt, product, scaled, together } from "./sizes";

/** Ways to say which container a predictor or explainer runs; its image comes from the runtime or from KServe. */
const MODEL_SERVERS = [
  ...["model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm"],
  ...["paddle", "art"],
];

/** Fields of a component beside those of a pod's spec. */
const COMPONENT_FIELDS = [
  ...MODEL_SERVERS,
  ...["name", "storageUris", "storageContainerName", "workerSpec", "minReplicas", "maxReplicas", "scaleTarget"],
  ...["scaleMetric", "scaleMetricType", "autoScaling", "containerConcurrency", "timeout", "canaryTrafficPercent"],
  ...["logger", "batcher", "labels", "annotations", "deploymentStrategy"],
];

/** Fields of a model server that are none of a container. */
const MODEL_FIELDS = ["modelFormat", "runtime", "protocolVersion", "runtimeVersion", "storageUri", "storage", "type"];

/** The container that KServe names so serves the model. */
const SERVER = "kserve-container";

/**
 * What the router of a graph asks for where the graph does not say: amounts from the configuration of KServe, which are
 * of nothing else.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/config/configmap/inferenceservice.yaml "router"
 */
const ROUTER_AMOUNTS: TreeObject = { cpu: UNKNOWN, memory: UNKNOWN, "ephemeral-storage": UNKNOWN };
const ROUTER_RESOURCES: TreeObject = { requests: ROUTER_AMOUNTS, limits: ROUTER_AMOUNTS };

const runtime: PodPlace = { owner: "spec", template: "", form: "spec", role: "server", size: () => alone(0) };

/**
 * Kinds of KServe 0.20 but LLMInferenceService. Runtimes and containers for storage run nothing by themselves and count
 * 0. Replicas are those of the mode that this platform installs, Standard, unless an annotation says Knative.
 *
 * @see https://github.com/kserve/kserve/tree/v0.20.0/pkg/apis/serving
 */
export const kserveKinds: [kind: string, find: PodFinder][] = [
  ["serving.kserve.io/InferenceService", inferenceServicePods],
  ["serving.kserve.io/InferenceGraph", inferenceGraphPods],
  ["serving.kserve.io/ServingRuntime", servingRuntimePods],
  ["serving.kserve.io/ClusterServingRuntime", servingRuntimePods],
  ["serving.kserve.io/ClusterStorageContainer", storageContainer],
];

function inferenceServicePods(object: Tree): PodSet[] {
  const isKnative = ["Knative", "Serverless"].includes(
    stringAt(childAt(childAt(object, "metadata"), "annotations"), "serving.kserve.io/deploymentMode") ?? "",
  );
  const stable = childAt(childAt(object, "spec"), "predictor");
  const components = ["predictor", "transformer", "explainer"].flatMap((role) =>
    componentPods(childAt(childAt(object, "spec"), role), `spec.${role}`, role, isKnative),
  );
  const canaries = spotsAt(object, "spec.canary[]").flatMap(({ node, path }) => {
    // A canary is the predictor with some changes, and never scales by itself.
    const { maxReplicas: _, minReplicas: __, ...base } = isTreeObject(stable) ? stable : {};
    const replicas = canaryReplicas(node, stable);
    const predictor = { ...(patched(base, childAt(node, "predictor")) as TreeObject), minReplicas: replicas };
    return componentPods(predictor, `${path}.predictor`, "canary", false);
  });
  return [...components, ...canaries];
}

function componentPods(component: Tree, path: string, role: string, isKnative: boolean): PodSet[] {
  if (isUnknown(component)) return [unknownPods(path)];
  if (!isTreeObject(component)) return [];
  const count = replicasOf(component, isKnative);
  const server = MODEL_SERVERS.find((name) => (component[name] ?? undefined) !== undefined);
  const spec = without(component, COMPONENT_FIELDS);
  const template = {
    metadata: mergedMetadata(component),
    spec: server === undefined ? spec : withServer(component, server),
  };
  const containers = arrayAt(template.spec, "containers").length;
  const hasWorkers = objectAt(component, "workerSpec") !== undefined;
  const head: PodSet = {
    path,
    role,
    ...alone(count),
    ...(hasWorkers ? { gang: path } : {}),
    template,
    ...(server === undefined ? {} : { completedBy: `${path}.${server}` }),
    places: {
      spec: path,
      metadata: path,
      ...(server === undefined ? {} : { [`spec.containers[${containers - 1}]`]: `${path}.${server}` }),
    },
  };
  return [head, ...workerPods(component, path, count)];
}

/** Pods of further nodes that one replica of a model is spread over. */
function workerPods(component: TreeObject, path: string, replicas: number | undefined): PodSet[] {
  const workers = objectAt(component, "workerSpec");
  if (workers === undefined) return [];
  const nodes = countAt(workers, "pipelineParallelSize", undefined);
  const others = nodes === undefined ? undefined : Math.max(0, nodes - 1);
  return [
    {
      path: `${path}.workerSpec`,
      role: "worker",
      ...together(others),
      count: product(replicas, others),
      gang: path,
      template: {
        metadata: {},
        spec: completedElsewhere(without(workers, ["pipelineParallelSize", "tensorParallelSize"])),
      },
      completedBy: `${path}.model.runtime`,
      places: { spec: `${path}.workerSpec` },
    },
  ];
}

/** The server is a container beside those that are written out; its image comes from the runtime. */
function withServer(component: TreeObject, server: string): TreeObject {
  const fields = objectAt(component, server);
  const container: Tree = fields && { resources: UNKNOWN, ...without(fields, MODEL_FIELDS), name: SERVER };
  const spec = completedElsewhere(without(component, COMPONENT_FIELDS));
  return { ...spec, containers: [...arrayAt(component, "containers"), container ?? UNKNOWN] };
}

function replicasOf(component: Tree, isKnative: boolean): number | undefined {
  const isUnlimited = isKnative && (countAt(component, "maxReplicas", 0) ?? 0) === 0;
  return isUnlimited ? undefined : scaled(component, "minReplicas", "maxReplicas");
}

function canaryReplicas(canary: Tree, stable: Tree): number | undefined {
  const predictor = childAt(canary, "predictor");
  if (childAt(predictor, "minReplicas") !== undefined) return countAt(predictor, "minReplicas", undefined);
  const [replicas, percent] = [countAt(stable, "minReplicas", 1), countAt(canary, "trafficPercent", undefined)];
  return replicas === undefined || percent === undefined ? undefined : Math.ceil((replicas * percent) / 100);
}

/** The router of a graph; its image and what it asks for by default are settings of KServe. */
function inferenceGraphPods(object: Tree): PodSet[] {
  const spec = childAt(object, "spec");
  if (isUnknown(spec)) return [unknownPods("spec")];
  if (!isTreeObject(spec)) return [];
  const name = picked(childAt(object, "metadata"), ["name"]);
  const router: TreeObject = { ...name, resources: spec.resources ?? ROUTER_RESOURCES };
  const pod = picked(spec, ["affinity", "tolerations", "nodeSelector", "nodeName", "serviceAccountName"]);
  return [
    {
      path: "spec",
      role: "router",
      ...alone(replicasOf(spec, false)),
      template: { metadata: {}, spec: { ...pod, containers: [router] } },
      places: { spec: "spec", "spec.containers[0]": "spec" },
    },
  ];
}

function servingRuntimePods(object: Tree): PodSet[] {
  const sizes: PodPlace[] = [runtime, { ...runtime, template: "workerSpec", role: "worker" }];
  return podSetsAt(object, sizes).map((set) => ({
    ...set,
    template: { metadata: mergedMetadata(set.template.spec), spec: without(set.template.spec, RUNTIME_FIELDS) },
  }));
}

/** Fields of a runtime beside those of a pod's spec. */
const RUNTIME_FIELDS = [
  ...["supportedModelFormats", "multiModel", "disabled", "protocolVersions", "workerSpec", "grpcEndpoint", "labels"],
  ...["grpcDataEndpoint", "httpDataEndpoint", "replicas", "storageHelper", "builtInAdapter", "annotations"],
  ...["pipelineParallelSize", "tensorParallelSize"],
];

/** The container that fetches models, put into the pods that serve them. */
function storageContainer(object: Tree): PodSet[] {
  const spec = childAt(object, "spec");
  if (isUnknown(childAt(spec, "container"))) return [unknownPods("spec.container")];
  const container = objectAt(spec, "container");
  if (container === undefined) return [];
  const template = { metadata: {}, spec: { initContainers: [container] } };
  return [
    { path: "spec", ...alone(0), template, places: { spec: "spec", "spec.initContainers[0]": "spec.container" } },
  ];
}
