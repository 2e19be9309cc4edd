import type { StepTemplate } from "./step-template";

/**
 * What a workflow does, as plain data. In TypeScript `workflowDefinition` makes it from steps whose inputs and outputs the
 * compiler checks; written by hand, it is checked all the same when the workflow is declared.
 */
export interface WorkflowDefinition {
  /** Name of the template that runs. Its inputs are what the workflow is given. */
  entrypoint: string;
  /** Templates, at most 200, each of which the entrypoint or `onExit` leads to. */
  templates: StepTemplate[];
  /**
   * Name of the template that runs at the end, whether the workflow succeeded or not; none by default. Inputs of the same
   * names as the workflow's are given it, and it may use `{{workflow.status}}` and `{{=fromJSON(workflow.failures)}}`.
   */
  onExit?: string;
}
