import type * as pulumi from "@pulumi/pulumi";
import type { RunArgs } from "../object";
import type { WorkflowDefinition } from "../workflows/definition";
import type { WorkflowInputs } from "../workflows/workflow-args";
import type { WorkflowSettings } from "../workflows/workflow-settings";

/** How Kubeflow Pipelines keep and run a pipeline. */
export interface NativePipelineArgs {
  /** Name of the version, in lower case, unique in the pipeline; a hash of what it does by default. */
  versionName?: string;
  /** Name that the pages show; the object's name by default. */
  displayName?: string;
  /** Address of the code, for the pages; none by default. */
  codeSourceUrl?: string;
  /**
   * Whether a step is left out whose image, command and inputs were run before, and its outputs taken from then; false by
   * default, as training the same again does not give the same.
   */
  caches?: boolean;
}

/** What a {@link Pipeline} is made from. */
export interface PipelineArgs extends WorkflowSettings {
  /** What its runs do. Files pass from step to step through the artifact store. */
  definition: WorkflowDefinition;
  /** What it is for; nothing by default. */
  description?: string;
  /**
   * Hands the pipeline to Kubeflow Pipelines, which show and run it, rather than to Argo alone; Argo by default. Needs
   * Pipelines with `nativeApi`, in whose namespace it must be, or with several users in one of theirs. Settings of workflows
   * have then no place.
   */
  native?: NativePipelineArgs;
}

/** What a {@link PipelineRun} is made from. */
export interface PipelineRunArgs extends WorkflowSettings, WorkflowInputs, RunArgs {
  /** What it does; exclusive with `pipeline`. */
  definition?: WorkflowDefinition;
  /**
   * Name of the Pipeline's object, in the same namespace, for example `pipeline.objectName`; exclusive with `definition`. Not
   * one of Kubeflow Pipelines.
   */
  pipeline?: pulumi.Input<string>;
}
