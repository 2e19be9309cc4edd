import { compact } from "../../../internal";
import type { PoolShape } from "../../../model";
import { dependenciesOf, usedTasks } from "../../workflows/checks/dependencies";
import {
  isLoop,
  prefixOf,
  taskGroups,
  type Templates,
  tasksScope,
  templatesOf,
} from "../../workflows/checks/graph-scope";
import { inputScope, joinedScope } from "../../workflows/checks/scope";
import { soleName } from "../../workflows/checks/variables";
import type { StepOutputs, StepTemplate, WorkflowDefinition, WorkflowTask } from "../../workflows/definition";
import { executorSpec } from "./executor-spec";
import { type Components, conditionalTask, loopTask } from "./inner-graphs";
import { directSource } from "./sources";
import { componentName, type GraphContext, stepTask, triggerStrategy } from "./step-task";
import { definitions, inputDefinitions, outputDefinitions } from "./types";

/** Version of the form that Pipelines read. */
const SCHEMA_VERSION = "2.1.0";

/** What made the spec; Pipelines show it. */
const SDK_VERSION = "mlstack-0.1.0";

/** What a spec is made from beside the definition. */
export interface PipelineSpecOptions {
  /** What the pipeline is for. */
  description?: string;
  /** Whether steps may be left out that were run before. */
  caches?: boolean;
  /** Pools that are known. */
  pools?: PoolShape[] | undefined;
}

/** Names of the two tasks of the root: the entrypoint, and the step at the end. */
const MAIN_TASK = "pipeline";
const EXIT_TASK = "exit";

/**
 * A definition in the form that Kubeflow Pipelines compile to.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto
 */
export function pipelineSpec(name: string, definition: WorkflowDefinition, options: PipelineSpecOptions = {}) {
  const { description, caches = false, pools } = options;
  const templates = templatesOf(definition);
  const graphs = definition.templates.filter(({ container }) => container === undefined);
  const steps = definition.templates.filter(({ container }) => container !== undefined);
  const executors = steps.map(
    (template) => [executorName(template), executorSpec(template.container!, pools)] as const,
  );
  const context = (template: StepTemplate): GraphContext => ({ template, templates, caches });
  const parts = graphs.map((template) => [template, graphParts(context(template))] as const);
  const components: Components = {
    ...Object.fromEntries(steps.map((template) => [componentName(template.name), stepComponent(template)])),
    ...Object.fromEntries(parts.map(([template, { component }]) => [componentName(template.name), component])),
    ...(Object.assign({}, ...parts.map(([, { inner }]) => inner)) as Components),
  };
  return {
    pipelineInfo: compact({ name, description }),
    components,
    deploymentSpec: { executors: Object.fromEntries(executors) },
    root: rootComponent(definition, templates, caches),
    schemaVersion: SCHEMA_VERSION,
    sdkVersion: SDK_VERSION,
  };
}

/** Name under which the container of a step is listed. */
export function executorName({ name }: StepTemplate): string {
  return `exec-${name}`;
}

function stepComponent(template: StepTemplate) {
  const { inputs = {}, outputs = {} } = template;
  return compact({
    executorLabel: executorName(template),
    inputDefinitions: inputDefinitions(inputs),
    outputDefinitions: outputDefinitions(outputs),
  });
}

function graphParts(context: GraphContext): { component: object; inner: Components } {
  const { inputs = {}, outputs = {} } = context.template;
  const groups = taskGroups(context.template);
  const tasks = groups.flatMap((group, index) =>
    group.map((task) => [task.name, taskParts(task, groups[index - 1] ?? [], context)] as const),
  );
  const component = compact({
    dag: compact({
      outputs: graphOutputs(outputs),
      tasks: Object.fromEntries(tasks.map(([name, { task }]) => [name, task])),
    }),
    inputDefinitions: inputDefinitions(inputs),
    outputDefinitions: outputDefinitions(outputs),
  });
  return { component, inner: Object.assign({}, ...tasks.map(([, { inner }]) => inner)) as Components };
}

