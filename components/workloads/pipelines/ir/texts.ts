import { variablesIn } from "../../workflows/checks/variables";

const VARIABLE = /\{\{\s*([^{}=][^{}]*?)\s*\}\}/g;

/** Forms of variables in the texts of a program, and what Pipelines call them. */
const IN_PROGRAMS: [RegExp, string][] = [
  [/^inputs\.parameters\.([-\w]+)$/, "{{$.inputs.parameters['NAME']}}"],
  [/^inputs\.artifacts\.([-\w]+)\.path$/, "{{$.inputs.artifacts['NAME'].path}}"],
  [/^outputs\.parameters\.([-\w]+)\.path$/, "{{$.outputs.parameters['NAME'].output_file}}"],
  [/^outputs\.artifacts\.([-\w]+)\.path$/, "{{$.outputs.artifacts['NAME'].path}}"],
];

/** What is known of a run, and what Pipelines call it where it is an argument by itself. */
export const OF_RUN: Record<string, string> = {
  "workflow.name": "{{$.pipeline_job_resource_name}}",
  "workflow.uid": "{{$.pipeline_job_uuid}}",
  "workflow.creationTimestamp": "{{$.pipeline_job_create_time_utc}}",
  "workflow.creationTimestamp.RFC3339": "{{$.pipeline_job_create_time_utc}}",
};

/**
 * A text of a program with the variables of Pipelines in it.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto `ExecutorInput`
 */
export function programText(text: unknown): unknown {
  if (typeof text !== "string") return text;
  return text.replaceAll(VARIABLE, (written, name: string) => ofProgram(name) ?? written);
}

/** Variables of a program's texts that Pipelines do not have, with their places. */
export function foreignVariables(tree: unknown, path: string): { path: string; written: string }[] {
  return variablesIn(tree, path).filter(
    ({ isExpression, names }) => isExpression || names.some((name) => ofProgram(name) === undefined),
  );
}

function ofProgram(name: string): string | undefined {
  const [form, spelling] = IN_PROGRAMS.find(([each]) => each.test(name)) ?? [];
  return form === undefined ? undefined : spelling!.replace("NAME", form.exec(name)![1]!);
}

/** Name of the channel through which a value reaches a text or an inner graph. */
export function channelOf(name: string): string {
  const [root = "", ...rest] = name.split(".");
  if (root === "inputs") return `pipelinechannel--${rest[1]}`;
  return root === "item" ? ["pipelinechannel--item", ...rest].join("-") : `pipelinechannel--${rest[0]}-${rest.at(-1)}`;
}

/** A text of an argument, in which values come through channels. */
export function argumentText(text: string): string {
  return text.replaceAll(VARIABLE, (_, name: string) => `{{$.inputs.parameters['${channelOf(name)}']}}`);
}
