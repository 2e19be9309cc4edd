import { compact } from "../../../internal";
import type { TaskGroup } from "../definition";
import type { Declarations } from "./declarations";
import { graphOutputs, TaskList } from "./graph";
import { type RefsOf, refsOf } from "./references";
import { type NoDeclarations, Step, type StepInterface } from "./step";

/** What a graph hands on: every declared output, or nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a function that returns nothing
export type GraphResult<O extends Declarations> = NoDeclarations extends O ? RefsOf<O> | void : RefsOf<O>;

/** Tasks by what they depend on. */
export interface DagOptions<I extends Declarations, O extends Declarations> extends StepInterface<I, O> {
  /** Adds the tasks, and returns the outputs. Whatever uses an output of a task runs after it. */
  tasks: (graph: TaskList, inputs: RefsOf<I>) => GraphResult<NoInfer<O>>;
  /** Pods that run at the same time, from 1; as many as the workflow allows by default. */
  parallelism?: number;
  /** Whether no further task is started once one has failed; true by default. */
  failFast?: boolean;
}

/** Declares a step of tasks of which each runs as soon as those that it depends on are done. */
export function dag<I extends Declarations = NoDeclarations, O extends Declarations = NoDeclarations>(
  name: string,
  options: DagOptions<I, O>,
): Step<I, O> {
  const { inputs = {} as I, outputs = {} as O, parallelism, failFast } = options;
  const graph = new TaskList("tasks");
  const refs = options.tasks(graph, refsOf(inputs, "inputs")) ?? {};
  const body = { ...graphOutputs(outputs, refs), dag: { tasks: graph.tasks, ...compact({ failFast }) } };
  return new Step(name, inputs, outputs, { ...body, ...compact({ parallelism }) }, graph.uses);
}

/** Tasks in groups one after another. */
export interface SequenceOptions<I extends Declarations, O extends Declarations> extends StepInterface<I, O> {
  /** Adds the groups, and returns the outputs. */
  tasks: (sequence: Sequence, inputs: RefsOf<I>) => GraphResult<NoInfer<O>>;
  /** Pods that run at the same time, from 1; as many as the workflow allows by default. */
  parallelism?: number;
}

/** Groups of tasks that run one after another. */
export class Sequence {
  /** The groups as plain data. */
  public readonly groups: TaskList[] = [];

  /** Starts a group: the tasks that are added to it run at the same time, once all earlier groups are done. */
  public next(): TaskList {
    const group = new TaskList("steps");
    this.groups.push(group);
    return group;
  }
}

/** Declares a step of tasks in groups that run one after another. */
export function sequence<I extends Declarations = NoDeclarations, O extends Declarations = NoDeclarations>(
  name: string,
  options: SequenceOptions<I, O>,
): Step<I, O> {
  const { inputs = {} as I, outputs = {} as O, parallelism } = options;
  const builder = new Sequence();
  const refs = options.tasks(builder, refsOf(inputs, "inputs")) ?? {};
  const steps = builder.groups.map(({ tasks }): TaskGroup => ({ tasks }));
  const body = { ...graphOutputs(outputs, refs), steps, ...compact({ parallelism }) };
  return new Step(
    name,
    inputs,
    outputs,
    body,
    builder.groups.flatMap(({ uses }) => uses),
  );
}
