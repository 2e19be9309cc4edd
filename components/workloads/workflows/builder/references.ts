import { type Comparison, ComparisonOperator } from "../definition";
import {
  type Artifact,
  type Declaration,
  type Declarations,
  type LoopItem,
  type Parameter,
  textOf,
} from "./declarations";

/** Carries the type of a value through the compiler; there is nothing at run time. */
declare const VALUE: unique symbol;
/** Carries the type of files through the compiler; there is nothing at run time. */
declare const FILES: unique symbol;

/** A value that is known once the workflow runs. As text it is the variable that Argo fills in. */
export class ParameterRef<T> {
  declare public readonly [VALUE]: T;

  /**
   * @param variable the variable with its braces, or text with variables in it.
   * @param declaration what the value was declared as.
   */
  public constructor(
    private readonly variable: string,
    public readonly declaration: Parameter<unknown>,
  ) {}

  /** Holds where the value is this one. */
  public is(value: T | ParameterRef<T>): Condition {
    return this.compared(ComparisonOperator.equal, value);
  }

  /** Holds where the value is another one. */
  public isNot(value: T | ParameterRef<T>): Condition {
    return this.compared(ComparisonOperator.notEqual, value);
  }

  /** Holds where the number is less than this one. */
  public isBelow(this: ParameterRef<number>, value: number | ParameterRef<number>): Condition {
    return this.compared(ComparisonOperator.less, value);
  }

  /** Holds where the number is this one or less. */
  public isAtMost(this: ParameterRef<number>, value: number | ParameterRef<number>): Condition {
    return this.compared(ComparisonOperator.lessOrEqual, value);
  }

  /** Holds where the number is more than this one. */
  public isAbove(this: ParameterRef<number>, value: number | ParameterRef<number>): Condition {
    return this.compared(ComparisonOperator.greater, value);
  }

  /** Holds where the number is this one or more. */
  public isAtLeast(this: ParameterRef<number>, value: number | ParameterRef<number>): Condition {
    return this.compared(ComparisonOperator.greaterOrEqual, value);
  }

  /** The variable, for texts. */
  public toString(): string {
    return this.variable;
  }

  private compared(operator: ComparisonOperator, value: unknown): Condition {
    const other = value instanceof ParameterRef ? String(value) : textOf(value);
    return new Condition({ value: this.variable, operator, other });
  }
}

/** Files that are there once a task has run. */
export class ArtifactRef<Type extends string> {
  declare public readonly [FILES]: Type;

  /** @param variable the variable with its braces. */
  public constructor(private readonly variable: string) {}

  /** The variable. */
  public toString(): string {
    return this.variable;
  }
}

/** Whether something holds while the workflow runs. */
export class Condition {
  /** @param comparison the condition as plain data. */
  public constructor(public readonly comparison: Comparison) {}
}

/** The reference to a value or to files. */
export type RefOf<D extends Declaration> =
  D extends Parameter<infer T> ? ParameterRef<T> : D extends Artifact<infer Type> ? ArtifactRef<Type> : never;

/** References by the names of inputs or outputs. */
export type RefsOf<D extends Declarations> = { [K in keyof D]: RefOf<D[K]> };

/** References to what all rounds of a loop hand on: lists. Files of single rounds cannot be told apart, and are left out. */
export type LoopRefsOf<D extends Declarations> = {
  [K in keyof D as D[K] extends Parameter<unknown> ? K : never]: D[K] extends Parameter<infer T>
    ? ParameterRef<T[]>
    : never;
};

/** References to the item of one round of a loop. */
export type ItemRef<T> =
  T extends Record<string, LoopItem> ? { [K in keyof T]: ParameterRef<T[K]> } : ParameterRef<Widened<T>>;

/** The type of a literal. */
export type Widened<T> = T extends number ? number : T extends boolean ? boolean : T;

/** References to all inputs or outputs. `scope` is what stands before `.parameters`, for example `tasks.fetch.outputs`. */
export function refsOf<D extends Declarations>(declarations: D, scope: string): RefsOf<D> {
  const refs = Object.entries(declarations).map(([name, each]) => {
    const ref =
      each.kind === "parameter"
        ? new ParameterRef(`{{${scope}.parameters.${name}}}`, each)
        : new ArtifactRef(`{{${scope}.artifacts.${name}}}`);
    return [name, ref];
  });
  return Object.fromEntries(refs) as RefsOf<D>;
}

/** References to the lists that a loop hands on. */
export function loopRefsOf<D extends Declarations>(declarations: D, scope: string): LoopRefsOf<D> {
  const lists = Object.entries(declarations).flatMap(([name, each]) =>
    each.kind === "parameter" ? [[name, listOf(each)] as const] : [],
  );
  return refsOf(Object.fromEntries(lists), scope) as LoopRefsOf<D>;
}

/** The reference, or references by fields, of an item. */
export function itemRefOf<T>(list: readonly T[] | ParameterRef<T[]>): ItemRef<T> {
  const fields = list instanceof ParameterRef ? fieldsOf(list.declaration) : Object.keys(recordIn(list));
  const refs = fields.map((field) => [field, new ParameterRef(`{{item.${field}}}`, ANYTHING)] as const);
  const ref = refs.length > 0 ? Object.fromEntries(refs) : new ParameterRef("{{item}}", ANYTHING);
  return ref as ItemRef<T>;
}

/** Text with variables in it: `` text`s3://lake/${inputs.day}/` ``. */
export function text(
  strings: TemplateStringsArray,
  ...refs: ParameterRef<string | number | boolean>[]
): ParameterRef<string> {
  const whole = strings.map((part, index) => `${part}${index < refs.length ? String(refs[index]) : ""}`).join("");
  return new ParameterRef<string>(whole, ANYTHING);
}

/** What plain data knows about these is checked there. */
const ANYTHING: Parameter<unknown> = { kind: "parameter", type: "string", isOptional: false, more: {} };

function listOf({ type, itemFields }: Parameter<unknown>): Parameter<unknown> {
  const shape = itemFields === undefined ? { itemType: type } : { itemType: type, itemFields };
  return { kind: "parameter", type: "list", ...shape, isOptional: false, more: {} };
}

function fieldsOf({ itemFields = [] }: Parameter<unknown>): string[] {
  return itemFields.map(({ name }) => name);
}

function recordIn(list: readonly unknown[]): object {
  const [first] = list;
  return typeof first === "object" && first !== null ? first : {};
}
