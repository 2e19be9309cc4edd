import { type InputProblem, inputProblem, isPlain } from "../../internal";
import { checkRun } from "../object";
import { checkDefinition } from "../workflows/checks/definition-checks";
import { checkClaims, checkRunInputs, checkSettings, checkSource } from "../workflows/workflow-validation";
import { checkNative } from "./native-validation";
import type { PipelineArgs, PipelineRunArgs } from "./pipeline-args";

/** Checks a Pipeline's inputs as far as they are known. */
export function validatePipeline(name: string, args: PipelineArgs): InputProblem[] {
  const problems = [...checkSettings(name, args), ...checkWhole(args), ...checkDescription(args.description)];
  // What Pipelines lack can be told only of a definition that holds together.
  return args.native === undefined || problems.length > 0 ? problems : checkNative(name, args);
}

/** Checks a PipelineRun's inputs as far as they are known. */
export function validatePipelineRun(name: string, args: PipelineRunArgs): InputProblem[] {
  const { pipeline, ...rest } = args;
  const source = pipeline === undefined ? rest : { ...rest, workflowTemplate: pipeline };
  return [
    ...checkSource(source, "pipeline"),
    ...checkSettings(name, args),
    ...checkWhole(args),
    ...checkRunInputs(args, true),
    ...checkRun(args),
  ];
}

function checkWhole(args: PipelineArgs | PipelineRunArgs): InputProblem[] {
  const { definition, pools, namespace } = args;
  if (definition === undefined) return [];
  const facts = { pools, namespace: isPlain(namespace) ? namespace : undefined, isScheduled: false };
  return [...checkDefinition("definition", definition, facts), ...checkClaims(args, definition)];
}

/** @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto `PipelineInfo` */
const LONGEST_DESCRIPTION = 1024;

function checkDescription(description: string | undefined): InputProblem[] {
  if (description === undefined || description.length <= LONGEST_DESCRIPTION) return [];
  const allowed = `at most ${LONGEST_DESCRIPTION} characters`;
  return [inputProblem("description.length", description.length, allowed, "Shorten it.")];
}
