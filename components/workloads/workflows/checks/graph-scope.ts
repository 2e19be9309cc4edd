import type { StepInputs, StepOutputs, StepTemplate, WorkflowDefinition, WorkflowTask } from "../definition";
import { joinedScope, type Scope, taskScope } from "./scope";

/** Templates by their names. */
export type Templates = Map<string, StepTemplate>;

/** What a task runs, as far as others must know it. */
export interface Callee {
  inputs: StepInputs;
  outputs: StepOutputs;
}

/** The templates of a definition by their names; of several with one name the first. */
export function templatesOf({ templates = [] }: Partial<WorkflowDefinition>): Templates {
  const byName: Templates = new Map();
  for (const template of templates) if (!byName.has(template.name)) byName.set(template.name, template);
  return byName;
}

/** What a task runs; undefined where there is no such template. */
export function calleeOf({ template, templateRef }: WorkflowTask, templates: Templates): Callee | undefined {
  const found = templateRef ?? templates.get(template ?? "");
  return found && { inputs: found.inputs ?? {}, outputs: found.outputs ?? {} };
}

/** Tasks of a template, in groups that run one after another; those of a `dag` are one group. */
export function taskGroups({ dag, steps = [] }: StepTemplate): WorkflowTask[][] {
  return dag === undefined ? steps.map(({ tasks }) => tasks ?? []) : [dag.tasks ?? []];
}

/** What stands before names of tasks in variables. */
export function prefixOf({ dag }: StepTemplate): "tasks" | "steps" {
  return dag === undefined ? "steps" : "tasks";
}

/** Whether a task loops. */
export function isLoop({ withItems, withParam }: WorkflowTask): boolean {
  return withItems !== undefined || withParam !== undefined;
}

/** What is known of the given tasks. */
export function tasksScope(prefix: "tasks" | "steps", tasks: WorkflowTask[], templates: Templates): Scope {
  return joinedScope(
    ...tasks.map((task) => taskScope(prefix, task.name, calleeOf(task, templates)?.outputs, isLoop(task))),
  );
}

/** Names of the templates that a template leads to, and itself. */
export function reachableFrom(names: (string | undefined)[], templates: Templates): Set<string> {
  const found = new Set<string>();
  const follow = (name: string | undefined): void => {
    const template = templates.get(name ?? "");
    if (template === undefined || found.has(template.name)) return;
    found.add(template.name);
    for (const task of taskGroups(template).flat()) follow(task.template);
  };
  names.forEach(follow);
  return found;
}
