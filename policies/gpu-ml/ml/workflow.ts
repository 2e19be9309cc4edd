import {
  childAt,
  isTreeObject,
  isUnknown,
  joinPaths,
  nodeAt,
  workflowTemplates,
  type Tree,
  type TreeObject,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { objectsOf, workflowSpecPath } from "./nested-objects";

/** A node of an object with its path from the root of the resource. */
export interface Place {
  path: string;
  tree: Tree;
}

/** The spec of one workflow of Argo; what Argo fills in later is unknown. */
export interface Workflow extends Place {
  tree: TreeObject;
  /** Whether it runs by itself, rather than from a workflow that names it. */
  runs: boolean;
}

/** The workflows that a resource is or creates. */
export function workflowsOf(subject: Subject): Workflow[] {
  return objectsOf(subject).flatMap(({ path, kind, tree }) => {
    const specPath = workflowSpecPath(kind);
    if (specPath === undefined) return [];
    const spec = nodeAt(tree, specPath);
    if (!isTreeObject(spec)) return [];
    return [{ path: joinPaths(path, specPath), tree: spec, runs: !kind.endsWith("Template") }];
  });
}

/** Paths where workflows or their templates may be that are not known yet. */
export function unknownTemplatesOf(subject: Subject): string[] {
  const specs = objectsOf(subject).flatMap(({ path, kind, tree }) => {
    const specPath = workflowSpecPath(kind);
    return specPath !== undefined && isUnknown(nodeAt(tree, specPath)) ? [joinPaths(path, specPath)] : [];
  });
  const lists = workflowsOf(subject).flatMap(({ path, tree }) => {
    if (isUnknown(childAt(tree, "templates"))) return [`${path}.templates`];
    return writtenTemplates({ path, tree }).flatMap((template) => (isUnknown(template.tree) ? [template.path] : []));
  });
  return [...specs, ...lists];
}

/** The templates of a workflow that are known, as they are written; inline ones behind the one that has them. */
export function templatesOf(workflow: Workflow): Place[] {
  return writtenTemplates(workflow).filter(({ tree }) => isTreeObject(tree));
}

function writtenTemplates({ path, tree }: Pick<Workflow, "path" | "tree">): Place[] {
  return workflowTemplates({ ...tree, templateDefaults: undefined }, path);
}

/** Fields that stand in a workflow, in the defaults of its templates, or in a template. */
export function levelsOf(workflow: Workflow): Place[] {
  const defaults: Place = {
    path: `${workflow.path}.templateDefaults`,
    tree: childAt(workflow.tree, "templateDefaults"),
  };
  return [workflow, defaults, ...templatesOf(workflow)];
}

/**
 * Whether what a workflow lacks may come from elsewhere: from the template that it names, or from the workflow that
 * names it.
 */
export function hasBase({ tree, runs }: Workflow): boolean {
  return !runs || (childAt(tree, "workflowTemplateRef") ?? undefined) !== undefined;
}
