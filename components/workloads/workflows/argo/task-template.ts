import { compact, nonEmpty } from "../../../internal";
import { dependenciesOf } from "../checks/dependencies";
import { typeOf } from "../checks/types";
import { meaningOf, type Scope } from "../checks/scope";
import { soleName } from "../checks/variables";
import {
  type Comparison,
  ParameterType,
  type StepOutputs,
  type StepTemplate,
  type TaskArguments,
  TaskResult,
  type WorkflowTask,
} from "../definition";
import { pathInExpression, quoted } from "./expressions";
import { argoInputs, type ArgoTemplate, emptyAsUndefined } from "./template-parts";

/** What must be known of a task that another depends on, as `depends` spells it. */
const DEPENDS: Record<TaskResult, (task: string) => string> = {
  [TaskResult.succeededOrSkipped]: (task) => task,
  [TaskResult.succeeded]: (task) => `${task}.Succeeded`,
  [TaskResult.failed]: (task) => `(${task}.Failed || ${task}.Errored)`,
  [TaskResult.ended]: (task) =>
    `(${["Succeeded", "Failed", "Errored", "Skipped", "Omitted"].map((result) => `${task}.${result}`).join(" || ")})`,
  [TaskResult.anySucceeded]: (task) => `${task}.AnySucceeded`,
  [TaskResult.allFailed]: (task) => `${task}.AllFailed`,
};

/** A template that runs tasks. */
export function graphTemplate(template: StepTemplate, scope: Scope): ArgoTemplate {
  const { name, inputs, outputs, dag, steps, parallelism } = template;
  return compact({
    name,
    inputs: argoInputs(inputs),
    outputs: graphOutputs(outputs),
    parallelism,
    dag: dag && compact({ tasks: dag.tasks.map((task) => dagTask(task, scope)), failFast: dag.failFast }),
    steps: steps?.map(({ tasks }) => tasks.map((task) => argoTask(task, scope))),
  });
}

/**
 * A task of a `dag`. What needs outputs of a task that was left out is left out as well, as it waits for its success.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/enhanced-depends-logic/
 */
function dagTask(task: WorkflowTask, scope: Scope) {
  const depends = dependenciesOf(task).map(({ task: other, result }) => DEPENDS[result](other));
  const { name, ...rest } = argoTask(task, scope);
  return compact({ name, depends: depends.length > 0 ? depends.join(" && ") : undefined, ...rest });
}

function argoTask(task: WorkflowTask, scope: Scope) {
  const { name, template, templateRef, when = [], withItems, withParam } = task;
  return compact({
    name,
    template,
    templateRef: templateRef && { name: templateRef.name, template: templateRef.template },
    arguments: argoArguments(task.arguments),
    when: when.length > 0 ? conditionText(when, scope) : undefined,
    withItems,
    withParam,
  });
}

function argoArguments({ parameters = {}, artifacts = {} }: TaskArguments = {}) {
  return emptyAsUndefined({
    parameters: nonEmpty(Object.entries(parameters).map(([name, value]) => ({ name, value }))),
    artifacts: nonEmpty(Object.entries(artifacts).map(([name, from]) => ({ name, from }))),
  });
}

function graphOutputs({ parameters = [], artifacts = [] }: StepOutputs = {}) {
  return emptyAsUndefined({
    parameters: nonEmpty(
      parameters.map(({ name, source, defaultValue }) => ({
        name,
        valueFrom: compact({ parameter: source, default: defaultValue }),
      })),
    ),
    artifacts: nonEmpty(artifacts.map(({ name, source, optional }) => compact({ name, from: source, optional }))),
  });
}

/** One expression: values are compared as what they are, and cannot break out of it as they could out of text. */
export function conditionText(comparisons: Comparison[], scope: Scope): string {
  const texts = comparisons.map(({ value, operator, other }) => {
    const isNumber = typeOfVariable(value, scope) === ParameterType.number;
    const sides = [value, other].map((side) => (isNumber ? numberSide(side) : textSide(side)));
    return sides.join(` ${operator} `);
  });
  return `{{=${texts.join(" && ")}}}`;
}

function typeOfVariable(variable: string, scope: Scope): ParameterType {
  const declaration = meaningOf(soleName(variable) ?? "", scope)?.declaration;
  return declaration === undefined ? ParameterType.string : typeOf(declaration);
}

function numberSide(side: string): string {
  const name = soleName(side);
  return name === undefined ? side : `asFloat(${pathInExpression(name)})`;
}

function textSide(side: string): string {
  const name = soleName(side);
  return name === undefined ? quoted(side) : pathInExpression(name);
}
