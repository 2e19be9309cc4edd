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

/** @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html `spark.executor.instances` */
const DEFAULT_INSTANCES = 2;

/** Executors that are asked for at once. */
const DEFAULT_BATCH = 10;

/** Share of its executors that a driver on Kubernetes waits for, and for how many seconds at most. */
const REGISTERED_RATIO = 0.8;
const MOST_WAIT_SECONDS = 30;

/** Setting with the number of executors at most, where it is dynamic. */
const MOST = "spark.dynamicAllocation.maxExecutors";

/** Executors that may fail at least, and for each that the application may have, where it does not say how many. */
const FAILURES = { least: 3, each: 2 };

/**
 * How many executors an application asks for. With dynamic allocation it begins with some, and asks for more while tasks wait:
 * one more after a second, then two, then four, up to the most. Here tasks wait for as long as it runs, unless nothing says how
 * many it may have.
 *
 * @param seconds how long tasks have waited; 0 by default.
 * @see https://spark.apache.org/docs/4.0.1/job-scheduling.html#resource-allocation-policy
 * @see https://spark.apache.org/docs/4.0.1/configuration.html#dynamic-allocation
 */
export function executorCount(properties: SparkProperties, seconds = 0): number {
  const instances = properties.get("spark.executor.instances");
  if (!isDynamic(properties)) return Number(instances ?? DEFAULT_INSTANCES);
  const number = (name: string) => Number(properties.get(name) ?? 0);
  const least = number("spark.dynamicAllocation.minExecutors");
  const first = Math.max(least, number("spark.dynamicAllocation.initialExecutors"), Number(instances ?? 0));
  const most = Number(properties.get(MOST) ?? Math.max(first, 1));
  return Math.min(first + 2 ** seconds - 1, most);
}

/**
 * How many executors of an application may fail; with one more it ends.
 *
 * @see https://spark.apache.org/docs/4.0.1/configuration.html `spark.executor.maxNumFailures`
 */
export function failuresAllowed(properties: SparkProperties): number {
  const told = properties.get("spark.executor.maxNumFailures");
  if (told !== undefined) return Number(told);
  const executors = isDynamic(properties)
    ? (properties.get(MOST) ?? Infinity)
    : (properties.get("spark.executor.instances") ?? 0);
  return Math.max(FAILURES.least, FAILURES.each * Number(executors));
}

/**
 * Whether a driver has waited enough for its executors to begin its work: most of those that it began with run, or it has
 * waited for as long as it may.
 *
 * @param running executors that run.
 * @param seconds how long it has waited.
 * @see https://spark.apache.org/docs/4.0.1/configuration.html `spark.scheduler.minRegisteredResourcesRatio`,
 * `spark.scheduler.maxRegisteredResourcesWaitingTime`
 */
export function mayBegin(properties: SparkProperties, running: number, seconds: number): boolean {
  return running >= REGISTERED_RATIO * executorCount(properties) || seconds >= MOST_WAIT_SECONDS;
}

/** How many executors are asked for at once. @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html `spark.kubernetes.allocation.batch.size` */
export function allocationBatch(properties: SparkProperties): number {
  return Number(properties.get("spark.kubernetes.allocation.batch.size") ?? DEFAULT_BATCH);
}

function isDynamic(properties: SparkProperties): boolean {
  return properties.get("spark.dynamicAllocation.enabled") === "true";
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(u([0-9a-fA-F]{4})|.)/g, (_, character: string, code?: string) => {
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    return { n: "\n", t: "\t", r: "\r", f: "\f" }[character] ?? character;
  });
}
