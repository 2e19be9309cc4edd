import type * as pulumi from "@pulumi/pulumi";
import type { WorkflowDefinition } from "../definition";
import type { Declarations, Parameter } from "./declarations";
import { textOf } from "./declarations";
import type { ArgumentOf } from "./graph";
import { ParameterRef } from "./references";
import { type AnyStep, Step } from "./step";

/** What a workflow does at its end. */
export interface DefinitionOptions {
  /**
   * Step that runs at the end, whether the workflow succeeded or not. It is given the workflow's own inputs of the same
   * names, and may use `workflowRun.status` and `workflowRun.failures`.
   */
  onExit?: AnyStep;
}

/** The plain data of a workflow that runs a step: the step's template, and those of all steps that it leads to. */
export function workflowDefinition(step: AnyStep, { onExit }: DefinitionOptions = {}): WorkflowDefinition {
  const steps = new Set<AnyStep>();
  const collect = (each: AnyStep): void => {
    if (steps.has(each) || each.workflowTemplate !== undefined) return;
    steps.add(each);
    each.uses.forEach(collect);
  };
  collect(step);
  if (onExit !== undefined) collect(onExit);
  return {
    entrypoint: step.name,
    templates: [...steps].map((each) => each.template()),
    ...(onExit === undefined ? {} : { onExit: onExit.name }),
  };
}

type ParameterKeys<I extends Declarations> = {
  [K in keyof I]: I[K] extends Parameter<unknown> ? K : never;
}[keyof I];

type DefaultedKeys<I extends Declarations> = {
  [K in keyof I]: I[K] extends Parameter<unknown, true> ? K : never;
}[keyof I];

type GivenValue<D> = Exclude<D, ParameterRef<never>>;

/** Values that a run of a step must and may be given. */
export type RunParameters<I extends Declarations> = {
  [K in Exclude<ParameterKeys<I>, DefaultedKeys<I>>]: GivenValue<ArgumentOf<I[K]>>;
} & { [K in DefaultedKeys<I>]?: GivenValue<ArgumentOf<I[K]>> };

/** The values of a run as the `parameters` of workflows take them, checked against the inputs of the step that runs. */
export function parametersOf<I extends Declarations, O extends Declarations>(
  _step: Step<I, O>,
  values: RunParameters<I>,
): Record<string, pulumi.Input<string>> {
  const given = Object.entries(values as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, isLater(value) ? value : textOf(value)])) as Record<
    string,
    pulumi.Input<string>
  >;
}

/**
 * A step that a WorkflowTemplate on the cluster has, for use in other workflows.
 *
 * @param workflowTemplate name of the WorkflowTemplate's object, in the same namespace.
 * @param step the step as it was declared for that WorkflowTemplate.
 */
export function useTemplate<I extends Declarations, O extends Declarations>(
  workflowTemplate: string,
  step: Step<I, O>,
): Step<I, O> {
  return new Step(step.name, step.inputs, step.outputs, {}, [], workflowTemplate);
}

const TEXT: Parameter<unknown> = { kind: "parameter", type: "string", isOptional: false, more: {} };

/** What is known of the run itself. */
export const workflowRun = {
  /** Name of the Workflow object. */
  name: new ParameterRef<string>("{{workflow.name}}", TEXT),
  /** Its namespace. */
  namespace: new ParameterRef<string>("{{workflow.namespace}}", TEXT),
  /** Its UID. */
  uid: new ParameterRef<string>("{{workflow.uid}}", TEXT),
  /** When it was created, as RFC 3339 writes it. */
  createdAt: new ParameterRef<string>("{{workflow.creationTimestamp.RFC3339}}", TEXT),
  /** In the step at its end: `Succeeded`, `Failed` or `Error`. */
  status: new ParameterRef<string>("{{workflow.status}}", TEXT),
  /** In the step at its end: the steps that failed, as a JSON list. */
  failures: new ParameterRef<string>("{{=fromJSON(workflow.failures)}}", TEXT),
};

/** Outputs and promises, which are left to the engine. */
function isLater(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("apply" in value || value instanceof Promise);
}
