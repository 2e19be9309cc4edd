import { childAt, isTreeObject, objectAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { podSetsAt, unknownPods, without, type PodFinder, type PodPlace } from "./finder";
import { RUNTIME_FIELDS } from "./kserve-fields";
import { inferenceServicePods, replicasOf } from "./kserve-service";
import { mergedMetadata, picked } from "./parts";
import type { PodSet } from "./pod-set";
import { alone } from "./sizes";

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
