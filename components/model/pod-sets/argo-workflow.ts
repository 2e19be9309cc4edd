import { childAt, isTreeObject, nodeAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { TEMPLATE_MERGE_KEYS } from "./argo-templates";
import { namespaceOf, type Others } from "./others";
import { present } from "./parts";
import { patched, placesOfMerge } from "./patch";
import { joinPaths } from "./pod-set";
import { ARGO_VARIABLE, withUnknowns } from "./text";

/** What a workflow holds as text: a patch of its pods, and the object of a `resource` template. */
const TEXT_FIELDS = ["podSpecPatch", "manifest"];

/** Lists of a workflow of which the items are merged with those of its template, beside those in a template. */
const MERGE_KEYS = { ...TEMPLATE_MERGE_KEYS, templates: "name" };

/** The spec of a workflow as Argo runs it. */
export interface WholeWorkflow {
  /** With the unknown marker in place of what Argo fills in. */
  spec: Tree;
  /** Where its fields really stand that are not in the object itself; absent where all are. */
  places?: Record<string, string>;
  /** The field that names a template for the whole workflow which is not at hand. */
  missing?: string;
}

/**
 * The workflow at a path of an object, put together with the template that its `workflowTemplateRef` names: where both
 * have a field, that of the workflow counts.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/util/merge.go
 */
export function wholeWorkflow(object: Tree, path: string, others: Others): WholeWorkflow {
  const own = nodeAt(object, path);
  const reference = childAt(own, "workflowTemplateRef") ?? undefined;
  if (isUnknown(own) || reference === undefined) return { spec: filledIn(own) };
  const field = joinPaths(path, "workflowTemplateRef");
  const base = childAt(templateObject(reference, namespaceOf(object), others), "spec");
  if (base === undefined) return { spec: filledIn(own), missing: field };
  const change = isTreeObject(own) ? present(own) : {};
  const from = { base: `${field}#spec`, patch: path };
  return {
    spec: filledIn(patched(base, change, MERGE_KEYS)),
    places: placesOfMerge(base, change, path, from, MERGE_KEYS),
  };
}

/** The WorkflowTemplate that a reference names, or the one of the whole cluster where it says so. */
export function templateObject(reference: Tree, namespace: string | undefined, others: Others): TreeObject | undefined {
  const clusterScope = childAt(reference, "clusterScope");
  if (isUnknown(clusterScope)) return undefined;
  const name = childAt(reference, "name");
  return clusterScope === true
    ? others.named("argoproj.io/ClusterWorkflowTemplate", name)
    : others.named("argoproj.io/WorkflowTemplate", name, namespace);
}

/** The spec of a workflow with the unknown marker in place of what Argo fills in. */
export function filledIn(spec: Tree): Tree {
  return withUnknowns(spec, ARGO_VARIABLE, TEXT_FIELDS);
}
