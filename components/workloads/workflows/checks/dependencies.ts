import { type TaskDependency, TaskResult, type WorkflowTask } from "../definition";
import { variablesIn } from "./variables";

/** How a task must have ended whose outputs another one uses, where that one says nothing. */
const FOR_OUTPUTS = TaskResult.succeeded;

/** Names of the tasks whose outputs or status a task uses. */
export function usedTasks(task: WorkflowTask, prefix: "tasks" | "steps"): string[] {
  const { arguments: given, when, withParam } = task;
  const names = variablesIn({ given, when, withParam }, "").flatMap((variable) => variable.names);
  const used = names.flatMap((name) => {
    const [root, other] = name.split(".");
    return root === prefix && other !== undefined ? [other] : [];
  });
  return [...new Set(used)];
}

/** What must be done before a task of a `dag`: what it says itself, and the tasks whose outputs it uses. */
export function dependenciesOf(task: WorkflowTask): Required<TaskDependency>[] {
  const said = (task.after ?? []).map(({ task: other, result = TaskResult.succeededOrSkipped }) => ({
    task: other,
    result,
  }));
  const isSaid = (other: string) => said.some((each) => each.task === other && usesOutputsAfter.has(each.result));
  const used = usedTasks(task, "tasks").filter((other) => !isSaid(other));
  const others = said.filter(({ task: other }) => !used.includes(other));
  return [...others, ...used.map((other) => ({ task: other, result: FOR_OUTPUTS }))];
}

/** Results after which the outputs of a task are there, or some of them. */
const usesOutputsAfter = new Set<TaskResult>([TaskResult.succeeded, TaskResult.anySucceeded]);

/** Names of the tasks that may be left out, because of a condition, an empty list, or what they depend on. */
export function skippableTasks(tasks: WorkflowTask[]): Set<string> {
  const found = new Set<string>();
  const isSkippable = (task: WorkflowTask) =>
    (task.when ?? []).length > 0 ||
    task.withParam !== undefined ||
    dependenciesOf(task).some(({ task: other, result }) => !ALWAYS_MET.has(result) && found.has(other)) ||
    (task.after ?? []).some(({ result }) => result !== undefined && ONLY_AFTER_FAILURE.has(result));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const task of tasks.filter(isSkippable)) found.add(task.name);
  }
  return found;
}

const ALWAYS_MET = new Set<TaskResult>([TaskResult.ended, TaskResult.succeededOrSkipped]);
const ONLY_AFTER_FAILURE = new Set<TaskResult>([TaskResult.failed, TaskResult.allFailed]);

/** The first circle of tasks that wait for each other, its first task at both ends; undefined where there is none. */
export function circleIn(names: string[], before: (name: string) => string[]): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, way: string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of before(name)) {
      const circle = follow(other, [...way, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of names) {
    const circle = follow(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
