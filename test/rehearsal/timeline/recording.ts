import type {
  ClaimSeen,
  FaultSeen,
  NodeSeen,
  ObjectRef,
  Observation,
  OwnerSeen,
  PodSeen,
  QueuedSeen,
  Seen,
} from "../../../rehearsal/timeline/observation";
import { timelineOf } from "../../../rehearsal/timeline/timeline-of";

/** Namespace of everything in a recording. */
const namespace = "research";

/** A Job of a recording. */
export function job(name: string, fields: Partial<OwnerSeen> = {}): OwnerSeen {
  const none = { owner: undefined, ended: undefined, reason: undefined };
  return {
    of: "owner",
    kind: "Job",
    namespace,
    name,
    uid: `job-${name}`,
    ...none,
    isGang: true,
    failures: 0,
    ...fields,
  };
}

/** How owners name a Job of a recording. */
export function jobRef(name: string): ObjectRef {
  return { kind: "Job", namespace, name, uid: `job-${name}` };
}

/** A pod of a Job, `train-0` being of `train`. */
export function pod(name: string, fields: Partial<PodSeen> = {}): PodSeen {
  return {
    of: "pod",
    uid: `pod-${name}`,
    namespace,
    name,
    owner: jobRef(name.replace(/-\d+$/, "")),
    phase: "Pending",
    node: undefined,
    gpus: 2,
    restarts: 0,
    isReady: false,
    isLeaving: false,
    simulate: "succeed after=1s",
    isWithoutImage: false,
    unschedulable: undefined,
    disruption: undefined,
    ...fields,
  };
}

/** A node with four GPUs. */
export function node(name: string, fields: Partial<NodeSeen> = {}): NodeSeen {
  const machine = { instanceType: "g5.12xlarge", pool: "a10g", capacityType: "on-demand", zone: "" };
  return { of: "node", uid: `node-${name}`, name, ...machine, gpus: 4, isReady: true, ...fields };
}

/** What waits in a queue for a Job. */
export function queued(name: string, fields: Partial<QueuedSeen> = {}): QueuedSeen {
  return {
    of: "queued",
    uid: `workload-${name}`,
    namespace,
    name: `job-${name}`,
    owner: jobRef(name),
    queue: "default",
    isAdmitted: false,
    isFinished: false,
    waitsFor: undefined,
    evicted: undefined,
    ...fields,
  };
}

/** A request for a node. */
export function claim(name: string, fields: Partial<ClaimSeen> = {}): ClaimSeen {
  return { of: "claim", uid: `claim-${name}`, name, pool: "a10g", node: undefined, ...fields };
}

/** Something that was done wrong on purpose, from a second of the clock on. */
export function fault(since: number, fields: Partial<FaultSeen> = {}): FaultSeen {
  const effect = { did: "node a is gone, with 1 pod", nodes: ["a"] };
  return { of: "fault", kind: "nodeLost", since: BEGINS + since * 1000, ...effect, happened: true, ...fields };
}

/** When the scenario of a recording begins, in milliseconds; things with negative seconds were there before. */
const BEGINS = 1_000_000;

/** The timeline of what was seen at seconds of the clock, at ten times its speed. */
export function timeline(ends: number, ...seen: [seconds: number, seen: Seen, isGone?: true][]) {
  const observations = seen.map(([seconds, each, isGone]): Observation => {
    const at = BEGINS + seconds * 1000;
    return isGone === true ? { ...each, at, isGone } : { ...each, at };
  });
  return timelineOf(observations, { begins: BEGINS, ends: BEGINS + ends * 1000, speed: 10 });
}
