import { childAt, isTreeObject, nodeAt, type Tree } from "../tree";
import { isUnknown } from "../unknown";
import { unknownPods, type PodFinder } from "./finder";
import type { PodSet } from "./pod-set";
import { alone, countAt, countOf } from "./sizes";
import { sparkPod } from "./spark-pod";
import { sparkSetting } from "./spark-resources";

/**
 * Kinds of the Spark Operator 2.5. Drivers and executors are no pod templates: what the operator and spark-submit make
 * of their fields is put together here. A ScheduledSparkApplication counts the pods of one run.
 *
 * @see https://github.com/kubeflow/spark-operator/tree/v2.5.2/internal
 */
export const sparkKinds: [kind: string, find: PodFinder][] = [
  ["sparkoperator.k8s.io/SparkApplication", (object) => applicationPods(object, "spec")],
  ["sparkoperator.k8s.io/ScheduledSparkApplication", (object) => applicationPods(object, "spec.template")],
  ["sparkoperator.k8s.io/SparkConnect", connectPods],
];

function applicationPods(object: Tree, specPath: string): PodSet[] {
  const spec = nodeAt(object, specPath);
  return (["driver", "executor"] as const).flatMap((role) => {
    const fields = childAt(spec, role);
    const path = `${specPath}.${role}`;
    if (isUnknown(fields) || isUnknown(childAt(fields, "template"))) return [unknownPods(path)];
    if (!isTreeObject(fields)) return [];
    const count = role === "driver" ? 1 : executors(spec, 1);
    const pod = sparkPod({ role, fields, path, spec, specPath, isConnect: false });
    return [{ ...pod, ...alone(count), gang: specPath }];
  });
}

/** The server is a plain pod, of which cores and memory go to the JVM alone; executors are Spark's as ever. */
function connectPods(object: Tree): PodSet[] {
  const spec = childAt(object, "spec");
  if (isUnknown(spec)) return [unknownPods("spec")];
  if (!isTreeObject(spec)) return [];
  const roles = [
    { role: "driver", name: "server", count: 1 },
    { role: "executor", name: "executor", count: executors(spec, 2) },
  ] as const;
  return roles.flatMap(({ role, name, count }) => {
    const fields = childAt(spec, name);
    const path = `spec.${name}`;
    if (isUnknown(fields) || isUnknown(childAt(fields, "template"))) return [unknownPods(path)];
    if (!isTreeObject(fields)) return [];
    const pod = sparkPod({ role, fields, path, spec, specPath: "spec", isConnect: true });
    return [{ ...pod, role: name, ...alone(count), gang: "spec" }];
  });
}

/** Executors at once; without a maximum, dynamic allocation has no limit. */
function executors(spec: Tree, byDefault: number): number | undefined {
  const allocation = childAt(spec, "dynamicAllocation");
  const isDynamic: Tree[] = [childAt(allocation, "enabled"), sparkSetting(spec, "spark.dynamicAllocation.enabled")];
  if (isDynamic.some(isUnknown)) return undefined;
  if (isDynamic.some((enabled) => enabled === true || enabled === "true")) {
    return (
      countAt(allocation, "maxExecutors", undefined) ??
      countOf(sparkSetting(spec, "spark.dynamicAllocation.maxExecutors"))
    );
  }
  const setting = sparkSetting(spec, "spark.executor.instances");
  return countAt(childAt(spec, "executor"), "instances", setting === undefined ? byDefault : countOf(setting));
}
