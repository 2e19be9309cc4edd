import type { CoreV1Event, KubernetesObject, V1Container, V1Node, V1Pod } from "@kubernetes/client-node";
import {
  CAPACITY_TYPE_LABEL,
  GPU_RESOURCE,
  MISSING_IMAGE_ANNOTATION,
  POOL_LABEL,
  QUEUE_LABEL,
  SIMULATE_ANNOTATION,
} from "../../components/model";
import type { ClaimSeen, ComplaintSeen, NodeSeen, ObjectRef, OwnerSeen, PodSeen, QueuedSeen } from "./observation";
import { OWNER_KINDS } from "./owner-kinds";

/** Labels of a node by which Karpenter says what it bought. */
const KARPENTER_POOL = "karpenter.sh/nodepool";
const KARPENTER_CAPACITY = "karpenter.sh/capacity-type";

/** An object of a custom type, as far as any of them is read. */
interface CustomObject extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: { conditions?: Condition[] } & Record<string, unknown>;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | Date;
}

/** What matters of a pod. */
export function podSeen({ metadata = {}, spec, status }: V1Pod): PodSeen {
  const conditions: Condition[] = status?.conditions ?? [];
  const unscheduled = conditions.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  const phase = status?.phase ?? "Pending";
  return {
    of: "pod",
    ...nameOf(metadata),
    owner: ownerOf(metadata),
    phase: phase === "Running" || phase === "Succeeded" || phase === "Failed" ? phase : "Pending",
    node: spec?.nodeName || undefined,
    gpus: gpusOf(spec?.containers ?? [], spec?.initContainers ?? []),
    restarts: Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount)),
    isReady: trueOf(conditions, "Ready") !== undefined,
    isLeaving: metadata.deletionTimestamp !== undefined,
    simulate: metadata.annotations?.[SIMULATE_ANNOTATION],
    isWithoutImage: metadata.annotations?.[MISSING_IMAGE_ANNOTATION] === "true",
    unschedulable: unscheduled?.message || unscheduled?.reason,
    disruption: trueOf(conditions, "DisruptionTarget")?.reason,
  };
}

/**
 * GPUs that a pod holds: those of containers and sidecars together, or of an init container and the sidecars before it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers (1.36)
 */
function gpusOf(containers: readonly V1Container[], initContainers: readonly V1Container[]): number {
  const own = ({ resources }: V1Container) => Number(resources?.limits?.[GPU_RESOURCE] ?? 0);
  let [sidecars, most] = [0, 0];
  for (const container of initContainers) {
    most = Math.max(most, sidecars + own(container));
    if (container.restartPolicy === "Always") sidecars += own(container);
  }
  return Math.max(
    most,
    containers.reduce((sum, container) => sum + own(container), sidecars),
  );
}

/** What matters of a node. */
export function nodeSeen({ metadata = {}, status }: V1Node): NodeSeen {
  const labels = metadata.labels ?? {};
  return {
    of: "node",
    uid: metadata.uid ?? "",
    name: metadata.name ?? "",
    instanceType: labels["node.kubernetes.io/instance-type"] ?? "",
    pool: labels[POOL_LABEL] ?? labels[KARPENTER_POOL] ?? "",
    capacityType: labels[CAPACITY_TYPE_LABEL] ?? labels[KARPENTER_CAPACITY] ?? "",
    zone: labels["topology.kubernetes.io/zone"] ?? "",
    gpus: Number(status?.allocatable?.[GPU_RESOURCE] ?? 0),
    isReady: trueOf(status?.conditions, "Ready") !== undefined,
  };
}

/** Conditions that say how something ended. */
const ENDS: Record<string, "succeeded" | "failed"> = {
  Complete: "succeeded",
  Completed: "succeeded",
  Succeeded: "succeeded",
  Failed: "failed",
};

/** Phases that say it, of those that have no such conditions, in lower case. */
const END_PHASES: Record<string, "succeeded" | "failed"> = {
  succeeded: "succeeded",
  completed: "succeeded",
  failed: "failed",
  error: "failed",
  submission_failed: "failed",
};

