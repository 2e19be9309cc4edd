import { ObstacleKind } from "../../../preflight/scheduling/obstacle";
import type { Decision } from "./world";

/** A reason for which pods wait. */
interface Reason {
  /** What preflight calls it. */
  kind: ObstacleKind;
  /** How many of 1,000 generated pods must meet it at least, so that it is trusted. */
  perMille: number;
}

/**
 * Each reason that the filters of the scheduler give, with that for each resource of the worlds. That a node does not have the
 * requested name is not among them, since whoever names a node does without the scheduler.
 */
export const REASONS: Readonly<Record<string, Reason>> = {
  "node(s) were unschedulable": { kind: ObstacleKind.unschedulable, perMille: 15 },
  "node(s) had untolerated taint(s)": { kind: ObstacleKind.taint, perMille: 20 },
  "node(s) didn't match Pod's node affinity/selector": { kind: ObstacleKind.nodeAffinity, perMille: 40 },
  "node(s) didn't satisfy plugin(s) [NodeAffinity]": { kind: ObstacleKind.nodeAffinity, perMille: 4 },
  "pod affinity terms conflict": { kind: ObstacleKind.nodeAffinity, perMille: 0.5 },
  "node(s) didn't have free ports for the requested pod ports": { kind: ObstacleKind.hostPort, perMille: 6 },
  "Too many pods": { kind: ObstacleKind.tooManyPods, perMille: 40 },
  "Insufficient cpu": { kind: ObstacleKind.resource, perMille: 12 },
  "Insufficient memory": { kind: ObstacleKind.resource, perMille: 8 },
  "Insufficient ephemeral-storage": { kind: ObstacleKind.resource, perMille: 8 },
  "Insufficient nvidia.com/gpu": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient nvidia.com/gpu.shared": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient nvidia.com/mig-1g.10gb": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient nvidia.com/mig-3g.40gb": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient vpc.amazonaws.com/efa": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient hugepages-2Mi": { kind: ObstacleKind.resource, perMille: 5 },
  "Insufficient hugepages-1Gi": { kind: ObstacleKind.resource, perMille: 4 },
  "Insufficient example.kubernetes.io/slots": { kind: ObstacleKind.resource, perMille: 2 },
  "Insufficient example.com/none": { kind: ObstacleKind.resource, perMille: 2 },
  "node(s) didn't match PersistentVolume's node affinity": { kind: ObstacleKind.volumeZone, perMille: 10 },
  "node(s) didn't match pod topology spread constraints": { kind: ObstacleKind.topologySpread, perMille: 15 },
  "node(s) didn't match pod topology spread constraints (missing required label)": {
    kind: ObstacleKind.topologySpreadLabel,
    perMille: 15,
  },
  "node(s) didn't match pod affinity rules": { kind: ObstacleKind.podAffinity, perMille: 15 },
  "node(s) didn't match pod anti-affinity rules": { kind: ObstacleKind.podAntiAffinity, perMille: 8 },
  "node(s) didn't satisfy existing pods anti-affinity rules": { kind: ObstacleKind.existingAntiAffinity, perMille: 15 },
};

/**
 * What the scheduler adds of its attempts to make room: by freeing devices, and by preemption, which cannot help here as all
 * pods are of the same priority. That is no matter of filters, and our messages end before it.
 */
export const AFTERMATH = / (?:(?:no new claims to deallocate|still not schedulable), preemption: .*|not found)$/;

/** The reasons that the scheduler gives in a decision. */
export function reasonsOf(decision: Decision): string[] {
  const text = "message" in decision ? decision.message : (decision.everywhere ?? "");
  const [, reasons = ""] = text.replace(AFTERMATH, "").split(" nodes are available: ");
  return reasons
    .replace(/\.$/, "")
    .split(", ")
    .map((reason) => reason.replace(/^\d+ /, ""))
    .filter((reason) => reason !== "");
}
