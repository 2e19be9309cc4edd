import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { CronConcurrency } from "../object/cron-concurrency";
import { type Manifest, objectMetadata, workloadMetadata } from "../object";
import { accountManifests, bindingManifests, roleManifests, type RightsArgs } from "./argo/rights";
import {
  NEVER_SECONDS,
  referringSpec,
  type SpecArgs,
  type SpecFacts,
  WEEK_SECONDS,
  workflowSpec,
} from "./argo/workflow-spec";
import type { CronWorkflowArgs, WorkflowArgs, WorkflowTemplateArgs } from "./workflow-args";

const API_VERSION = "argoproj.io/v1alpha1";

/** Seconds that a run of a schedule may start late where its author says nothing. */
const DEFAULT_STARTING_DEADLINE_SECONDS = 3600;

/** Runs of a schedule that are kept where its author says nothing. */
const DEFAULT_RUNS_KEPT = 3;

/** The Workflow of a {@link Workflow} with these arguments. */
export function workflowManifest(name: string, args: WorkflowArgs): Manifest {
  return manifest(
    "Workflow",
    name,
    args,
    specOf(name, args, { secondsAfterCompletion: NEVER_SECONDS, labelsRuns: false }),
  );
}

/** The WorkflowTemplate of a {@link WorkflowTemplate} with these arguments. */
export function workflowTemplateManifest(name: string, args: WorkflowTemplateArgs): Manifest {
  return manifest(
    "WorkflowTemplate",
    name,
    args,
    specOf(name, args, { secondsAfterCompletion: WEEK_SECONDS, labelsRuns: true }),
  );
}

/**
 * The CronWorkflow of a {@link CronWorkflow} with these arguments.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/cron-workflows/
 */
export function cronWorkflowManifest(name: string, args: CronWorkflowArgs): Manifest {
  const spec = {
    schedules: args.schedules,
    timezone: args.timeZone ?? "UTC",
    concurrencyPolicy: args.concurrency ?? CronConcurrency.forbid,
    startingDeadlineSeconds: args.startingDeadlineSeconds ?? DEFAULT_STARTING_DEADLINE_SECONDS,
    successfulJobsHistoryLimit: args.successfulRunsKept ?? DEFAULT_RUNS_KEPT,
    failedJobsHistoryLimit: args.failedRunsKept ?? DEFAULT_RUNS_KEPT,
    suspend: args.suspend,
    workflowSpec: specOf(name, args, { secondsAfterCompletion: WEEK_SECONDS, labelsRuns: true }),
  };
  return manifest("CronWorkflow", name, args, compact(spec));
}

/** Every object of a kind of workflow, what gives it rights first. `namespace` is that of the workflow. */
export function workflowObjects(
  name: string,
  args: RightsArgs,
  object: Manifest,
  namespace: pulumi.Input<string> = "default",
): object[] {
  const objectName = args.objectName ?? name;
  return [
    ...accountManifests(objectName, args),
    ...roleManifests(objectName, args),
    ...bindingManifests(objectName, args, namespace),
    object,
  ];
}

/** The spec of a workflow, whether it is defined here or in a WorkflowTemplate. */
export function specOf(
  name: string,
  args: SpecArgs & { workflowTemplate?: pulumi.Input<string> },
  facts: SpecFacts,
): object {
  const { workflowTemplate } = args;
  if (workflowTemplate !== undefined) return referringSpec(workflowTemplate, args, facts);
  return workflowSpec(args.objectName ?? name, args, facts);
}

/** An object of Argo. */
export function manifest(kind: string, name: string, args: SpecArgs, spec: object): Manifest {
  const metadata = workloadMetadata(name, args);
  return { apiVersion: API_VERSION, kind, metadata: objectMetadata(args, metadata), spec };
}