/** What matters of an object that makes pods. */
export function ownerSeen(object: KubernetesObject, kind: string): OwnerSeen {
  const { metadata = {}, spec = {}, status = {} } = object as CustomObject;
  const told = (status.conditions ?? []).find(({ type, status: is }) => is === "True" && ENDS[type] !== undefined);
  const state = status["phase"] ?? (status["applicationState"] as { state?: unknown } | undefined)?.state;
  const phase = typeof state === "string" ? END_PHASES[state.toLowerCase()] : undefined;
  const message = status["message"];
  return {
    of: "owner",
    kind,
    ...nameOf(metadata),
    owner: ownerOf(metadata),
    ended: told === undefined ? phase : ENDS[told.type],
    reason: told?.message || told?.reason || (typeof message === "string" ? message : undefined),
    isGang: isGang(kind, spec, metadata.labels ?? {}),
    failures: typeof status["failed"] === "number" ? status["failed"] : 0,
  };
}

/** What is admitted as a whole is of use only as a whole; so are pods that have numbers. */
function isGang(kind: string, spec: Record<string, unknown>, labels: Record<string, string>): boolean {
  if (OWNER_KINDS.some((known) => known.kind === kind && known.isGang === true)) return true;
  return kind === "Job" && (spec["completionMode"] === "Indexed" || labels[QUEUE_LABEL] !== undefined);
}

/** What matters of a Workload of Kueue. */
export function queuedSeen(object: KubernetesObject): QueuedSeen {
  const { metadata = {}, spec = {}, status = {} } = object as CustomObject;
  const { conditions = [] } = status;
  const waits = conditions.find(({ type, status: is }) => type === "QuotaReserved" && is === "False");
  const evicted = trueOf(conditions, "Evicted");
  return {
    of: "queued",
    ...nameOf(metadata),
    owner: ownerOf(metadata),
    queue: typeof spec["queueName"] === "string" ? spec["queueName"] : "",
    isAdmitted: trueOf(conditions, "Admitted") !== undefined,
    isFinished: trueOf(conditions, "Finished") !== undefined,
    waitsFor: waits?.message,
    evicted: evicted && {
      reason: evicted.reason ?? "",
      message: evicted.message ?? "",
      since: String(evicted.lastTransitionTime ?? ""),
    },
  };
}

/** What matters of a NodeClaim. */
export function claimSeen(object: KubernetesObject): ClaimSeen {
  const { metadata = {}, status = {} } = object as CustomObject;
  const node = status["nodeName"];
  return {
    of: "claim",
    uid: metadata.uid ?? "",
    name: metadata.name ?? "",
    pool: metadata.labels?.[KARPENTER_POOL] ?? "",
    node: typeof node === "string" && node !== "" ? node : undefined,
  };
}

/** What matters of an Event that warns. */
export function complaintSeen({ metadata, involvedObject, reason, message }: CoreV1Event): ComplaintSeen {
  const { kind = "", namespace = "", name = "", uid = "" } = involvedObject;
  return {
    of: "complaint",
    uid: metadata.uid ?? "",
    about: { kind, namespace, name, uid },
    reason: reason ?? "",
    message: message ?? "",
  };
}

function nameOf({ uid = "", namespace = "", name = "" }: NonNullable<KubernetesObject["metadata"]>) {
  return { uid, namespace, name };
}

function ownerOf({ namespace = "", ownerReferences = [] }: NonNullable<KubernetesObject["metadata"]>) {
  const found = ownerReferences.find(({ controller }) => controller === true) ?? ownerReferences[0];
  if (found === undefined) return undefined;
  const { kind, name, uid } = found;
  return { kind, namespace, name, uid } satisfies ObjectRef;
}

function trueOf(conditions: readonly Condition[] | undefined, wanted: string): Condition | undefined {
  return conditions?.find(({ type, status }) => type === wanted && status === "True");
}
