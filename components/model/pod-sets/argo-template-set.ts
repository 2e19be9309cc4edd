import { childAt, isTreeObject, nodeAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { hooksOf, stepGroupsOf, workflowTemplates, type WorkflowStep, type WorkflowTemplate } from "./argo-templates";
import { filledIn } from "./argo-workflow";
import { mergedMetadata } from "./parts";
import { joinPaths } from "./pod-set";

/** Templates that lead to those of other objects, which lead to others again, and so on, go no further than this. */
const DEEPEST_REFERENCE = 10;

/** The templates that a workflow may run, and which one each of its steps means. */
export interface TemplateSet {
  /** Those of the workflow itself, then those of other objects that it may come to. */
  all: WorkflowTemplate[];
  /** The template that a step or hook of a template means; undefined where it means none that is known. */
  calledBy: (call: WorkflowStep, scope: string) => WorkflowTemplate | undefined;
}

/** Finds the object that a `templateRef` names. */
export type FindTemplateObject = (reference: Tree) => TreeObject | undefined;

/** Specs of objects whose templates were run before, with what Argo fills in: many workflows share one. */
const FILLED_IN = new WeakMap<TreeObject, Tree>();

/**
 * The templates of a workflow, and those of other objects that its steps name. These run with the settings of the workflow
 * and not with those of the object that they stand in, but for the labels and annotations of its pods; the names in
 * their steps are those of that object.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/templateresolution/context.go
 */
export function templateSet(spec: Tree, path: string, find: FindTemplateObject): TemplateSet {
  const own = workflowTemplates(spec, path);
  const scopes = new Map([[path, byName(own)]]);
  const scopeOf = new Map<TreeObject, string>();
  const byPath = new Map(own.map((template) => [template.path, template]));
  const referenced = new Map<string, WorkflowTemplate>();

  const scopeOfObject = (object: TreeObject, place: string): string => {
    const scope = scopeOf.get(object) ?? `${place}#spec`;
    if (scopeOf.has(object)) return scope;
    const templates = foreignTemplates(object, scope, childAt(spec, "templateDefaults"));
    scopeOf.set(object, scope);
    scopes.set(scope, byName(templates));
    for (const template of templates) byPath.set(template.path, template);
    return scope;
  };

  const inOtherObject = (call: WorkflowStep): WorkflowTemplate | undefined => {
    const reference = childAt(call.tree, "templateRef") ?? undefined;
    if (isUnknown(call.tree) || reference === undefined || byPath.has(`${call.path}.inline`)) return undefined;
    const place = joinPaths(call.path, "templateRef");
    const object = place.split("#").length > DEEPEST_REFERENCE ? undefined : find(reference);
    const templates = object && scopes.get(scopeOfObject(object, place));
    const name = childAt(reference, "template");
    const template = typeof name === "string" ? templates?.get(name) : undefined;
    return template ?? { path: place, name: undefined, tree: undefined, scope: path, isElsewhere: true };
  };

  const calledBy = (call: WorkflowStep, scope: string): WorkflowTemplate | undefined => {
    const name = childAt(call.tree, "template");
    const named = typeof name === "string" ? scopes.get(scope)?.get(name) : undefined;
    return byPath.get(`${call.path}.inline`) ?? referenced.get(call.path) ?? named;
  };

  const all = new Set(own);
  const follow = (call: WorkflowStep, scope: string) => {
    const other = inOtherObject(call);
    if (other !== undefined) referenced.set(call.path, other);
    const called = calledBy(call, scope);
    if (called !== undefined) all.add(called);
    else if (isUnknown(childAt(call.tree, "template"))) scopes.get(scope)?.forEach((template) => all.add(template));
  };
  for (const hook of hooksOf({ path, tree: spec })) follow(hook, path);
  // A set that grows is walked to its end.
  for (const template of all) {
    for (const step of stepGroupsOf(template).flat()) {
      for (const call of [step, ...hooksOf(step)]) follow(call, template.scope);
    }
  }
  return { all: [...all], calledBy };
}

/** Where both a template and the object that it stands in have a label or annotation, that of the object counts. */
function foreignTemplates(object: TreeObject, scope: string, defaults: Tree): WorkflowTemplate[] {
  const spec = FILLED_IN.get(object) ?? filledIn(childAt(object, "spec"));
  FILLED_IN.set(object, spec);
  const metadata = nodeAt(spec, "podMetadata");
  return workflowTemplates(spec, scope, defaults ?? null).map((template) => {
    const { tree } = template;
    if (!isTreeObject(tree) || !isTreeObject(metadata)) return template;
    return { ...template, tree: { ...tree, metadata: mergedMetadata(tree.metadata, metadata) } };
  });
}

function byName(templates: WorkflowTemplate[]): Map<string | undefined, WorkflowTemplate> {
  return new Map(templates.map((template) => [template.name, template]));
}
