import { compact } from "../../../internal";
import { calleeOf, type Templates } from "../../workflows/checks/graph-scope";
import { soleName, variablesIn } from "../../workflows/checks/variables";
import {
  type RetryArgs,
  type StepInputs,
  type StepTemplate,
  TaskResult,
  type WorkflowTask,
} from "../../workflows/definition";
import type { Source } from "./sources";
import { argumentText, channelOf, OF_RUN } from "./texts";
import { definitions, valueOf } from "./types";

/** What tasks are made from. */
export interface GraphContext {
  /** The template that has the tasks. */
  template: StepTemplate;
  /** Templates of the definition. */
  templates: Templates;
  /** Whether steps may be left out that were run before. */
  caches: boolean;
}

/** Name of a component. */
export function componentName(template: string): string {
  return `comp-${template}`;
}

/** A task that runs its step once. */
export function stepTask(task: WorkflowTask, { templates, caches }: GraphContext, source: Source) {
  const { inputs } = calleeOf(task, templates)!;
  const { container, retry } = templates.get(task.template!)!;
  return compact({
    cachingOptions: caches ? { enableCache: true } : {},
    componentRef: { name: componentName(task.template!) },
    inputs: taskInputs(task, inputs, source),
    retryPolicy: container === undefined ? undefined : retryPolicy(retry),
  });
}

/** When a task starts where it does not wait for the success of others. */
export function triggerStrategy({ after = [] }: WorkflowTask) {
  const isTolerant = after.some(({ result }) => result === TaskResult.ended);
  return isTolerant ? { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" } : {};
}

/** As many tries as workflows have, and as far apart. */
function retryPolicy({ limit = 2, delaySeconds = 30, factor = 2, maxDelaySeconds = 600 }: RetryArgs = {}) {
  if (limit === 0) return undefined;
  return {
    maxRetryCount: limit,
    backoffDuration: `${delaySeconds}s`,
    backoffFactor: factor,
    backoffMaxDuration: `${maxDelaySeconds}s`,
  };
}

function taskInputs({ arguments: given = {} }: WorkflowTask, inputs: StepInputs, source: Source) {
  const channels = new Map<string, object>();
  const parameters = (inputs.parameters ?? []).flatMap((input): [string, object][] => {
    const value = given.parameters?.[input.name];
    if (value === undefined) return [];
    if (typeof value !== "string") return [[input.name, constant(value)]];
    const sole = soleName(value);
    if (sole !== undefined) return [[input.name, OF_RUN[sole] === undefined ? source(sole) : constant(OF_RUN[sole])]];
    const names = variablesIn(value, "").flatMap((variable) => variable.names);
    for (const name of names) channels.set(channelOf(name), source(name));
    return [[input.name, constant(names.length > 0 ? argumentText(value) : valueOf(value, input))]];
  });
  const artifacts = Object.entries(given.artifacts ?? {}).map(([name, value]): [string, object] => [
    name,
    source(soleName(value)!),
  ]);
  return definitions([...parameters, ...channels], artifacts);
}

function constant(value: unknown) {
  return { runtimeValue: { constant: value } };
}
