import { containersOf, podSetsOf } from "../../components/model/pod-sets";
import type { Tree, TreeObject } from "../../components/model/tree";

/** API version of serving runtimes. */
export const GROUP = "serving.kserve.io/v1alpha1";

/** A runtime for models of the format ONNX; of all namespaces where none is named. */
export function runtime(name: string, spec: TreeObject = {}, namespace?: string): TreeObject {
  return {
    apiVersion: GROUP,
    kind: namespace === undefined ? "ClusterServingRuntime" : "ServingRuntime",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      supportedModelFormats: [{ name: "onnx", version: "1", autoSelect: true, priority: 1 }],
      containers: [{ name: "kserve-container", image: `${name}:1` }],
      ...spec,
    },
  };
}

/** A service whose predictor is this one. */
export function service(predictor: Tree, metadata: TreeObject = { name: "net", namespace: "ml" }): TreeObject {
  return { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService", metadata, spec: { predictor } };
}

/** A predictor of a model of the format ONNX. */
export function model(fields: TreeObject = {}): TreeObject {
  return { model: { modelFormat: { name: "onnx" }, ...fields } };
}

/** The image of the server, which tells the runtime; undefined where none is followed. */
export function imageFor(predictor: TreeObject, others: TreeObject[]): Tree {
  const [set] = podSetsOf(service(predictor), others);
  return set!.completedBy === undefined ? containersOf(set!)[0]!.container.image : undefined;
}

/** The spec of a runtime that chooses itself for a format. */
export function format(fields: TreeObject): TreeObject {
  return { supportedModelFormats: [{ name: "onnx", autoSelect: true, ...fields }] };
}
