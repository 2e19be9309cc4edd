import type { Tree } from "../../components/model";
import type { Parameter } from "./rule";

/** A parameter that is a list of texts, such as names that a rule lets pass. */
export function textList(description: string, byDefault: readonly string[]): Parameter<string[]> {
  return {
    description,
    default: [...byDefault],
    schema: { type: "array", items: { type: "string" } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  };
}

/** A parameter that is a number within bounds, both included. */
export function numberWithin(
  description: string,
  byDefault: number,
  least: number,
  most = Infinity,
): Parameter<number> {
  return {
    description,
    default: byDefault,
    schema: { type: "number", minimum: least, ...(most === Infinity ? {} : { maximum: most }) },
    accepts: (value) => typeof value === "number" && value >= least && value <= most,
  };
}

/** A parameter that is one of some texts. */
export function choice<T extends string>(description: string, byDefault: T, values: readonly T[]): Parameter<T> {
  return {
    description,
    default: byDefault,
    schema: { type: "string", enum: [...values] },
    accepts: (value: Tree) => values.some((known) => known === value),
  };
}