function taskParts(task: WorkflowTask, groupBefore: WorkflowTask[], context: GraphContext) {
  const { template, templates } = context;
  const isDag = template.dag !== undefined;
  const scope = joinedScope(
    inputScope(template),
    tasksScope(prefixOf(template), taskGroups(template).flat(), templates),
  );
  const loop = isLoop(task) ? loopTask(task, context, scope) : undefined;
  const outer = (task.when ?? []).length > 0 ? conditionalTask(task, context, scope, loop) : loop;
  const before = isDag
    ? dependenciesOf(task).map((each) => each.task)
    : [...groupBefore.map(({ name }) => name), ...usedTasks(task, "steps")];
  const dependentTasks = [...new Set(before)].sort();
  const strategy = triggerStrategy(task);
  return {
    inner: outer?.components ?? {},
    task: {
      ...(Object.keys(strategy).length > 0 ? { triggerPolicy: strategy } : {}),
      ...(outer === undefined ? stepTask(task, context, directSource) : outer.task(directSource)),
      ...(dependentTasks.length > 0 ? { dependentTasks } : {}),
      taskInfo: { name: task.name },
    },
  };
}

function graphOutputs({ parameters = [], artifacts = [] }: StepOutputs) {
  const sourceOf = (source: string | undefined) => {
    const [, producerSubtask, , , key] = soleName(source ?? "")!.split(".");
    return { producerSubtask, key };
  };
  return definitions(
    parameters.map(({ name, source }) => {
      const { producerSubtask, key } = sourceOf(source);
      return [name, { valueFromParameter: { producerSubtask, outputParameterKey: key } }];
    }),
    artifacts.map(({ name, source }) => {
      const { producerSubtask, key } = sourceOf(source);
      return [name, { artifactSelectors: [{ producerSubtask, outputArtifactKey: key }] }];
    }),
  );
}

/** The root runs the entrypoint, and at the end of it, however that was, the step for the end. */
function rootComponent(definition: WorkflowDefinition, templates: Templates, caches: boolean) {
  const { entrypoint, onExit } = definition;
  const { inputs = {}, outputs = {} } = templates.get(entrypoint)!;
  const main = calling(MAIN_TASK, entrypoint, inputs);
  const exit = onExit === undefined ? undefined : calling(EXIT_TASK, onExit, templates.get(onExit)!.inputs ?? {});
  const root: StepTemplate = { name: "root", inputs, dag: { tasks: [main, ...(exit === undefined ? [] : [exit])] } };
  const context = { template: root, templates, caches };
  const mainTask = { ...stepTask(main, context, directSource), taskInfo: { name: MAIN_TASK } };
  const exitTask = exit && {
    ...stepTask(exit, context, directSource),
    dependentTasks: [MAIN_TASK],
    taskInfo: { name: EXIT_TASK },
    triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" },
  };
  const source = (kind: string, name: string) => ({ source: `{{tasks.${MAIN_TASK}.outputs.${kind}.${name}}}` });
  const handedOn: StepOutputs = {
    parameters: (outputs.parameters ?? []).map((each) => ({ ...each, ...source("parameters", each.name) })),
    artifacts: (outputs.artifacts ?? []).map((each) => ({ ...each, ...source("artifacts", each.name) })),
  };
  return compact({
    dag: compact({
      outputs: graphOutputs(handedOn),
      tasks: { [MAIN_TASK]: mainTask, ...(exitTask === undefined ? {} : { [EXIT_TASK]: exitTask }) },
    }),
    inputDefinitions: inputDefinitions(inputs),
    outputDefinitions: outputDefinitions(outputs),
  });
}

function calling(name: string, template: string, inputs: StepTemplate["inputs"] & object): WorkflowTask {
  const own = (kind: string, names: { name: string }[] = []) =>
    Object.fromEntries(names.map((each) => [each.name, `{{inputs.${kind}.${each.name}}}`]));
  return {
    name,
    template,
    arguments: { parameters: own("parameters", inputs.parameters), artifacts: own("artifacts", inputs.artifacts) },
  };
}
