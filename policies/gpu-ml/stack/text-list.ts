import type { Tree } from "../../../components/model";
import type { Parameter } from "../../engine/rule";

/** A parameter that is a list of texts, by default an empty one. */
export function textList(description: string): Parameter<string[]> {
  return {
    description,
    default: [],
    schema: { type: "array", items: { type: "string" } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  };
}

/** What a leaf says as text; empty where it is no text. */
export function textOf(leaf: Tree): string {
  return typeof leaf === "string" ? leaf : "";
}
