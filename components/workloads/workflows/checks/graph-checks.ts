import { checkEnum, type InputProblem, inputProblem, problemAt } from "../../../internal";
import {
  type OutputArtifact,
  type OutputParameter,
  type StepTemplate,
  TaskResult,
  type WorkflowTask,
} from "../definition";
import { checkTaskName, checkUnique } from "./declaration-checks";
import { circleIn, dependenciesOf, skippableTasks, usedTasks } from "./dependencies";
import { isLoop, prefixOf, taskGroups, type Templates, tasksScope } from "./graph-scope";
import { inputScope, joinedScope, type Scope } from "./scope";
import { checkFiles, checkTask, checkValue } from "./task-checks";
import { soleName, variablesIn } from "./variables";
import { onlySource, unused } from "./wording";

/** Checks a template that runs tasks. `run` is what is known of the run. */
export function checkGraph(path: string, template: StepTemplate, templates: Templates, run: Scope): InputProblem[] {
  const prefix = prefixOf(template);
  const groups = taskGroups(template);
  const tasks = groups.flat();
  const known = joinedScope(run, inputScope(template));
  const scopeOf = (task: WorkflowTask, group: number) => {
    const others = prefix === "tasks" ? tasks.filter((other) => other !== task) : groups.slice(0, group).flat();
    return joinedScope(known, tasksScope(prefix, others, templates));
  };
  return [
    ...checkNames(path, template),
    ...groups.flatMap((group, index) =>
      group.flatMap((task, place) =>
        checkTask(taskPath(path, template, index, place), task, { templates, scope: scopeOf(task, index) }),
      ),
    ),
    ...(prefix === "tasks" ? checkDag(path, tasks) : checkSequence(path, groups)),
    ...checkOutputs(path, template, tasks, tasksScope(prefix, tasks, templates)),
    ...checkUsed(path, template, tasks),
  ];
}

function taskPath(path: string, { dag }: StepTemplate, group: number, place: number): string {
  return dag === undefined ? `${path}.steps[${group}].tasks[${place}]` : `${path}.dag.tasks[${place}]`;
}

function checkNames(path: string, template: StepTemplate): InputProblem[] {
  const groups = taskGroups(template);
  const names = groups.flat().map(({ name }) => name);
  const empty = groups.flatMap((group, index) => {
    const at = template.dag === undefined ? `${path}.steps[${index}].tasks` : `${path}.dag.tasks`;
    return group.length > 0 ? [] : [inputProblem(at, group, "at least one task", "Add a task, or remove this.")];
  });
  const none = groups.length > 0 ? [] : [inputProblem(`${path}.steps`, [], "at least one group", "Add tasks.")];
  return [
    ...none,
    ...empty,
    ...groups.flatMap((group, index) =>
      group.flatMap(({ name }, place) => checkTaskName(`${taskPath(path, template, index, place)}.name`, name)),
    ),
    ...(template.dag === undefined
      ? names.flatMap((name, index) =>
          names.indexOf(name) === index
            ? []
            : [inputProblem(`${path}.steps`, name, "a name that no other has among the tasks", "Rename one of them.")],
        )
      : checkUnique(`${path}.dag.tasks`, ".name", names, "the tasks")),
  ];
}

function checkDag(path: string, tasks: WorkflowTask[]): InputProblem[] {
  const names = tasks.map(({ name }) => name);
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const circle = circleIn(names, (name) => {
    const task = byName.get(name);
    return task === undefined ? [] : dependenciesOf(task).map((each) => each.task);
  });
  return [
    ...tasks.flatMap((task, index) => checkAfter(`${path}.dag.tasks[${index}].after`, task, byName)),
    ...(circle === undefined
      ? []
      : [
          problemAt(
            `${path}.dag.tasks`,
            circle.join(" → "),
            "tasks that do not wait for each other",
            "Break the circle.",
          ),
        ]),
  ];
}

const OF_LOOPS = new Set<TaskResult>([TaskResult.anySucceeded, TaskResult.allFailed]);
const WITH_OUTPUTS = new Set<TaskResult>([
  TaskResult.succeeded,
  TaskResult.succeededOrSkipped,
  TaskResult.anySucceeded,
]);

function checkAfter(path: string, task: WorkflowTask, byName: Map<string, WorkflowTask>): InputProblem[] {
  const used = usedTasks(task, "tasks");
  return (task.after ?? []).flatMap(({ task: name, result = TaskResult.succeededOrSkipped }, index) => {
    const at = `${path}[${index}]`;
    const other = byName.get(name);
    if (other === undefined) {
      return [
        inputProblem(`${at}.task`, name, `one of the tasks, ${[...byName.keys()].join(", ")}`, "Name one of these."),
      ];
    }
    const problems = checkEnum(`${at}.result`, result, TaskResult);
    if (OF_LOOPS.has(result) && !isLoop(other)) {
      problems.push(
        inputProblem(`${at}.result`, result, "the result of a loop, as of a task with items", "Choose another."),
      );
    }
    if (used.includes(name) && !WITH_OUTPUTS.has(result)) {
      const remedy = `The outputs of ${name} are there only once it has succeeded.`;
      problems.push(inputProblem(`${at}.result`, result, "succeeded, where its outputs are used", remedy));
    }
    return problems;
  });
}

