import type { Parameter } from "../../engine/rule";

/** A parameter that lists texts, such as names of charts. */
export function listParameter(description: string, byDefault: string[] = []): Parameter<string[]> {
  return {
    description,
    default: byDefault,
    schema: { type: "array", items: { type: "string" } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  };
}
