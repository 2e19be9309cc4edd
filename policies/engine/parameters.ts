import { tryParseQuantity, type Tree } from "../../components/model";
import type { Parameter } from "./rule";

/** A text with at most one star. */
const ONE_STAR = /^[^*]*\*?[^*]*$/;

/** A parameter that is on or off. */
export function onOff(description: string, byDefault: boolean): Parameter<boolean> {
  return {
    description,
    default: byDefault,
    schema: { type: "boolean" },
    accepts: (value) => typeof value === "boolean",
  };
}

/** A parameter that is a whole number within bounds, both included. */
export function wholeNumber(description: string, byDefault: number, least: number, most = Infinity): Parameter<number> {
  return {
    description,
    default: byDefault,
    schema: { type: "integer", minimum: least, ...(most === Infinity ? {} : { maximum: most }) },
    accepts: (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most,
  };
}

/** A parameter that is an amount as Kubernetes writes it, such as `10Gi`. */
export function quantity(description: string, byDefault: string): Parameter<string> {
  return {
    description,
    default: byDefault,
    schema: { type: "string" },
    accepts: (value) => typeof value === "string" && tryParseQuantity(value) !== undefined,
  };
}

/** A parameter that is a text of some form. */
export function textLike(description: string, byDefault: string, form: RegExp): Parameter<string> {
  return {
    description,
    default: byDefault,
    schema: { type: "string", pattern: form.source },
    accepts: (value) => typeof value === "string" && form.test(value),
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

/** A parameter that lists any of some texts. */
export function choices<T extends string>(
  description: string,
  byDefault: readonly T[],
  values: readonly T[],
): Parameter<T[]> {
  return {
    description,
    default: [...byDefault],
    schema: { type: "array", items: { type: "string", enum: [...values] } },
    accepts: (value) => Array.isArray(value) && value.every((item) => values.some((known) => known === item)),
  };
}

/** A parameter that is a list of texts, such as names that a rule lets pass. */
export function textList(description: string, byDefault: readonly string[] = []): Parameter<string[]> {
  return {
    description,
    default: [...byDefault],
    schema: { type: "array", items: { type: "string" } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  };
}

/** A parameter that is a list of texts, each with at most one `*` for any text. */
export function patternList(description: string, byDefault: readonly string[]): Parameter<string[]> {
  return {
    description: `${description}; * stands for any text, once in each`,
    default: [...byDefault],
    schema: { type: "array", items: { type: "string", pattern: ONE_STAR.source } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string" && ONE_STAR.test(item)),
  };
}