/** Groups run whatever was left out before, and would then miss the outputs. */
function checkSequence(path: string, groups: WorkflowTask[][]): InputProblem[] {
  const isSkippable = new Set(
    groups
      .flat()
      .filter(({ when = [], withParam }) => when.length > 0 || withParam !== undefined)
      .map(({ name }) => name),
  );
  return groups.flatMap((group, index) =>
    group.flatMap((task, place) => {
      const at = `${path}.steps[${index}].tasks[${place}]`;
      const after = (task.after ?? []).length === 0 ? [] : [afterInSteps(`${at}.after`)];
      const risky = variablesIn({ arguments: task.arguments, when: task.when, withParam: task.withParam }, at).filter(
        ({ names }) => names.some((name) => isSkippable.has(name.split(".")[1] ?? "") && name.startsWith("steps.")),
      );
      const remedy = "Use a dag instead: there, what needs the outputs of a task that is left out is left out as well.";
      return [
        ...after,
        ...risky.map(({ path: where, written }) =>
          problemAt(where, `${written}, of a task that may be left out`, "outputs that are always there", remedy),
        ),
      ];
    }),
  );
}

function afterInSteps(path: string): InputProblem {
  return problemAt(path, "given", "nothing in steps", "Groups run one after another; use a dag for more.");
}

function checkOutputs(path: string, template: StepTemplate, tasks: WorkflowTask[], scope: Scope): InputProblem[] {
  const skippable = template.dag === undefined ? new Set<string>() : skippableTasks(tasks);
  for (const { name, when = [] } of tasks) if (when.length > 0) skippable.add(name);
  const { parameters = [], artifacts = [] } = template.outputs ?? {};
  const sourceOf = (output: OutputParameter | OutputArtifact) => soleName(output.source ?? "")?.split(".")[1] ?? "";
  return [
    ...parameters.flatMap((output, index) => {
      const at = `${path}.outputs.parameters[${index}]`;
      if (output.source === undefined) return [...onlySource(at, output, "source"), missingSource(at)];
      const isSole = soleName(output.source) !== undefined;
      const isRisky = skippable.has(sourceOf(output)) && output.defaultValue === undefined;
      return [
        ...onlySource(at, output, "source"),
        ...(isSole ? checkValue(`${at}.source`, output.source, output, scope) : [missingSource(at, output.source)]),
        ...(isRisky ? [mayBeMissing(`${at}.defaultValue`, output.source, "a value where it is left out")] : []),
      ];
    }),
    ...artifacts.flatMap((output, index) => {
      const at = `${path}.outputs.artifacts[${index}]`;
      if (output.source === undefined) return [...onlySource(at, output, "source"), missingSource(at)];
      const isRisky = skippable.has(sourceOf(output)) && output.optional !== true;
      return [
        ...onlySource(at, output, "source"),
        ...(output.archived === undefined ? [] : [archivedByStep(`${at}.archived`, output.archived)]),
        ...checkFiles(`${at}.source`, output.source, output.type, scope),
        ...(isRisky ? [mayBeMissing(`${at}.optional`, output.source, "true where it may be left out")] : []),
      ];
    }),
  ];
}

function archivedByStep(path: string, archived: boolean): InputProblem {
  return inputProblem(path, archived, "nothing but in a container", "Say it where the files are written.");
}

function missingSource(path: string, given?: string): InputProblem {
  const allowed = "one variable of a task, such as {{tasks.train.outputs.parameters.auc}}";
  return inputProblem(`${path}.source`, given, allowed, "Say which task it comes from.");
}

function mayBeMissing(path: string, source: string, allowed: string): InputProblem {
  return problemAt(path, `missing, while ${source} may be left out`, allowed, "Say what holds then.");
}

function checkUsed(path: string, { inputs = {}, outputs }: StepTemplate, tasks: WorkflowTask[]): InputProblem[] {
  const used = new Set(variablesIn({ tasks, outputs }, "").flatMap(({ names }) => names));
  const of = (kind: "parameters" | "artifacts") =>
    (inputs[kind] ?? []).flatMap(({ name }, index) =>
      used.has(`inputs.${kind}.${name}`) || used.has(`inputs.${kind}`)
        ? []
        : [unused(`${path}.inputs.${kind}[${index}]`, name)],
    );
  return [...of("parameters"), ...of("artifacts")];
}
