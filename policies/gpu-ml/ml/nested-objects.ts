import {
  ARGO_VARIABLE,
  arrayAt,
  joinPaths,
  KATIB_PARAMETER,
  nodeAt,
  parseText,
  stringAt,
  withUnknowns,
  workflowTemplates,
  type Tree,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";

/** A Kubernetes object that a resource is, or that it brings about. */
export interface NestedObject {
  /** Where the object stands in the resource; empty where it is the resource. */
  path: string;
  /** API group and kind, for example `argoproj.io/Workflow`; the core group is empty. */
  kind: string;
  /** The object; what Argo or Katib fill in later is unknown. */
  tree: Tree;
}

/** The spec of a workflow, by the kind of the object that has it. */
const WORKFLOW_SPECS: Readonly<Record<string, string>> = {
  "argoproj.io/Workflow": "spec",
  "argoproj.io/WorkflowTemplate": "spec",
  "argoproj.io/ClusterWorkflowTemplate": "spec",
  "argoproj.io/CronWorkflow": "spec.workflowSpec",
};

/** What a workflow holds as text that is read by itself. */
const TEXT_FIELDS = ["podSpecPatch", "manifest"];

const TRIAL = "spec.trialTemplate.trialSpec";

/** Objects lie in objects where an experiment runs a workflow that creates a job; this is beyond. */
const DEEPEST = 4;

const known = new WeakMap<Subject, NestedObject[]>();

/**
 * The object of a resource and those inside it: the items of a list, the manifests that a workflow creates, and the
 * trial of an experiment. So a rule about a kind finds it wherever it comes from.
 */
export function objectsOf(subject: Subject): NestedObject[] {
  const objects = known.get(subject) ?? (subject.kind === undefined ? [] : objectsIn(subject.tree, "", 0));
  known.set(subject, objects);
  return objects;
}

/** Path of the workflow's spec in objects of a kind; undefined where they have none. */
export function workflowSpecPath(kind: string): string | undefined {
  return Object.hasOwn(WORKFLOW_SPECS, kind) ? WORKFLOW_SPECS[kind] : undefined;
}

/** API group and kind as {@link NestedObject} has them; undefined where either is not known. */
export function kindOf(object: Tree): string | undefined {
  const [apiVersion, kind] = [stringAt(object, "apiVersion"), stringAt(object, "kind")];
  if (apiVersion === undefined || kind === undefined) return undefined;
  return `${apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : ""}/${kind}`;
}

function objectsIn(given: Tree, path: string, depth: number): NestedObject[] {
  const kind = kindOf(given);
  if (kind === undefined || depth > DEEPEST) return [];
  const below = (inner: Tree, at: string) => objectsIn(inner, joinPaths(path, at), depth + 1);
  if (kind.endsWith("List")) return arrayAt(given, "items").flatMap((item, index) => below(item, `items[${index}]`));
  const specPath = workflowSpecPath(kind);
  if (specPath !== undefined) {
    const tree = withUnknowns(given, ARGO_VARIABLE, TEXT_FIELDS);
    const created = manifestsOf(nodeAt(tree, specPath), specPath);
    return [{ path, kind, tree }, ...created.flatMap((manifest) => below(manifest.tree, manifest.path))];
  }
  const trial = kind === "kubeflow.org/Experiment" ? withUnknowns(nodeAt(given, TRIAL), KATIB_PARAMETER) : undefined;
  return [{ path, kind, tree: given }, ...below(trial, TRIAL)];
}

/** The objects that the `resource` templates of a workflow write. */
function manifestsOf(spec: Tree, specPath: string): { path: string; tree: Tree }[] {
  return workflowTemplates(spec, specPath).flatMap(({ tree, path }) => {
    const action = stringAt(nodeAt(tree, "resource"), "action") ?? "";
    const manifest = nodeAt(tree, "resource.manifest");
    if (typeof manifest !== "string" || ["get", "delete"].includes(action)) return [];
    return documentsOf(manifest, joinPaths(path, "resource.manifest"));
  });
}

/** The documents of a manifest that are objects or unknown, with their places. */
export function documentsOf(manifest: string, path: string): { path: string; tree: Tree }[] {
  const documents = parseText(manifest, ARGO_VARIABLE);
  return documents.map((tree, index) => ({ path: documents.length === 1 ? `${path}#` : `${path}#[${index}]`, tree }));
}

/** The items of a list, or the object alone where it is none. */
export function itemsOf(object: { path: string; tree: Tree }, depth = 0): { path: string; tree: Tree }[] {
  const isList = stringAt(object.tree, "kind") === "List" && depth < DEEPEST;
  if (!isList) return [object];
  return arrayAt(object.tree, "items").flatMap((tree, index) =>
    itemsOf({ path: joinPaths(object.path, `items[${index}]`), tree }, depth + 1),
  );
}
