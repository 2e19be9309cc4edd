/** What a parameter is. Argo passes every one as text. */
export const ParameterType = {
  /** Any text. */
  string: "string",
  /** A number as JSON writes it. */
  number: "number",
  /** `true` or `false`. */
  boolean: "boolean",
  /** Any JSON. */
  json: "json",
  /** A JSON list, which tasks can loop over. */
  list: "list",
} as const;
/** What a parameter is. Argo passes every one as text. */
export type ParameterType = (typeof ParameterType)[keyof typeof ParameterType];

/** A field of the records in a list. */
export interface ItemField {
  /** Name of the field. */
  name: string;
  /** What it is; `string` by default. */
  type?: ParameterType;
}

/** Name and type of a value that steps exchange. */
export interface ParameterDeclaration {
  /** Name: letters, digits, hyphens and underscores, unique among the inputs or outputs of its template. */
  name: string;
  /** What it is; `string` by default. */
  type?: ParameterType;
  /** The only values that are allowed; any by default. For `string`. */
  options?: string[];
  /** What each item of a `list` is; `string` by default. */
  itemType?: ParameterType;
  /** Fields of each item of a `list` of records; none by default, for items that are no records. */
  itemFields?: ItemField[];
}

/** A value that a template is given. */
export interface InputParameter extends ParameterDeclaration {
  /** Value where none is given; none by default, and the input is then required. */
  defaultValue?: string;
  /** What it is for, for those who start runs. */
  description?: string;
}

/** A value that a template hands on. */
export interface OutputParameter extends ParameterDeclaration {
  /** File that the program writes it to, an absolute path; `/outputs/` and the name by default. For containers. */
  path?: string;
  /** Where it is in the created object, as kubectl's JSONPath, for example `{.status.url}`. For resources. */
  jsonPath?: string;
  /** The variable of the task that it comes from, for example `{{tasks.train.outputs.parameters.auc}}`. For tasks. */
  source?: string;
  /** Value where the step did not write it or was left out; none by default, and such a step or run then fails. */
  defaultValue?: string;
}

/** Name and type of files that steps exchange. */
export interface ArtifactDeclaration {
  /** Name: letters, digits, hyphens and underscores, unique among the inputs or outputs of its template. */
  name: string;
  /** What the files are, for example `csv`, `model` or `directory`: only artifacts of one type fit together. */
  type: string;
}

/** Files that a template is given. */
export interface InputArtifact extends ArtifactDeclaration {
  /** Where the container finds them, an absolute path; `/inputs/` and the name by default. */
  path?: string;
  /** Whether the step runs without them; false by default. */
  optional?: boolean;
  /**
   * Key of a file or folder in the artifact store, read where no task hands files on, for example `demand/{{workflow.name}}/raw`.
   * None by default, and the input is then required. It may have variables of the run and of values of the template. For
   * containers.
   */
  key?: string;
}

/** Files that a template hands on. */
export interface OutputArtifact extends ArtifactDeclaration {
  /** File or folder that the program writes, an absolute path; `/outputs/` and the name by default. For containers. */
  path?: string;
  /** The variable of the task that they come from, for example `{{tasks.train.outputs.artifacts.model}}`. For tasks. */
  source?: string;
  /** Whether the step or run succeeds without them; false by default. */
  optional?: boolean;
  /**
   * Whether the store keeps them as one compressed archive; false by default, so that others find the files as they are. For
   * containers.
   */
  archived?: boolean;
  /**
   * Key in the artifact store, for those that know no run, for example `demand/{{workflow.name}}/raw`; by default one that no
   * other run and step has. It may have variables of the run and of values of the template. For containers.
   */
  key?: string;
}

/** What a template is given. */
export interface StepInputs {
  /** Values. */
  parameters?: InputParameter[];
  /** Files. */
  artifacts?: InputArtifact[];
}

/** What a template hands on. */
export interface StepOutputs {
  /** Values. */
  parameters?: OutputParameter[];
  /** Files. */
  artifacts?: OutputArtifact[];
}
