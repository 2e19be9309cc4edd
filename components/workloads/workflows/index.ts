export * from "./builder";
export { CronWorkflow } from "./cron-workflow";
export * from "./definition";
export { Workflow } from "./workflow";
export type {
  CronWorkflowArgs,
  WorkflowArgs,
  WorkflowInputs,
  WorkflowSource,
  WorkflowTemplateArgs,
} from "./workflow-args";
export { cronWorkflowManifest, workflowManifest, workflowObjects, workflowTemplateManifest } from "./workflow-manifest";
export * from "./workflow-settings";
export { WorkflowTemplate } from "./workflow-template";
export { validateCronWorkflow, validateWorkflow, validateWorkflowTemplate } from "./workflow-validation";
