import { type InputProblem, inputProblem, problemAt } from "../../internal";
import type { JobVolume, PodArgs } from "../pods";
import { type StepTemplate, TaskResult, type WorkflowTask } from "../workflows/definition";
import { artifactKeys } from "../workflows/checks/artifact-keys";
import { taskGroups } from "../workflows/checks/graph-scope";
import { pathTo, soleName, variablesIn } from "../workflows/checks/variables";
import { foreignVariables, OF_RUN } from "./ir/texts";
import type { PipelineArgs } from "./pipeline-args";

/** Settings that Pipelines keep for all pipelines, or do not have. */
const OF_WORKFLOWS = [
  "queue",
  "queuePriority",
  "parallelism",
  "activeDeadlineSeconds",
  "secondsAfterCompletion",
  "secondsAfterSuccess",
  "secondsAfterFailure",
  "podCleanup",
  "artifactCleanup",
  "volumeClaims",
  "priority",
  "archiveLogs",
  "artifactStore",
  "artifactRepository",
  "serviceAccountName",
  "resourceServiceAccountName",
  "createsRights",
  "mutexes",
  "semaphores",
] as const;

/** @see https://github.com/kubeflow/pipelines/blob/2.17.0/backend/src/crd/kubernetes/v2beta1/pipelineversion_types.go */
const VERSION_NAME = /^(?=.{1,253}$)[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;

/** Checks what Kubeflow Pipelines can keep and run of a definition that is valid by itself. */
export function checkNative(_name: string, args: PipelineArgs): InputProblem[] {
  const { definition, native = {} } = args;
  const { versionName } = native;
  return [
    ...OF_WORKFLOWS.filter((field) => args[field] !== undefined).map((field) =>
      problemAt(
        field,
        "given",
        "nothing with native",
        "Leave it out; Pipelines are configured for all pipelines at once.",
      ),
    ),
    ...(versionName === undefined || VERSION_NAME.test(versionName)
      ? []
      : [inputProblem("native.versionName", versionName, "lower case, digits, inner hyphens and dots", "Rename it.")]),
    ...definition.templates.flatMap((template, index) => checkTemplate(`definition.templates[${index}]`, template)),
  ];
}

function checkTemplate(path: string, template: StepTemplate): InputProblem[] {
  const { container, resource, suspend } = template;
  const unknown = resource ? "resource" : suspend ? "suspend" : undefined;
  const { mutexes, semaphores, parallelism, retry = {} } = template;
  const foreign = {
    mutexes,
    semaphores,
    parallelism,
    "dag.failFast": template.dag?.failFast,
    "retry.policy": retry.policy,
    "retry.permanentExitCodes": retry.permanentExitCodes,
  };
  return [
    ...(unknown === undefined ? [] : [lacking(`${path}.${unknown}`, "containers, dags and steps")]),
    ...Object.entries(foreign).flatMap(([field, value]) =>
      value === undefined ? [] : [lacking(`${path}.${field}`, "nothing")],
    ),
    ...(container === undefined ? [] : checkContainer(`${path}.container`, container)),
    ...(container === undefined ? [] : checkPaths(path, template)),
    ...checkTasks(path, template),
  ];
}

function lacking(path: string, allowed: string): InputProblem {
  return problemAt(path, "given", `${allowed} with native`, "Pipelines have no such thing; leave native out, or this.");
}

function checkContainer(path: string, pod: PodArgs): InputProblem[] {
  const { priorityClassName, serviceAccountName, efa, env = {}, volumes = [] } = pod;
  const program = { command: pod.command, args: pod.args };
  return [
    ...Object.entries({ priorityClassName, serviceAccountName, efa }).flatMap(([field, value]) =>
      value === undefined || value === 0 ? [] : [lacking(`${path}.${field}`, "nothing")],
    ),
    ...foreignVariables(program, path).map(({ path: at, written }) =>
      problemAt(at, written, "inputs and outputs with native", "Hand the value on to the step, and use that input."),
    ),
    ...[...variablesIn(env, `${path}.env`), ...variablesIn(pod.image, `${path}.image`)].map(({ path: at, written }) =>
      problemAt(at, written, "values with native", "Pipelines fill in command and args only; hand it on there."),
    ),
    ...volumes.flatMap((volume, index) => checkVolume(`${path}.volumes[${index}]`, volume)),
  ];
}

function checkVolume(path: string, { persistentVolumeClaim, scratch, readOnly, configMap, secret }: JobVolume) {
  const isWrong =
    (persistentVolumeClaim ?? scratch) !== undefined
      ? readOnly === true
      : (configMap ?? secret) !== undefined && readOnly === false;
  if (!isWrong) return [];
  return [
    inputProblem(`${path}.readOnly`, readOnly, "the default with native", "Pipelines mount volumes in one way only."),
  ];
}

/** Pipelines choose where files are. */
function checkPaths(path: string, template: StepTemplate): InputProblem[] {
  const { inputs = {}, outputs = {} } = template;
  const places = [
    ...(inputs.artifacts ?? []).map((each, index) => [`inputs.artifacts[${index}]`, each.path] as const),
    ...(outputs.parameters ?? []).map((each, index) => [`outputs.parameters[${index}]`, each.path] as const),
    ...(outputs.artifacts ?? []).map((each, index) => [`outputs.artifacts[${index}]`, each.path] as const),
  ];
  const defaults = (outputs.parameters ?? []).flatMap(({ defaultValue }, index) =>
    defaultValue === undefined ? [] : [lacking(`${path}.outputs.parameters[${index}].defaultValue`, "nothing")],
  );
  const archives = (outputs.artifacts ?? []).flatMap(({ archived }, index) =>
    archived === undefined ? [] : [lacking(`${path}.outputs.artifacts[${index}].archived`, "nothing")],
  );
  const keys = artifactKeys(path, template).map(([at]) => lacking(at, "the key that Pipelines choose"));
  return [
    ...defaults,
    ...archives,
    ...keys,
    ...places.flatMap(([field, place]) =>
      place === undefined ? [] : [lacking(`${path}.${field}.path`, "the path that the variable tells")],
    ),
  ];
}

function checkTasks(path: string, template: StepTemplate): InputProblem[] {
  const groups = taskGroups(template);
  const tasks = groups.flat();
  const conditional = new Set(tasks.filter(({ when = [] }) => when.length > 0).map(({ name }) => name));
  return [
    ...groups.flatMap((group, index) =>
      group.flatMap((task, place) => {
        const at = template.dag ? `${path}.dag.tasks[${place}]` : `${path}.steps[${index}].tasks[${place}]`;
        return checkTask(at, task, conditional);
      }),
    ),
    ...checkGraphOutputs(path, template),
  ];
}

const KNOWN_RESULTS = new Set<TaskResult>([TaskResult.succeeded, TaskResult.succeededOrSkipped, TaskResult.ended]);

function checkTask(path: string, task: WorkflowTask, conditional: Set<string>): InputProblem[] {
  const { after = [], arguments: args = {}, templateRef } = task;
  const results = after.flatMap(({ result }, index) =>
    result === undefined || KNOWN_RESULTS.has(result)
      ? []
      : [inputProblem(`${path}.after[${index}].result`, result, [...KNOWN_RESULTS].join(", "), "Use one of these.")],
  );
  const isMixed =
    after.some(({ result }) => result === TaskResult.ended) &&
    usesOthers(
      task,
      after.map((each) => each.task),
    );
  const texts = { arguments: task.arguments, when: task.when, withParam: task.withParam };
  const variables = variablesIn(texts, path);
  return [
    ...(templateRef === undefined ? [] : [lacking(`${path}.templateRef`, "templates of this definition")]),
    ...results,
    ...(isMixed
      ? [problemAt(`${path}.after`, "ended beside outputs of others", "one of the two with native", "Split it.")]
      : []),
    ...variables
      .filter(({ isExpression }) => isExpression)
      .map(({ path: at, written }) => problemAt(at, written, "plain variables with native", "Compute it in a step.")),
    ...variables
      .filter(({ names }) =>
        names.some((name) => conditional.has(name.split(".")[1] ?? "") && /^(tasks|steps)\./.test(name)),
      )
      .map(({ path: at, written }) =>
        problemAt(at, written, "outputs of tasks without conditions with native", "Move what needs it into one dag."),
      ),
    ...Object.entries(args.parameters ?? {}).flatMap(([name, value]) =>
      checkRunNames(pathTo(`${path}.arguments.parameters`, name), value),
    ),
  ];
}

function usesOthers(task: WorkflowTask, said: string[]): boolean {
  const names = variablesIn([task.arguments, task.when, task.withParam], "").flatMap((variable) => variable.names);
  return names.some((name) => /^tasks\./.test(name) && !said.includes(name.split(".")[1]!));
}

/** What is known of a run can be an argument by itself, and not a part of one. */
function checkRunNames(path: string, value: unknown): InputProblem[] {
  const names = variablesIn(value, path).flatMap((variable) => variable.names);
  const foreign = names.filter((name) => /^(workflow|tasks\.[^.]+\.status|steps\.[^.]+\.status)\b/.test(name));
  const isSole = typeof value === "string" && OF_RUN[soleName(value) ?? ""] !== undefined;
  if (foreign.length === 0 || isSole) return [];
  const allowed = `${Object.keys(OF_RUN).join(", ")} by themselves with native`;
  return [inputProblem(path, value, allowed, "Hand it on by itself, and join texts in the step.")];
}

/** What may be left out has no default there. */
function checkGraphOutputs(path: string, { outputs = {}, ...template }: StepTemplate): InputProblem[] {
  const risky = new Set(
    taskGroups(template)
      .flat()
      .filter(({ when = [] }) => when.length > 0)
      .map(({ name }) => name),
  );
  const check = (kind: string, all: { source?: string }[]) =>
    all.flatMap(({ source }, index) =>
      risky.has(soleName(source ?? "")?.split(".")[1] ?? "")
        ? [lacking(`${path}.outputs.${kind}[${index}].source`, "outputs of tasks without conditions")]
        : [],
    );
  return [...check("parameters", outputs.parameters ?? []), ...check("artifacts", outputs.artifacts ?? [])];
}
