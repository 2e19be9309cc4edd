import type { PodArgs } from "../../pods";
import type { LockArgs, ResourceAction, RetryArgs, StepTemplate, SuspendAction } from "../definition";
import { type Artifact, type Declarations, inputsOf, outputsOf } from "./declarations";

/** Any step. */
export type AnyStep = Step<Declarations, Declarations>;

/** What a template holds beside its name, inputs and outputs. */
export type StepBody = Omit<StepTemplate, "name" | "inputs">;

/**
 * A step with typed inputs and outputs, to be used in any number of graphs and workflows.
 *
 * The compiler refuses an output that does not exist, one of another kind or type, and an input that is left out.
 */
export class Step<I extends Declarations, O extends Declarations> {
  /**
   * @param name name of its template.
   * @param inputs what it is given.
   * @param outputs what it hands on.
   * @param body what it does, as plain data.
   * @param uses steps that it leads to.
   * @param workflowTemplate name of the WorkflowTemplate that has it on the cluster; undefined for one that is defined here.
   */
  public constructor(
    public readonly name: string,
    public readonly inputs: I,
    public readonly outputs: O,
    public readonly body: StepBody,
    public readonly uses: AnyStep[] = [],
    public readonly workflowTemplate?: string,
  ) {}

  /** The template as plain data. */
  public template(): StepTemplate {
    const inputs = inputsOf(this.inputs);
    return { name: this.name, ...(Object.keys(inputs).length > 0 ? { inputs } : {}), ...this.body };
  }
}

/** Where a program finds or writes files. */
export interface FileVariable {
  /** The path. */
  readonly path: string;
}

/** What the texts of a step may say of its inputs and outputs. */
export interface StepVariables<I extends Declarations, O extends Declarations> {
  /** Values as texts, and the paths of files. */
  inputs: { [K in keyof I]: I[K] extends Artifact<string> ? FileVariable : string };
  /** Paths that values and files are written to. */
  outputs: { [K in keyof O]: FileVariable };
}

/** What ends and repeats a step, and what it waits for. */
export interface StepLimits extends LockArgs {
  /** Seconds after which each try is ended as failed, from 1; the workflow's by default. */
  activeDeadlineSeconds?: number;
  /** How often it is tried again; twice by default. */
  retry?: RetryArgs;
}

/** What a step is given and hands on. */
export interface StepInterface<I extends Declarations, O extends Declarations> {
  /** What it is given; nothing by default. */
  inputs?: I;
  /** What it hands on; nothing by default. */
  outputs?: O;
}

/** A step that runs a program. */
export interface ContainerStepOptions<I extends Declarations, O extends Declarations>
  extends StepInterface<I, O>, StepLimits {
  /** The program and its hardware. `command` is required, and there is no GPU by default. */
  run: (variables: StepVariables<I, O>) => PodArgs;
}

/** Declares a step that runs a program in a pod of its own. */
export function containerStep<I extends Declarations = NoDeclarations, O extends Declarations = NoDeclarations>(
  name: string,
  options: ContainerStepOptions<I, O>,
): Step<I, O> {
  const { inputs, outputs, run, ...limits } = withInterface(options);
  return leaf(name, inputs, outputs, { ...limits, container: run(variablesOf(inputs, outputs)) });
}

/** A step that creates an object of Kubernetes. */
export interface ResourceStepOptions<I extends Declarations, O extends Declarations>
  extends StepInterface<I, O>, StepLimits, Omit<ResourceAction, "manifest"> {
  /** The object; `gpuJobManifest` and the other manifest functions make it from the arguments of a workload. */
  manifest: (variables: Pick<StepVariables<I, O>, "inputs">) => object;
}

/** Declares a step that creates an object of Kubernetes, a workload of any kind, and waits until it has done its work. */
export function resourceStep<I extends Declarations = NoDeclarations, O extends Declarations = NoDeclarations>(
  name: string,
  options: ResourceStepOptions<I, O>,
): Step<I, O> {
  const { inputs, outputs, manifest, verb, successCondition, failureCondition, resources, ...limits } =
    withInterface(options);
  const given = Object.entries({ verb, successCondition, failureCondition, resources }).filter(
    ([, value]) => value !== undefined,
  );
  const resource: ResourceAction = { manifest: manifest(variablesOf(inputs, outputs)), ...Object.fromEntries(given) };
  return leaf(name, inputs, outputs, { ...limits, resource });
}

/** A step that waits. */
export interface SuspendStepOptions<O extends Declarations> extends SuspendAction {
  /** What is asked for when it is resumed; nothing by default. */
  outputs?: O;
}

/** Declares a step that waits for a person, who may be asked for values, or for time to pass. */
export function suspendStep<O extends Declarations = NoDeclarations>(
  name: string,
  options: SuspendStepOptions<O> = {},
): Step<NoDeclarations, O> {
  const { outputs = {} as O, ...suspend } = options;
  return leaf(name, {}, outputs, { suspend });
}

/** No inputs or outputs. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- has no names, unlike a record of whatever kind
export type NoDeclarations = {};

/** A number in the manifest of a resource step that comes from an input: its variable, without quotes. */
export function numberVariable(name: string): string {
  return `{{=asInt(inputs.parameters['${name}'])}}`;
}

function leaf<I extends Declarations, O extends Declarations>(name: string, inputs: I, outputs: O, body: StepBody) {
  const declared = outputsOf(outputs);
  return new Step(name, inputs, outputs, {
    ...(Object.keys(declared).length > 0 ? { outputs: declared } : {}),
    ...body,
  });
}

function withInterface<I extends Declarations, O extends Declarations, Rest extends StepInterface<I, O>>(
  options: Rest,
): Rest & Required<StepInterface<I, O>> {
  return { ...options, inputs: options.inputs ?? ({} as I), outputs: options.outputs ?? ({} as O) };
}

function variablesOf<I extends Declarations, O extends Declarations>(inputs: I, outputs: O): StepVariables<I, O> {
  const ofInput = Object.entries(inputs).map(([name, { kind }]): [string, string | FileVariable] => [
    name,
    kind === "artifact" ? { path: `{{inputs.artifacts.${name}.path}}` } : `{{inputs.parameters.${name}}}`,
  ]);
  const ofOutput = Object.entries(outputs).map(([name, { kind }]): [string, FileVariable] => [
    name,
    { path: `{{outputs.${kind}s.${name}.path}}` },
  ]);
  const variables: unknown = { inputs: Object.fromEntries(ofInput), outputs: Object.fromEntries(ofOutput) };
  return variables as StepVariables<I, O>;
}
