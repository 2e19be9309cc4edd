import type * as pulumi from "@pulumi/pulumi";
import type { CronConcurrency } from "../object/cron-concurrency";
import type { RunArgs } from "../object";
import type { WorkflowDefinition } from "./definition";
import type { WorkflowSettings } from "./workflow-settings";

/** What a run is given. */
export interface WorkflowInputs {
  /** Values by the names of the entrypoint's inputs; their defaults by default. */
  parameters?: Record<string, pulumi.Input<string>>;
  /** Keys in the artifact store by the names of the entrypoint's input artifacts; none by default. */
  artifacts?: Record<string, pulumi.Input<string>>;
}

/** What is run. */
export interface WorkflowSource {
  /** What it does; exclusive with `workflowTemplate`. */
  definition?: WorkflowDefinition;
  /**
   * Name of a WorkflowTemplate of the same namespace that says what it does, for example `template.objectName`; exclusive with
   * `definition`. What is not set here is then as that says, rights and queue too.
   */
  workflowTemplate?: pulumi.Input<string>;
}

/** What a {@link Workflow} is made from. */
export interface WorkflowArgs extends WorkflowSettings, WorkflowInputs, WorkflowSource, RunArgs {}

/** What a {@link WorkflowTemplate} is made from. */
export interface WorkflowTemplateArgs extends WorkflowSettings {
  /** What its runs do, and what other workflows can use of it. */
  definition: WorkflowDefinition;
}

/** What a {@link CronWorkflow} is made from. */
export interface CronWorkflowArgs extends WorkflowSettings, WorkflowInputs, WorkflowSource {
  /** When it runs: cron expressions of five fields, for example `40 2 * * *`, or macros such as `@daily`; at least one. */
  schedules: string[];
  /** Time zone of the schedules, a name of the IANA; `UTC` by default. */
  timeZone?: string;
  /** What happens while the run before is still under way; `Forbid` by default. */
  concurrency?: CronConcurrency;
  /** Seconds that a run may start late, after the controller was away, from 0; 3600 (an hour) by default. */
  startingDeadlineSeconds?: number;
  /** Runs that succeeded that are kept, from 0; 3 by default. */
  successfulRunsKept?: number;
  /** Runs that failed that are kept, from 0; 3 by default. */
  failedRunsKept?: number;
  /** Whether no further runs start; false by default. */
  suspend?: boolean;
}
