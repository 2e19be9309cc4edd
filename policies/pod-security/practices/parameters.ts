import { tryParseQuantity } from "../../../components/model";
import type { Parameter } from "../../engine/rule";

/** A parameter that lists texts, such as the names of images. */
export function textsParameter(description: string, byDefault: string[]): Parameter<string[]> {
  return {
    description,
    default: byDefault,
    schema: { type: "array", items: { type: "string" } },
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  };
}

/** A parameter that is an amount as Kubernetes writes it, such as `10Gi`. */
export function quantityParameter(description: string, byDefault: string): Parameter<string> {
  return {
    description,
    default: byDefault,
    schema: { type: "string" },
    accepts: (value) => typeof value === "string" && tryParseQuantity(value) !== undefined,
  };
}

/** A parameter that is a whole number from a least one upwards. */
export function numberParameter(description: string, byDefault: number, least: number): Parameter<number> {
  return {
    description,
    default: byDefault,
    schema: { type: "integer", minimum: least },
    accepts: (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least,
  };
}

/** A parameter that is on or off. */
export function switchParameter(description: string, byDefault: boolean): Parameter<boolean> {
  return {
    description,
    default: byDefault,
    schema: { type: "boolean" },
    accepts: (value) => typeof value === "boolean",
  };
}
