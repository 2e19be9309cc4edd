import { childAt, isUnknown, nodeAt, UNKNOWN, type Tree, type Unknown } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, type Truth } from "../../engine/truth";

/** How many pods a workload has at least, and where that is said. */
export interface Replicas {
  subject: Subject;
  path: string;
  /** Unknown where it is not known yet, undefined where it is no number. */
  least: number | Unknown | undefined;
}

/** The least number of pods of a Deployment, StatefulSet or InferenceService: its own, or that of its autoscaler. */
export function replicasOf(workload: Subject, subjects: Subject[]): Replicas {
  const path = workload.is("serving.kserve.io/InferenceService") ? "spec.predictor.minReplicas" : "spec.replicas";
  const own: Replicas = { subject: workload, path, least: numberAt(workload.tree, path, 1) };
  const scalers = subjects
    .filter((subject) => subject.is("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"))
    .map((subject) => ({ subject, isOurs: scales(subject, workload) }))
    .filter(({ isOurs }) => isOurs !== false);
  const [scaler] = scalers;
  if (scaler === undefined) return own;
  if (isUnknown(scaler.isOurs)) return { ...own, least: UNKNOWN };
  const [floor, byDefault] = scaler.subject.is("keda.sh/ScaledObject")
    ? ["spec.minReplicaCount", 0]
    : ["spec.minReplicas", 1];
  return { subject: scaler.subject, path: floor, least: numberAt(scaler.subject.tree, floor, byDefault) };
}

/** Whether two objects are in the same namespace, so that one may name the other. */
export function areTogether(a: Subject, b: Subject): Truth {
  const [one, other]: Tree[] = [a.namespace ?? UNKNOWN, b.namespace ?? UNKNOWN];
  return isOneOf(one, other);
}

function scales(autoscaler: Subject, workload: Subject): Truth {
  const target = nodeAt(autoscaler.tree, "spec.scaleTargetRef");
  return allOf([
    areTogether(autoscaler, workload),
    isOneOf(childAt(target, "kind") ?? "Deployment", workload.kind),
    isOneOf(childAt(target, "name"), nodeAt(workload.tree, "metadata.name")),
  ]);
}

function numberAt(tree: Tree, path: string, absent: number): number | Unknown | undefined {
  const value = nodeAt(tree, path) ?? absent;
  return typeof value === "number" || isUnknown(value) ? value : undefined;
}
