import { compact } from "../../../internal";
import {
  type ArtifactDeclaration,
  type InputParameter,
  type ParameterDeclaration,
  ParameterType,
  type StepInputs,
  type StepOutputs,
} from "../../workflows/definition";
import { typeOf } from "../../workflows/checks/types";

/**
 * What a parameter is for Pipelines.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto `ParameterTypeEnum`
 */
const PARAMETER_TYPES: Record<ParameterType, string> = {
  [ParameterType.string]: "STRING",
  [ParameterType.number]: "NUMBER_DOUBLE",
  [ParameterType.boolean]: "BOOLEAN",
  [ParameterType.json]: "STRUCT",
  [ParameterType.list]: "LIST",
};

/**
 * Types of artifacts that Pipelines know, and show in their own ways; others are artifacts of no particular kind.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/sdk/python/kfp/dsl/types/artifact_types.py
 */
const ARTIFACT_TYPES: Record<string, string> = {
  model: "system.Model",
  dataset: "system.Dataset",
  csv: "system.Dataset",
  parquet: "system.Dataset",
  metrics: "system.Metrics",
  html: "system.HTML",
  markdown: "system.Markdown",
};

/** Version of the types of artifacts. */
const ARTIFACT_VERSION = "0.0.1";

/** What a parameter is for Pipelines. */
export function parameterType(declaration: Pick<ParameterDeclaration, "type">): string {
  return PARAMETER_TYPES[typeOf(declaration)];
}

/** What files are for Pipelines. */
export function artifactType(type: string) {
  return { schemaTitle: ARTIFACT_TYPES[type] ?? "system.Artifact", schemaVersion: ARTIFACT_VERSION };
}

/** What a component is given. */
export function inputDefinitions({ parameters = [], artifacts = [] }: StepInputs) {
  return definitions(
    parameters.map((each) => [each.name, inputParameter(each)]),
    artifacts.map(({ name, type, optional }) => [
      name,
      compact({ artifactType: artifactType(type), isOptional: optional === true ? true : undefined }),
    ]),
  );
}

/** What a component hands on. */
export function outputDefinitions({ parameters = [], artifacts = [] }: StepOutputs) {
  return definitions(
    parameters.map((each) => [each.name, { parameterType: parameterType(each) }]),
    artifacts.map(({ name, type }: ArtifactDeclaration) => [name, { artifactType: artifactType(type) }]),
  );
}

/** A text as the value that its type makes of it. */
export function valueOf(text: string, declaration: Pick<ParameterDeclaration, "type">): unknown {
  return typeOf(declaration) === ParameterType.string ? text : (JSON.parse(text) as unknown);
}

/** Parameters and artifacts by their names; undefined where there are neither. */
export function definitions(parameters: [string, object][], artifacts: [string, object][]) {
  if (parameters.length + artifacts.length === 0) return undefined;
  return {
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
    ...(artifacts.length > 0 ? { artifacts: Object.fromEntries(artifacts) } : {}),
  };
}

function inputParameter(input: InputParameter) {
  const { defaultValue, description, options } = input;
  return compact({
    parameterType: parameterType(input),
    defaultValue: defaultValue === undefined ? undefined : valueOf(defaultValue, input),
    isOptional: defaultValue === undefined ? undefined : true,
    description,
    literals: options,
  });
}
