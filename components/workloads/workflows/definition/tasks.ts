import type * as pulumi from "@pulumi/pulumi";
import type { StepInputs, StepOutputs } from "./values";

/** How two values are compared. */
export const ComparisonOperator = {
  equal: "==",
  notEqual: "!=",
  less: "<",
  lessOrEqual: "<=",
  greater: ">",
  greaterOrEqual: ">=",
} as const;
/** How two values are compared. */
export type ComparisonOperator = (typeof ComparisonOperator)[keyof typeof ComparisonOperator];

/** A condition: compares a value that is known while the workflow runs. */
export interface Comparison {
  /** Variable of a parameter, for example `{{tasks.check.outputs.parameters.auc}}`. Its type says how it is compared. */
  value: string;
  /** How it is compared; numbers only are more or less than others. */
  operator: ComparisonOperator;
  /** What it is compared with: a value, or the variable of a parameter of the same type. */
  other: string;
}

/** How another task must have ended. */
export const TaskResult = {
  /** It succeeded, or was left out by its condition. */
  succeededOrSkipped: "succeeded-or-skipped",
  /** It succeeded. */
  succeeded: "succeeded",
  /** It failed, whatever the reason. */
  failed: "failed",
  /** It ended in any way, or was left out. */
  ended: "ended",
  /** At least one round of its loop succeeded. */
  anySucceeded: "any-succeeded",
  /** All rounds of its loop failed. */
  allFailed: "all-failed",
} as const;
/** How another task must have ended. */
export type TaskResult = (typeof TaskResult)[keyof typeof TaskResult];

/** A task that runs before another without handing anything to it. */
export interface TaskDependency {
  /** Name of the task. */
  task: string;
  /** How it must have ended; `succeeded-or-skipped` by default. */
  result?: TaskResult;
}

/** A template of a WorkflowTemplate that is on the cluster, with what it is given and hands on. */
export interface TemplateReference {
  /** Name of the WorkflowTemplate, in the workflow's namespace. */
  name: string;
  /** Name of the template in it. */
  template: string;
  /** What the template is given. */
  inputs?: StepInputs;
  /** What the template hands on. */
  outputs?: StepOutputs;
}

/** What a task hands to its template. */
export interface TaskArguments {
  /**
   * Values by the names of the template's inputs. They may hold variables, for example `{{inputs.parameters.day}}`,
   * `{{tasks.fetch.outputs.parameters.rows}}` or, in a loop, `{{item}}`.
   */
  parameters?: Record<string, pulumi.Input<string>>;
  /** Variables of artifacts by the names of the template's inputs, for example `{{tasks.fetch.outputs.artifacts.table}}`. */
  artifacts?: Record<string, string>;
}

/** One use of a template. Tasks whose outputs it uses run before it, and it is left out where one of them was. */
export interface WorkflowTask {
  /** Name: letters, digits and hyphens, a letter first; unique in its template. */
  name: string;
  /** Name of the template, in the same definition; exclusive with `templateRef`. */
  template?: string;
  /** A template of a WorkflowTemplate; exclusive with `template`. */
  templateRef?: TemplateReference;
  /** What it hands to the template. */
  arguments?: TaskArguments;
  /** Tasks that run before it, beside those whose outputs it uses; none by default. For a `dag`. */
  after?: TaskDependency[];
  /** Conditions that must all hold, or the task is left out; none by default. */
  when?: Comparison[];
  /** Loops over these items, all at once: texts, numbers, truth values, or records of such. Exclusive with `withParam`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- schemas have no type for "text, number or record"
  withItems?: any[];
  /** Loops over the items of this variable of a `list` parameter, all at once. Exclusive with `withItems`. */
  withParam?: string;
}

/** Tasks that run at the same time. */
export interface TaskGroup {
  /** The tasks, at least one. */
  tasks: WorkflowTask[];
}
