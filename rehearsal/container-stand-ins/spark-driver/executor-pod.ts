import type { V1Container, V1Pod, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { SIMULATE_ANNOTATION } from "../../../components/model";
import { below, type SparkProperties } from "./properties";

/** Label by which pods of an application know each other. */
export const APPLICATION = "spark-app-selector";
/** Label that says whether a pod is a driver or an executor. */
export const ROLE = "spark-role";
/** Label with the number of an executor. */
export const EXECUTOR_ID = "spark-exec-id";

/** Part of a pod's annotation that has its first tries fail. */
export const FAIL_FIRST = "fail-first=";

/** Name of the container that Spark makes. */
const CONTAINER = "spark-kubernetes-executor";

const MIB = 1;
const UNITS: Record<string, number> = { k: 1 / 1024, m: MIB, g: 1024, t: 1024 * 1024 };

/** Memory beside the heap: this share of it, and this much at least. @see https://spark.apache.org/docs/4.0.1/configuration.html `spark.executor.memoryOverheadFactor` */
const OVERHEAD = { factor: 0.1, leastMib: 384 };

/** Annotation that tells how often the same was tried before; read by the stages of pods. */
export const TRIES_BEFORE = "mlstack.dev/tries-before";

/** Which executor of an application is made. */
export interface ExecutorOrder {
  id: number;
  /** How many before it failed; 0 by default. */
  failed?: number;
  /** The pod that the application gives for executors; an empty one by default. */
  template?: Partial<V1Pod>;
}

/**
 * An executor as the driver makes it.
 *
 * @see https://github.com/apache/spark/tree/v4.0.1/resource-managers/kubernetes/core/src/main/scala/org/apache/spark/deploy/k8s/features
 */
export function executorPod(
  driver: V1Pod,
  properties: SparkProperties,
  { id, failed = 0, template = {} }: ExecutorOrder,
): V1Pod {
  const { name = "", namespace = "", uid = "", labels = {} } = driver.metadata ?? {};
  const { containers, ...spec } = template.spec ?? { containers: [] };
  const [given] = containers;
  const kubernetes = (rest: string) => properties.get(`spark.kubernetes.${rest}`);
  const annotations = {
    ...template.metadata?.annotations,
    ...below(properties, "spark.kubernetes.executor.annotation."),
  };
  const { volumes, mounts } = volumesOf(properties);
  const account = kubernetes("authenticate.executor.serviceAccountName") ?? driver.spec?.serviceAccountName;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name.replace(/-driver$/, "")}-exec-${id}`,
      namespace,
      labels: {
        ...template.metadata?.labels,
        ...below(properties, "spark.kubernetes.executor.label."),
        ...pick(labels, APPLICATION, "spark-app-name", "spark-version"),
        [ROLE]: "executor",
        [EXECUTOR_ID]: String(id),
        "spark-exec-resourceprofile-id": "0",
      },
      annotations: {
        ...annotations,
        [SIMULATE_ANNOTATION]: simulationOf(annotations[SIMULATE_ANNOTATION]),
        [TRIES_BEFORE]: String(failed),
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      ...spec,
      restartPolicy: "Never",
      ...(account === undefined ? {} : { serviceAccountName: account }),
      nodeSelector: {
        ...spec.nodeSelector,
        ...below(properties, "spark.kubernetes.node.selector."),
        ...below(properties, "spark.kubernetes.executor.node.selector."),
      },
      volumes: [...(spec.volumes ?? []), ...volumes],
      containers: [
        Object.assign(structuredClone(given ?? { name: CONTAINER }), containerOf(properties, id, given), {
          volumeMounts: [...(given?.volumeMounts ?? []), ...mounts],
        }),
      ],
    },
  };
}

/** Executors live as long as their driver does, unless they are to fail. */
function simulationOf(told = "run"): string {
  if (told.startsWith("fail")) return told;
  return told.includes(FAIL_FIRST) ? told.replace(/^\S+/, "run") : "run";
}

function containerOf(properties: SparkProperties, id: number, given: V1Container | undefined): V1Container {
  const image =
    properties.get("spark.kubernetes.executor.container.image") ?? properties.get("spark.kubernetes.container.image");
  const cores = properties.get("spark.executor.cores") ?? "1";
  const memory = `${memoryMib(properties)}Mi`;
  const cpu = properties.get("spark.kubernetes.executor.request.cores") ?? cores;
  const limit = properties.get("spark.kubernetes.executor.limit.cores");
  return {
    name: given?.name ?? CONTAINER,
    image: image ?? "",
    args: ["executor"],
    env: [
      ...(given?.env ?? []),
      { name: "SPARK_EXECUTOR_ID", value: String(id) },
      { name: "SPARK_EXECUTOR_CORES", value: cores },
    ],
    resources: {
      requests: { cpu, memory },
      limits: { ...(limit === undefined ? {} : { cpu: limit }), memory, ...devicesOf(properties) },
    },
  };
}

/** Megabytes of the whole process: heap, what is beside it, and what Python has for itself. */
function memoryMib(properties: SparkProperties): number {
  const heap = mibOf(properties.get("spark.executor.memory") ?? "1g");
  const factor = Number(
    properties.get("spark.executor.memoryOverheadFactor") ??
      properties.get("spark.kubernetes.memoryOverheadFactor") ??
      OVERHEAD.factor,
  );
  const given = properties.get("spark.executor.memoryOverhead");
  const overhead = given === undefined ? Math.max(Math.trunc(heap * factor), OVERHEAD.leastMib) : mibOf(given);
  const python = properties.get("spark.executor.pyspark.memory");
  return Math.ceil(heap + overhead + (python === undefined ? 0 : mibOf(python)));
}

/** Sizes as Java writes them: `512m`, `2g`; in MiB where there is no unit. */
function mibOf(text: string): number {
  const [, number = "0", unit = "m"] = /^(\d+(?:\.\d+)?)\s*([kmgt])?b?$/i.exec(text.trim()) ?? [];
  return Number(number) * (UNITS[unit.toLowerCase()] ?? MIB);
}

/** Devices such as GPUs, by the name that Kubernetes has for them. */
function devicesOf(properties: SparkProperties): Record<string, string> {
  const amounts = Object.entries(below(properties, "spark.executor.resource."));
  return Object.fromEntries(
    amounts.flatMap(([key, amount]) => {
      const [, device] = /^(.+)\.amount$/.exec(key) ?? [];
      const vendor = properties.get(`spark.executor.resource.${device}.vendor`);
      return device === undefined || vendor === undefined ? [] : [[`${vendor}/${device}`, amount]];
    }),
  );
}

/** Volumes that the application names by settings. */
function volumesOf(properties: SparkProperties): { volumes: V1Volume[]; mounts: V1VolumeMount[] } {
  const volumes: V1Volume[] = [];
  const mounts: V1VolumeMount[] = [];
  for (const [key, mountPath] of Object.entries(below(properties, "spark.kubernetes.executor.volumes."))) {
    const [, kind, name] = /^(\w+)\.(.+)\.mount\.path$/.exec(key) ?? [];
    if (kind === undefined || name === undefined) continue;
    const of = (rest: string) => properties.get(`spark.kubernetes.executor.volumes.${kind}.${name}.${rest}`);
    volumes.push(volumeOf(kind, name, of));
    mounts.push({ name, mountPath, readOnly: of("mount.readOnly") === "true" });
  }
  return { volumes, mounts };
}

function volumeOf(kind: string, name: string, of: (rest: string) => string | undefined): V1Volume {
  const path = of("options.path") ?? "";
  if (kind === "persistentVolumeClaim")
    return { name, persistentVolumeClaim: { claimName: of("options.claimName") ?? "" } };
  if (kind === "hostPath") return { name, hostPath: { path } };
  if (kind === "nfs") return { name, nfs: { path, server: of("options.server") ?? "" } };
  const sizeLimit = of("options.sizeLimit");
  return { name, emptyDir: sizeLimit === undefined ? {} : { sizeLimit } };
}

function pick(labels: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])));
}
