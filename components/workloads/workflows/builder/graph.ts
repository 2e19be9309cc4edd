import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import {
  type StepOutputs,
  type TaskArguments,
  type TaskDependency,
  TaskResult,
  type TemplateReference,
  type WorkflowTask,
} from "../definition";
import {
  type Artifact,
  type Declaration,
  type Declarations,
  inputsOf,
  type LoopItem,
  outputsOf,
  type Parameter,
  textOf,
} from "./declarations";
import {
  type ArtifactRef,
  type Condition,
  type ItemRef,
  itemRefOf,
  type LoopRefsOf,
  loopRefsOf,
  ParameterRef,
  type RefsOf,
  refsOf,
  type Widened,
} from "./references";
import type { AnyStep, Step } from "./step";

/** What an input may be given. Numbers and truth values may go where text is wanted, as Argo passes all as text. */
export type ArgumentOf<D extends Declaration> =
  D extends Parameter<infer T> ? ValueArgument<T> : D extends Artifact<infer Type> ? ArtifactRef<Type> : never;

type ValueArgument<T> =
  IsText<T> extends true
    ? pulumi.Input<string> | ParameterRef<string | number | boolean>
    : T | ParameterRef<T> | ParameterRef<Widened<T>>;

/** Whether any text will do. */
type IsText<T> = [T] extends [string] ? ([string] extends [T] ? true : false) : false;

type OptionalKeys<I extends Declarations> = {
  [K in keyof I]: I[K]["isOptional"] extends true ? K : never;
}[keyof I];

/** What a step must and may be given. */
export type ArgumentsOf<I extends Declarations> = {
  [K in Exclude<keyof I, OptionalKeys<I>>]: ArgumentOf<I[K]>;
} & { [K in OptionalKeys<I>]?: ArgumentOf<I[K]> };

/** Arguments may be left out where nothing is required. */
export type ArgumentList<A, Options> = object extends A ? [args?: A, options?: Options] : [args: A, options?: Options];

/** How a task is run. */
export interface TaskOptions {
  /** Name of the task, unique in its graph; that of the step by default. */
  name?: string;
  /** Conditions that must all hold, or the task is left out, and what needs its outputs with it. */
  when?: Condition | Condition[];
  /** Tasks that run before it, beside those whose outputs it uses. */
  after?: (Task<unknown> | TaskDependency)[];
}

/** A task of a graph. */
export class Task<Outputs> {
  /**
   * @param name its name.
   * @param outputs what it hands on.
   */
  public constructor(
    public readonly name: string,
    public readonly outputs: Outputs,
  ) {}

  /** For `after`: once it has ended in the given way. */
  public ended(result: TaskResult = TaskResult.ended): TaskDependency {
    return { task: this.name, result };
  }
}

/** Collects tasks. */
export class TaskList {
  /** The tasks as plain data. */
  public readonly tasks: WorkflowTask[] = [];
  /** Steps that they lead to. */
  public readonly uses: AnyStep[] = [];

  /** @param prefix what stands before names of tasks in variables. */
  public constructor(private readonly prefix: "tasks" | "steps") {}

  /** Runs a step once. */
  public run<I extends Declarations, O extends Declarations>(
    step: Step<I, O>,
    ...[args, options = {}]: ArgumentList<ArgumentsOf<I>, TaskOptions>
  ): Task<RefsOf<O>> {
    const name = this.add(step, args, options, {});
    return new Task(name, refsOf(step.outputs, `${this.prefix}.${name}.outputs`));
  }

  /**
   * Runs a step for each item of a list, all at once.
   *
   * @param items the list, or the reference to one.
   * @param argumentsFor what the step is given in the round of an item.
   */
  public each<T extends LoopItem, I extends Declarations, O extends Declarations>(
    step: Step<I, O>,
    items: readonly T[] | ParameterRef<T[]>,
    argumentsFor: (item: ItemRef<T>) => ArgumentsOf<I>,
    options: TaskOptions = {},
  ): Task<LoopRefsOf<O>> {
    const loop = items instanceof ParameterRef ? { withParam: String(items) } : { withItems: [...items] };
    const name = this.add(step, argumentsFor(itemRefOf(items)), options, loop);
    return new Task(name, loopRefsOf(step.outputs, `${this.prefix}.${name}.outputs`));
  }

  private add(
    step: AnyStep,
    args: object | undefined,
    options: TaskOptions,
    loop: Pick<WorkflowTask, "withItems" | "withParam">,
  ): string {
    const { name = step.name, when = [], after = [] } = options;
    const conditions = [when].flat().map(({ comparison }) => comparison);
    const dependencies = after.map((each) => (each instanceof Task ? { task: each.name } : each));
    const given = taskArguments(step.inputs, args ?? {});
    this.tasks.push({
      name,
      ...(step.workflowTemplate === undefined ? { template: step.name } : { templateRef: referenceTo(step) }),
      ...(Object.keys(given).length > 0 ? { arguments: given } : {}),
      ...(dependencies.length > 0 ? { after: dependencies } : {}),
      ...(conditions.length > 0 ? { when: conditions } : {}),
      ...loop,
    });
    this.uses.push(step);
    return name;
  }
}

/** What a graph hands on, as its outputs are declared. */
export function graphOutputs(declarations: Declarations, refs: Record<string, unknown>): { outputs?: StepOutputs } {
  const { parameters, artifacts } = outputsOf(declarations);
  const source = ({ name }: { name: string }) => ({ source: String(refs[name]) });
  const outputs = compact({
    parameters: parameters?.map((each) => ({ ...each, ...source(each) })),
    artifacts: artifacts?.map((each) => ({ ...each, ...source(each) })),
  });
  return Object.keys(outputs).length > 0 ? { outputs } : {};
}

function referenceTo({ name, inputs, outputs, workflowTemplate }: AnyStep): TemplateReference {
  return { name: workflowTemplate!, template: name, inputs: inputsOf(inputs), outputs: outputsOf(outputs) };
}

function taskArguments(inputs: Declarations, args: object): TaskArguments {
  const given = Object.entries(args as Record<string, unknown>).filter(([, value]) => value !== undefined);
  const isFiles = (name: string) => inputs[name]?.kind === "artifact";
  const values = given.filter(([name]) => !isFiles(name)).map(([name, value]) => [name, argumentText(value)] as const);
  const files = given.filter(([name]) => isFiles(name)).map(([name, value]) => [name, String(value)] as const);
  return {
    ...(values.length > 0 ? { parameters: Object.fromEntries(values) } : {}),
    ...(files.length > 0 ? { artifacts: Object.fromEntries(files) } : {}),
  };
}

/** Outputs and promises are left to the engine. */
function argumentText(value: unknown): pulumi.Input<string> {
  if (value instanceof ParameterRef) return String(value);
  const isLater = typeof value === "object" && value !== null && ("apply" in value || value instanceof Promise);
  return isLater ? (value as pulumi.Input<string>) : textOf(value);
}
