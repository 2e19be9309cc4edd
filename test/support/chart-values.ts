import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ChartValues } from "../../components/rendering";

/** Below this, charts of Istio keep their own values, to which those that are set count as if they stood below it too. */
const ISTIO_DEFAULTS = "_internal_defaults_do_not_set";

/** The values that a chart describes, from its `values.yaml`. */
export function describedValues(text: string): ChartValues {
  const { [ISTIO_DEFAULTS]: own, ...others } = (parse(text) ?? {}) as ChartValues;
  return { ...others, ...(own as ChartValues | undefined) };
}

/** Reads a chart's own values; undefined where the file is not there. */
export function readDescribedValues(folder: string, path: string): ChartValues | undefined {
  const file = join(folder, path);
  return existsSync(file) ? describedValues(readFileSync(file, "utf8")) : undefined;
}

/**
 * Paths of values that a chart does not describe, and would pass over in silence.
 *
 * @param open paths below which any key may stand; they themselves must be described.
 */
export function unknownPaths(values: ChartValues, described: unknown, open: string[] = [], above = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = `${above}${key}`;
    if (!isMap(described) || !(key in described)) return [path];
    if (open.includes(path) || !isMap(value)) return [];
    return unknownPaths(value, described[key], open, `${path}.`);
  });
}

/** Whether a value has keys of its own; outputs are objects too, but no maps. */
function isMap(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
