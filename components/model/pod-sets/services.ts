import { childAt, objectAt, type Tree } from "../tree";
import { mergedMetadata, picked } from "./parts";
import type { PodSet } from "./pod-set";
import { podsAt, podSetsAt, type PodFinder, type PodPlace } from "./finder";
import { alone, countOf, type PodSetSize } from "./sizes";

/** A Notebook that is stopped keeps its object and has no pods. */
const STOPPED = "kubeflow-resource-stopped";

const revision: PodPlace = { owner: "spec", template: "template", size: knativePods };

/** Kinds that keep one pod, or as many as requests need, besides those of KServe. */
export const serviceKinds: [kind: string, find: PodFinder][] = [
  /** @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/notebook-controller */
  ["kubeflow.org/Notebook", notebookPods],
  ["kubeflow.org/PVCViewer", podsAt({ owner: "spec", template: "podSpec", form: "spec", size: () => alone(1) })],
  ["kubeflow.org/PodDefault", podDefault],
  /** @see https://github.com/knative/specs/blob/main/specs/serving/knative-api-specification-1.0.md */
  ["serving.knative.dev/Service", podsAt(revision)],
  ["serving.knative.dev/Configuration", podsAt(revision)],
  ["serving.knative.dev/Revision", podsAt({ owner: "", template: "", size: () => alone(undefined) })],
];

function notebookPods(object: Tree): PodSet[] {
  const isStopped = objectAt(childAt(object, "metadata"), "annotations")?.[STOPPED] !== undefined;
  return podSetsAt(object, [{ owner: "spec", template: "template", size: () => alone(isStopped ? 0 : 1) }]);
}

/** As many as the annotation allows; without it, or with 0, there is no limit. */
function knativePods(spec: Tree): PodSetSize {
  const annotations = childAt(childAt(childAt(spec, "template"), "metadata"), "annotations");
  const limit = ["max-scale", "maxScale"].map((key) => countOf(childAt(annotations, `autoscaling.knative.dev/${key}`)));
  return alone(limit.find((count) => count !== undefined && count > 0));
}

/** What a PodDefault adds to pods of others: fields of their spec, and sidecars beside their containers. */
function podDefault(object: Tree): PodSet[] {
  const spec = objectAt(object, "spec");
  if (spec === undefined) return [];
  const fields = ["initContainers", "tolerations", "volumes", "serviceAccountName"];
  return [
    {
      path: "spec",
      ...alone(0),
      template: { metadata: mergedMetadata(spec), spec: picked(spec, [...fields, ["sidecars", "containers"]]) },
      places: { spec: "spec", metadata: "spec", "spec.containers": "spec.sidecars" },
    },
  ];
}
