import { childAt, isTreeObject, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import type { Placed } from "./parts";
import { countOf } from "./sizes";

/** The two kinds of pods that a Spark application has, by their names in the configuration of Spark. */
export type SparkRole = "driver" | "executor";

/** What the resources of a Spark pod follow from. */
export interface SparkSource {
  /** Whose resources these are. */
  role: SparkRole;
  /** The fields of the driver or executor. */
  fields: Tree;
  /** Path of these fields from the object's root. */
  path: string;
  /** The application's spec, with its Spark configuration. */
  spec: Tree;
  /** Path of the application's spec. */
  specPath: string;
  /** Whether this is a Spark Connect server or one of its executors, which the operator's webhook leaves alone. */
  isConnect: boolean;
}

/** Resources of a container, with the places of what is in them by the path inside the container. */
export interface SparkResources {
  resources: TreeObject;
  places: Record<string, string>;
}

/** MiB for each suffix that Spark knows; a number without one is MiB already. */
const MEBIBYTES: Readonly<Record<string, number>> = {
  "": 1,
  ...{ b: 1 / 2 ** 20, k: 1 / 2 ** 10, kb: 1 / 2 ** 10, m: 1, mb: 1, g: 2 ** 10, gb: 2 ** 10 },
  ...{ t: 2 ** 20, tb: 2 ** 20, p: 2 ** 30, pb: 2 ** 30 },
};

/** Least memory beside that of the JVM, in MiB, and its share where the program is none of the JVM. */
const LEAST_OVERHEAD = 384;
const OVERHEAD_FACTOR = { jvm: 0.1, other: 0.4 };

/**
 * What a Spark container asks for: cores, memory with what is needed beside the JVM, and GPUs.
 *
 * @see https://github.com/apache/spark/blob/v4.0.1/resource-managers/kubernetes/core/src/main/scala/org/apache/spark/deploy/k8s/features/BasicDriverFeatureStep.scala
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/internal/webhook/sparkpod_defaulter.go
 */
export function sparkResources(source: SparkSource): SparkResources {
  const { role } = source;
  const request = field(source, "coreRequest") ??
    conf(source, `spark.kubernetes.${role}.request.cores`) ??
    field(source, "cores") ??
    conf(source, `spark.${role}.cores`) ?? { value: "1" };
  const limit = field(source, "coreLimit") ?? conf(source, `spark.kubernetes.${role}.limit.cores`);
  const memory = memoryOf(source);
  const memoryLimit = (source.isConnect ? undefined : limitOf(source)) ?? memory;
  const amounts: [side: string, resource: string, amount: Placed | undefined][] = [
    ["requests", "cpu", request],
    ["limits", "cpu", limit],
    ["requests", "memory", memory],
    ["limits", "memory", memoryLimit],
    ...devicesOf(source).map(([resource, amount]): [string, string, Placed] => ["limits", resource, amount]),
  ];
  const resources: Record<string, TreeObject> = {};
  const places: Record<string, string> = {};
  for (const [side, resource, amount] of amounts) {
    if (amount === undefined) continue;
    resources[side] = { ...resources[side], [resource]: asQuantity(amount.value) };
    if (amount.place === undefined) continue;
    places[`resources.${side}.${resource}`] = amount.place;
    places[`resources.${side}["${resource}"]`] = amount.place;
  }
  return { resources, places };
}

/** A setting in the Spark configuration of an application. */
export function sparkSetting(spec: Tree, key: string): Tree {
  return childAt(childAt(spec, "sparkConf"), key) ?? undefined;
}

function memoryOf(source: SparkSource): Placed {
  const { role, spec } = source;
  const given = field(source, "memory") ?? conf(source, `spark.${role}.memory`) ?? { value: "1g" };
  const parts = [mebibytes(given.value), overhead(source, mebibytes(given.value)), ...extrasOf(role, spec)];
  const whole = parts.reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b));
  return { ...given, value: whole === undefined ? UNKNOWN : `${whole}Mi` };
}

function overhead(source: SparkSource, memory: number | undefined): number | undefined {
  const given = field(source, "memoryOverhead") ?? conf(source, `spark.${source.role}.memoryOverhead`);
  if (given !== undefined) return mebibytes(given.value);
  const share = overheadFactor(source);
  return memory === undefined || share === undefined ? undefined : Math.max(Math.trunc(memory * share), LEAST_OVERHEAD);
}

