import { compact } from "../../../internal";
import {
  type InputArtifact,
  type InputParameter,
  type ItemField,
  type OutputArtifact,
  type OutputParameter,
  ParameterType,
} from "../definition";

/** Carries the type of a value through the compiler; there is nothing at run time. */
declare const VALUE: unique symbol;
/** Carries the type of files through the compiler; there is nothing at run time. */
declare const FILES: unique symbol;

/** What a value is, and where it comes from. */
export interface ParameterOptions<T> {
  /** Value where none is given; as an input it is then optional. None by default. */
  default?: T;
  /** File that a container writes it to, an absolute path; `/outputs/` and the name by default. */
  path?: string;
  /** Where it is in the object that a resource step creates, as kubectl's JSONPath, for example `{.status.url}`. */
  jsonPath?: string;
  /** What it is for, for those who start runs. */
  description?: string;
}

/** Options of a value that is optional as an input. */
export interface DefaultedOptions<T> extends ParameterOptions<T> {
  default: T;
}

/** A value that a step is given or hands on. */
export interface Parameter<T, Optional extends boolean = boolean> {
  readonly kind: "parameter";
  readonly type: ParameterType;
  readonly options?: string[];
  readonly itemType?: ParameterType;
  readonly itemFields?: ItemField[];
  readonly isOptional: Optional;
  readonly more: ParameterOptions<unknown>;
  readonly [VALUE]?: T;
}

/** Options of files. */
export interface ArtifactOptions {
  /** Where the container finds or writes them, an absolute path; below `/inputs/` or `/outputs/` by default. */
  path?: string;
  /** As an output, whether the store keeps them as one compressed archive; as they are by default. */
  archived?: boolean;
}

/** Options of files at a place of their own in the store, where others find them and an input is read that no task hands on. */
export interface KeyedArtifactOptions extends ArtifactOptions {
  /** Key of the file or folder, such as `demand/{{workflow.name}}/raw`, with variables of the run and of the step's values. */
  key: string;
  /** Whether the step runs without them as an input, or may leave them out as an output; false by default. */
  optional?: boolean;
}

/** Files that a step is given or hands on. */
export interface Artifact<Type extends string, Optional extends boolean = boolean> {
  readonly kind: "artifact";
  readonly type: Type;
  /** Whether tasks may do without handing it on. */
  readonly isOptional: Optional;
  readonly more: Partial<KeyedArtifactOptions>;
  readonly [FILES]?: Type;
}

/** One input or output. */
export type Declaration = Parameter<unknown> | Artifact<string>;

/** Inputs or outputs by their names. */
export type Declarations = Record<string, Declaration>;

/** Any JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What a list can hold for a loop: single values, or records of such. */
export type LoopItem = string | number | boolean | Record<string, string | number | boolean>;

type Shape = Pick<Parameter<unknown>, "type" | "options" | "itemType" | "itemFields">;

function declare<T, Optional extends boolean>(shape: Shape, more: ParameterOptions<T> = {}): Parameter<T, Optional> {
  return { kind: "parameter", ...shape, isOptional: (more.default !== undefined) as Optional, more };
}

function text(options: DefaultedOptions<string>): Parameter<string, true>;
function text(options?: ParameterOptions<string>): Parameter<string, false>;
function text(options?: ParameterOptions<string>) {
  return declare<string, boolean>({ type: ParameterType.string }, options);
}

function number(options: DefaultedOptions<number>): Parameter<number, true>;
function number(options?: ParameterOptions<number>): Parameter<number, false>;
function number(options?: ParameterOptions<number>) {
  return declare<number, boolean>({ type: ParameterType.number }, options);
}

function boolean(options: DefaultedOptions<boolean>): Parameter<boolean, true>;
function boolean(options?: ParameterOptions<boolean>): Parameter<boolean, false>;
function boolean(options?: ParameterOptions<boolean>) {
  return declare<boolean, boolean>({ type: ParameterType.boolean }, options);
}

function oneOf<const T extends string>(values: readonly T[], options: DefaultedOptions<T>): Parameter<T, true>;
function oneOf<const T extends string>(values: readonly T[], options?: ParameterOptions<T>): Parameter<T, false>;
function oneOf<T extends string>(values: readonly T[], options?: ParameterOptions<T>) {
  return declare<T, boolean>({ type: ParameterType.string, options: [...values] }, options);
}

