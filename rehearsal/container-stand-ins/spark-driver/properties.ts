/** Settings of a Spark application by their name, such as `spark.executor.cores`. */
export type SparkProperties = ReadonlyMap<string, string>;

/**
 * Reads the settings that `spark-submit` hands a driver, in the format of Java's properties.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html `load`
 */
export function parseProperties(text: string): SparkProperties {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*[#!]/.test(line));
  return new Map(
    lines.map((line) => {
      const [, name = "", value = ""] = /^((?:[^\\=:\s]|\\.)+)\s*[=:]?\s*(.*)$/.exec(line.trimStart()) ?? [];
      return [unescaped(name), unescaped(value)] as const;
    }),
  );
}

/** Settings whose names begin alike, by what comes after that. */
export function below(properties: SparkProperties, prefix: string): Record<string, string> {
  const found = [...properties].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/**
 * How many executors an application begins with.
 *
 * @see https://spark.apache.org/docs/4.0.1/configuration.html#dynamic-allocation
 */
export function executorCount(properties: SparkProperties): number {
  const number = (name: string) => Number(properties.get(name) ?? 0);
  const instances = properties.get("spark.executor.instances");
  if (properties.get("spark.dynamicAllocation.enabled") !== "true") return Number(instances ?? DEFAULT_INSTANCES);
  const least = number("spark.dynamicAllocation.minExecutors");
  return Math.max(least, number("spark.dynamicAllocation.initialExecutors"), Number(instances ?? 0));
}

/** @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html `spark.executor.instances` */
const DEFAULT_INSTANCES = 2;

function unescaped(text: string): string {
  return text.replaceAll(/\\(u([0-9a-fA-F]{4})|.)/g, (_, character: string, code?: string) => {
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    return { n: "\n", t: "\t", r: "\r", f: "\f" }[character] ?? character;
  });
}