function overheadFactor({ role, spec }: SparkSource): number | undefined {
  const given =
    sparkSetting(spec, `spark.${role}.memoryOverheadFactor`) ??
    sparkSetting(spec, "spark.kubernetes.memoryOverheadFactor") ??
    (childAt(spec, "memoryOverheadFactor") || undefined);
  if (given !== undefined) return typeof given === "string" && given !== "" ? finite(Number(given)) : undefined;
  const type = childAt(spec, "type");
  if (isUnknown(type)) return undefined;
  return isPython(type) || type === "R" ? OVERHEAD_FACTOR.other : OVERHEAD_FACTOR.jvm;
}

/** Executors may also have memory for Python, and some that the JVM does not manage. */
function extrasOf(role: SparkRole, spec: Tree): (number | undefined)[] {
  if (role === "driver") return [];
  const python = isPython(childAt(spec, "type")) ? sparkSetting(spec, "spark.executor.pyspark.memory") : undefined;
  const isOffHeap = sparkSetting(spec, "spark.memory.offHeap.enabled") === "true";
  const offHeap = isOffHeap ? sparkSetting(spec, "spark.memory.offHeap.size") : undefined;
  return [python === undefined ? 0 : mebibytes(python), offHeap === undefined ? 0 : mebibytes(offHeap, "b")];
}

/** The webhook's limit, in the units of Kubernetes: `2g` is 2 GiB there too. */
function limitOf(source: SparkSource): Placed | undefined {
  const given = field(source, "memoryLimit");
  if (given === undefined) return undefined;
  const size = mebibytes(given.value, "b");
  return { ...given, value: size === undefined ? UNKNOWN : `${size}Mi` };
}

/** GPUs and other devices: from the field `gpu`, and from the configuration that tells Spark of them. */
function devicesOf(source: SparkSource): [resource: string, given: Placed][] {
  const { role, spec, fields, path, isConnect } = source;
  const gpu = childAt(fields, "gpu");
  const name = stringAt(gpu, "name") ?? "";
  const quantity = childAt(gpu, "quantity");
  const isAsked = !isConnect && name !== "" && (isUnknown(quantity) || (countOf(quantity) ?? 0) > 0);
  const settings = childAt(spec, "sparkConf");
  const configured = Object.keys(isTreeObject(settings) ? settings : {}).flatMap((key): [string, Placed][] => {
    const device = new RegExp(`^spark\\.${role}\\.resource\\.([^.]+)\\.amount$`).exec(key)?.[1];
    const vendor = device === undefined ? undefined : stringAt(settings, `spark.${role}.resource.${device}.vendor`);
    const amount = conf(source, key);
    return vendor === undefined || amount === undefined ? [] : [[`${vendor}/${device}`, amount]];
  });
  const asked: [string, Placed][] = isAsked ? [[name, { value: quantity, place: `${path}.gpu.quantity` }]] : [];
  return [...configured, ...asked];
}

function field({ fields, path }: SparkSource, name: string): Placed | undefined {
  const value = childAt(fields, name) ?? undefined;
  return value === undefined || value === "" ? undefined : { value, place: `${path}.${name}` };
}

function conf({ spec, specPath }: SparkSource, key: string): Placed | undefined {
  const value = sparkSetting(spec, key);
  return value === undefined ? undefined : { value, place: `${specPath}.sparkConf["${key}"]` };
}

/** MiB of an amount as Spark writes it, for example `512m`; what it does not read, such as `512Mi`, is undefined. */
function mebibytes(amount: Tree, unit: "m" | "b" = "m"): number | undefined {
  if (typeof amount !== "string" && typeof amount !== "number") return undefined;
  const [, digits, suffix] = /^(\d+)([a-z]*)$/.exec(String(amount).trim().toLowerCase()) ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const worth = Object.hasOwn(MEBIBYTES, suffix) ? MEBIBYTES[suffix === "" ? unit : suffix] : undefined;
  return worth === undefined ? undefined : finite(Math.trunc(Number(digits) * worth));
}

function asQuantity(value: Tree): Tree {
  return typeof value === "number" ? String(value) : value;
}

function isPython(type: Tree): boolean {
  return type === "Python";
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
