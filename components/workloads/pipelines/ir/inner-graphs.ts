import { compact } from "../../../internal";
import { calleeOf } from "../../workflows/checks/graph-scope";
import { itemsScope } from "../../workflows/checks/loop-checks";
import { joinedScope, meaningOf, type Scope } from "../../workflows/checks/scope";
import { typeOf } from "../../workflows/checks/types";
import { soleName } from "../../workflows/checks/variables";
import { type Comparison, ParameterType, type WorkflowTask } from "../../workflows/definition";
import { channelDefinitions, channelInputs, channelSource, directSource, namesUsed, type Source } from "./sources";
import { componentName, type GraphContext, stepTask, triggerStrategy } from "./step-task";
import { channelOf } from "./texts";
import { definitions, parameterType } from "./types";

/** Components by their names. */
export type Components = Record<string, object>;

/** A task around an inner graph. */
export interface OuterTask {
  /** The task, which gives the graph what it needs. */
  task: (source: Source) => object;
  /** The graph, and those in it. */
  components: Components;
}

/** A graph that runs a step for one item, and the task that runs it for each. */
export function loopTask(task: WorkflowTask, context: GraphContext, scope: Scope): OuterTask {
  const name = componentName(`${context.template.name}-${task.name}-each`);
  const names = namesUsed(task, ["arguments", "withParam"]);
  const items = itemsScope(task, scope);
  const own = joinedScope(scope, items);
  const itemInput = channelOf("item");
  const outputs = (calleeOf(task, context.templates)!.outputs.parameters ?? []).map((each) => each.name);
  const given = channelDefinitions(names, scope);
  const itemType = parameterType(items.get("item")!.declaration!);
  const graph = compact({
    dag: compact({
      outputs: loopOutputs(task.name, outputs),
      tasks: { [task.name]: { ...stepTask(task, context, channelSource(own)), taskInfo: { name: task.name } } },
    }),
    inputDefinitions: { ...given, parameters: { ...given?.parameters, [itemInput]: { parameterType: itemType } } },
    outputDefinitions: definitions(
      outputs.map((output) => [output, { parameterType: "LIST" }]),
      [],
    ),
  });
  const list =
    task.withItems === undefined
      ? { inputParameter: channelOf(soleName(task.withParam!)!) }
      : { raw: JSON.stringify(task.withItems) };
  return {
    components: { [name]: graph },
    task: (source) =>
      compact({
        componentRef: { name },
        inputs: channelInputs(names, scope, source),
        parameterIterator: { itemInput, items: list },
      }),
  };
}

function loopOutputs(producerSubtask: string, outputs: string[]) {
  const entries = outputs.map((output): [string, object] => [
    output,
    { valueFromParameter: { producerSubtask, outputParameterKey: output } },
  ]);
  return definitions(entries, []);
}

/** A graph that runs a step, or its loop, and the task that runs it where the conditions hold. */
export function conditionalTask(
  task: WorkflowTask,
  context: GraphContext,
  scope: Scope,
  loop: OuterTask | undefined,
): OuterTask {
  const name = componentName(`${context.template.name}-${task.name}-if`);
  const names = namesUsed(task, ["arguments", "withParam", "when"]);
  const source = channelSource(scope);
  const inner = loop === undefined ? stepTask(task, context, source) : loop.task(source);
  const graph = compact({
    dag: { tasks: { [task.name]: { ...inner, taskInfo: { name: task.name } } } },
    inputDefinitions: channelDefinitions(names, scope),
  });
  return {
    components: { ...loop?.components, [name]: graph },
    task: () =>
      compact({
        componentRef: { name },
        inputs: channelInputs(names, scope, directSource),
        triggerPolicy: { ...triggerStrategy(task), condition: conditionText(task.when!, scope) },
      }),
  };
}

/**
 * Conditions in the language that Pipelines have for them.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
function conditionText(comparisons: Comparison[], scope: Scope): string {
  return comparisons
    .map(({ value, operator, other }) => {
      const type = typeOf(meaningOf(soleName(value)!, scope)!.declaration!);
      return `${side(value, type)} ${operator} ${side(other, type)}`;
    })
    .join(" && ");
}

function side(text: string, type: ParameterType): string {
  const name = soleName(text);
  if (name !== undefined) {
    const value = `inputs.parameter_values['${channelOf(name)}']`;
    return type === ParameterType.number ? `double(${value})` : value;
  }
  if (type === ParameterType.string) return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  // A number without a point is of another type, and equal to no double.
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
