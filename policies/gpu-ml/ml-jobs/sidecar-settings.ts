import { childAt, isUnknown, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import { stepsOf, type Edit } from "../../engine/edit";
import { nodeAtPath } from "../../engine/path";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";

/**
 * Name of the label by which pods say whether they get a proxy of the mesh, and of the annotation that did so before.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/ 1.30
 */
export const INJECT = "sidecar.istio.io/inject";

/** What pods say to the mesh, each value as it is written; unknown where it is not known yet. */
export interface SidecarSettings {
  label: Tree;
  labelPath: string;
  annotation: Tree;
  /** Whether their proxy is an init container that ends with them, as far as they say so themselves. */
  native: Tree;
}

/** Reads what pods say to the mesh. */
export function sidecarSettingsOf(subject: Subject, pods: PodGroup): SidecarSettings {
  const labels = metadataOf(subject, pods, "labels");
  const annotations = metadataOf(subject, pods, "annotations");
  return {
    label: valueAt(pods, labels, INJECT),
    labelPath: pathInPodSet(pods, `metadata.labels["${INJECT}"]`),
    annotation: valueAt(pods, annotations, INJECT),
    native: valueAt(pods, annotations, "sidecar.istio.io/nativeSidecar"),
  };
}

/** The change that keeps the mesh away; none where the pods are not written in the object itself. */
export function withoutSidecar(pods: PodGroup, { labelPath }: SidecarSettings): { fix?: Edit[] } {
  const isWrittenHere = pods.completedBy === undefined && stepsOf(labelPath) !== undefined;
  return isWrittenHere ? { fix: [{ path: labelPath, value: "false" }] } : {};
}

/** The labels or annotations of pods; unknown where they are, which the pods themselves do not tell. */
function metadataOf({ tree }: Subject, pods: PodGroup, field: string): Tree {
  const raw = nodeAtPath(tree, pathInPodSet(pods, `metadata.${field}`));
  return isUnknown(raw) ? raw : childAt(pods.template.metadata, field);
}

/** What is absent may be in the object that completes the pods. */
function valueAt(pods: PodGroup, fields: Tree, key: string): Tree {
  const value = childAt(fields, key) ?? undefined;
  return value === undefined && pods.completedBy !== undefined ? UNKNOWN : value;
}