function json<T extends JsonValue>(options: DefaultedOptions<T>): Parameter<T, true>;
function json<T extends JsonValue>(options?: ParameterOptions<T>): Parameter<T, false>;
function json<T extends JsonValue>(options?: ParameterOptions<T>) {
  return declare<T, boolean>({ type: ParameterType.json }, options);
}

function list<T>(of: Parameter<T>, options: DefaultedOptions<T[]>): Parameter<T[], true>;
function list<T>(of: Parameter<T>, options?: ParameterOptions<T[]>): Parameter<T[], false>;
function list<T>(of: Parameter<T>, options?: ParameterOptions<T[]>) {
  return declare<T[], boolean>(
    compact({ type: ParameterType.list, itemType: of.type, itemFields: of.itemFields }),
    options,
  );
}

/** Values of the fields of a record. */
type RecordOf<F extends Record<string, Parameter<string | number | boolean>>> = {
  [K in keyof F]: F[K] extends Parameter<infer T> ? T : never;
};

function record<F extends Record<string, Parameter<string | number | boolean>>>(
  fields: F,
): Parameter<RecordOf<F>, false> {
  const itemFields = Object.entries(fields).map(([name, { type }]) => ({ name, type }));
  return declare<RecordOf<F>, false>({ type: ParameterType.json, itemFields });
}

/** Declares values that steps are given or hand on. */
export const param = {
  /** Any text. */
  string: text,
  /** A number. */
  number,
  /** True or false. */
  boolean,
  /** One of some texts. */
  oneOf,
  /** Any JSON. */
  json,
  /** A record, to be the item of a {@link list} that tasks loop over. */
  record,
  /** A list of values or records, which tasks can loop over. */
  list,
};

/** Options of files that a step does without as an input, or that it may leave out as an output. */
export interface OptionalArtifactOptions extends ArtifactOptions {
  optional: true;
}

/**
 * Declares files that a step is given or hands on.
 *
 * @param type what they are, for example `csv`, `model` or `directory`: only artifacts of one type fit together.
 */
export function artifact<const Type extends string>(
  type: Type,
  options: OptionalArtifactOptions | KeyedArtifactOptions,
): Artifact<Type, true>;
export function artifact<const Type extends string>(type: Type, options?: ArtifactOptions): Artifact<Type, false>;
export function artifact<Type extends string>(type: Type, more: Partial<KeyedArtifactOptions> = {}) {
  return { kind: "artifact", type, isOptional: more.optional === true || more.key !== undefined, more };
}

/** Inputs as plain data. */
export function inputsOf(declarations: Declarations) {
  return split(declarations, parameterInput, artifactInput);
}

/** Outputs of a container or resource as plain data. */
export function outputsOf(declarations: Declarations) {
  return split(declarations, parameterOutput, artifactOutput);
}

/** A value as the text that Argo passes. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function split<P, A>(
  declarations: Declarations,
  ofParameter: (name: string, parameter: Parameter<unknown>) => P,
  ofArtifact: (name: string, artifact: Artifact<string>) => A,
): { parameters?: P[]; artifacts?: A[] } {
  const parameters = Object.entries(declarations).flatMap(([name, each]) =>
    each.kind === "parameter" ? [ofParameter(name, each)] : [],
  );
  const artifacts = Object.entries(declarations).flatMap(([name, each]) =>
    each.kind === "artifact" ? [ofArtifact(name, each)] : [],
  );
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(artifacts.length > 0 ? { artifacts } : {}),
  };
}

function declaredType({ type, options, itemType, itemFields }: Parameter<unknown>) {
  return compact({ type, options, itemType, itemFields });
}

function parameterInput(name: string, parameter: Parameter<unknown>): InputParameter {
  const { default: value, description } = parameter.more;
  const defaultValue = value === undefined ? undefined : textOf(value);
  return { name, ...declaredType(parameter), ...compact({ defaultValue, description }) };
}

function parameterOutput(name: string, parameter: Parameter<unknown>): OutputParameter {
  const { default: value, path, jsonPath } = parameter.more;
  const defaultValue = value === undefined ? undefined : textOf(value);
  return { name, ...declaredType(parameter), ...compact({ defaultValue, path, jsonPath }) };
}

function artifactInput(name: string, { type, more }: Artifact<string>): InputArtifact {
  const { archived: _archived, ...rest } = more;
  return { name, type, ...rest };
}

function artifactOutput(name: string, { type, more }: Artifact<string>): OutputArtifact {
  return { name, type, ...more };
}
