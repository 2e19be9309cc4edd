import { childAt, isTreeObject, joinPaths, type PodSet, type Tree } from "../../components/model";
import { isFilledInLater } from "../scheduling/amount-faults";
import type { FieldRefusal } from "./workload";

/** Kinds of which the API server takes whole numbers of pods alone: those of its own, and those whose CRD says so. */
const COUNTED = new RegExp(
  [
    "^apps/(Deployment|StatefulSet|ReplicaSet)$",
    "^/ReplicationController$",
    "^batch/(Job|CronJob)$",
    "^jobset\\.x-k8s\\.io/JobSet$",
    "^leaderworkerset\\.x-k8s\\.io/LeaderWorkerSet$",
    "^kubeflow\\.org/\\w+Job$",
    "^ray\\.io/Ray(Cluster|Job|Service)$",
  ].join("|"),
);

/** Fields that say how many pods there are, in an object around their template. */
const FIELDS = ["replicas", "parallelism", "completions"];

/**
 * A number of pods that the API server does not take; undefined where there is none, or it is not known yet.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/apps/validation/validation.go
 * `ValidateNonnegativeField`
 */
export function countRefusal(kind: string, object: Tree, { path }: PodSet): FieldRefusal | undefined {
  if (!COUNTED.test(kind)) return undefined;
  let owner: Tree = object;
  let above = "";
  for (const step of path.match(/[^.[\]]+|\[\d+\]/g) ?? []) {
    for (const field of FIELDS) {
      const why = countFault(childAt(owner, field));
      if (why !== undefined) return { kind: "field", path: joinPaths(above, field), why };
    }
    above = joinPaths(above, step);
    owner = Array.isArray(owner) ? owner[Number(step.slice(1, -1))] : isTreeObject(owner) ? owner[step] : undefined;
  }
  return undefined;
}

function countFault(value: Tree): string | undefined {
  if (value === undefined || value === null || isFilledInLater(value)) return undefined;
  if (typeof value !== "number") return `${JSON.stringify(value)} is no number`;
  if (value < 0) return `${value} is below 0`;
  return Number.isInteger(value) ? undefined : `${value} is no whole number`;
}
