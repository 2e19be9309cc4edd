import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree } from "../tree";
import { isUnknown } from "../unknown";
import { without } from "./finder";
import { patched } from "./patch";
import { joinKey, joinPaths } from "./pod-set";

/** One template of a workflow: a pod, or steps that lead to others. */
export interface WorkflowTemplate {
  /** For example `spec.templates[2]` or, inline, `spec.templates[2].dag.tasks[0].inline`. */
  path: string;
  /** By which steps name it; inline templates have none. */
  name: string | undefined;
  /** The template with the defaults of the workflow in it; unknown where it is. */
  tree: Tree;
  /** Path of the spec that it stands in, whose templates its steps mean. */
  scope: string;
  /** It is in another object that is not at hand; then its path is that of the field which names it. */
  isElsewhere?: true;
}

/** Fields of which a template has one, that says what it is. */
const TYPES = ["container", "containerSet", "steps", "dag", "script", "resource", "data", "suspend", "http", "plugin"];

/** The types that run a pod of their own. */
const POD_TYPES = ["container", "containerSet", "script", "resource", "data"];

/** Lists of a template that are merged with those of defaults by the key of their items, beside the ones of pods. */
export const TEMPLATE_MERGE_KEYS = {
  sidecars: "name",
  tolerations: "key",
  parameters: "name",
  artifacts: "name",
  tasks: "name",
};

/** Inline templates have steps with inline templates only where someone plays with it. */
const DEEPEST_INLINE = 10;

/**
 * All templates of a workflow with their defaults, inline ones behind the one that has them.
 *
 * @param defaults those of the workflow that runs the templates, which are its own unless these are another's.
 */
export function workflowTemplates(
  spec: Tree,
  path: string,
  defaults: Tree = childAt(spec, "templateDefaults"),
): WorkflowTemplate[] {
  return arrayAt(spec, "templates").flatMap((tree, index) =>
    withInline({ path: `${path}.templates[${index}]`, name: stringAt(tree, "name"), tree, scope: path }, defaults, 0),
  );
}

/** What a template is, for example `dag`; undefined where it says none or several are unknown. */
export function typeOf(tree: Tree): string | undefined {
  return TYPES.find((type) => (childAt(tree, type) ?? undefined) !== undefined);
}

/** Tells whether a template runs a pod of its own. */
export function isPodTemplate(tree: Tree): boolean {
  return POD_TYPES.includes(typeOf(tree) ?? "");
}

/** One step of `steps` or one task of a `dag`. */
export interface WorkflowStep {
  /** Path of the step; its inline template is at `inline` below it. */
  path: string;
  /** The step itself. */
  tree: Tree;
}

/** The steps of a template as groups one after another; a `dag` has one group of tasks. */
export function stepGroupsOf({ path, tree }: Pick<WorkflowTemplate, "path" | "tree">): WorkflowStep[][] {
  const type = typeOf(tree);
  if (type === "dag") {
    const tasks = arrayAt(objectAt(tree, "dag"), "tasks");
    return [tasks.map((task, index) => ({ path: `${path}.dag.tasks[${index}]`, tree: task }))];
  }
  if (type !== "steps") return [];
  return arrayAt(tree, "steps").map((group, index) =>
    (Array.isArray(group) ? group : []).map((step, place) => ({
      path: `${path}.steps[${index}][${place}]`,
      tree: step,
    })),
  );
}

/** What runs at events of a step or workflow: each says which template, as a step does. */
export function hooksOf({ path, tree }: WorkflowStep): WorkflowStep[] {
  const hooks = Object.entries(objectAt(tree, "hooks") ?? {}).map(([name, hook]): WorkflowStep => ({
    path: joinKey(joinPaths(path, "hooks"), name),
    tree: hook,
  }));
  const template = isUnknown(tree) ? undefined : (childAt(tree, "onExit") ?? undefined);
  return template === undefined ? hooks : [{ path: joinPaths(path, "onExit"), tree: { template } }, ...hooks];
}

function withInline(template: WorkflowTemplate, defaults: Tree, depth: number): WorkflowTemplate[] {
  if (depth > DEEPEST_INLINE || (!isTreeObject(template.tree) && !isUnknown(template.tree))) return [];
  const whole: WorkflowTemplate = { ...template, tree: withDefaults(template.tree, defaults) };
  const inline = stepGroupsOf(whole).flatMap((steps) =>
    steps.flatMap(({ path, tree }): WorkflowTemplate[] => {
      const at = objectAt(tree, "inline");
      return at === undefined ? [] : [{ path: `${path}.inline`, name: undefined, tree: at, scope: template.scope }];
    }),
  );
  return [whole, ...inline.flatMap((inner) => withInline(inner, defaults, depth + 1))];
}

/** Defaults for templates of another type than this one do not count. */
function withDefaults(tree: Tree, defaults: Tree): Tree {
  if (!isTreeObject(defaults) || isUnknown(tree)) return tree;
  const type = typeOf(tree);
  const others = TYPES.filter((other) => other !== type);
  return patched(without(defaults, others), tree, TEMPLATE_MERGE_KEYS);
}
