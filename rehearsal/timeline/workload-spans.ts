import { titleOf } from "./deadlock";
import { grouped } from "./grouping";
import type { ArrivalSeen, ComplaintSeen, ObjectRef, Observation, OwnerSeen, PodSeen, QueuedSeen } from "./observation";
import { REPEATING, SERVICES } from "./owner-kinds";
import { most, record } from "./steps";
import type { Eviction, Outcome, PodSpan, Step, WorkloadSpan } from "./timeline";
import { FailedTries } from "./tries";
import type { World } from "./world";

interface Course {
  root: ObjectRef;
  arrived: number;
  queue?: string;
  queued?: number;
  admitted?: number;
  started?: number;
  ended?: number;
  outcome?: Outcome;
  /** Why it does not go on, by who says it: its queue explains what the scheduler says of pods, and that what is complained. */
  waits: { queue?: string | undefined; complaint?: string };
  /** What the scheduler says of each pod for which it finds no node, in the order in which it said so. */
  unschedulable: Map<string, string>;
  /** How its controller says that it ended. */
  reason?: string;
  restarts: number;
  evictedSince?: string;
  pods: Set<string>;
}

/** Gathers the courses of workloads. */
export class WorkloadSpans {
  /** Workloads that were there before the rehearsal began, by uid. */
  readonly standing = new Set<string>();
  /** Times that Kueue took a place back. */
  readonly evictions: Eviction[] = [];
  private readonly courses = new Map<string, Course>();
  private readonly tries = new FailedTries();
  private readonly firstSeen = new Map<string, number>();
  private readonly arrivals = new Map<string, string>();
  private readonly refused: WorkloadSpan[] = [];

  /** @param world knows who made what. */
  constructor(private readonly world: World) {}

  /** Takes in what was seen, at a time of the scenario. */
  see(observation: Observation, at: number, isBefore: boolean): void {
    if (observation.of === "arrival") this.arrive(observation, at);
    const root = this.rootOf(observation);
    if (root === undefined || REPEATING.has(root.kind)) return;
    if (isBefore) this.standing.add(root.uid);
    if (this.standing.has(root.uid)) return;
    const course = this.courses.get(root.uid);
    if (observation.of === "complaint") {
      if (course !== undefined) course.waits.complaint = complaintText(observation);
      return;
    }
    const known = course ?? newCourse(root, at);
    this.courses.set(root.uid, known);
    if (observation.of === "owner") seeOwner(known, observation, at, observation.isGone === true);
    if (observation.of === "pod") this.seePod(known, observation, at, observation.isGone === true);
    if (observation.of === "queued") this.seeQueued(known, observation, at);
  }

  /** All of them in the order in which they came. */
  spans(pods: readonly PodSpan[], ends: number): WorkloadSpan[] {
    const byWorkload = grouped(pods, ({ workload }) => workload);
    const spans = [...this.courses.values()].map((course) =>
      this.spanOf(course, byWorkload.get(titleOf(course.root)) ?? [], ends),
    );
    return [...spans, ...this.refused].sort((a, b) => a.arrived - b.arrived);
  }

  private rootOf(observation: Observation): ObjectRef | undefined {
    if (observation.of === "pod" || observation.of === "queued") return this.world.workloadOf(observation);
    if (observation.of === "owner") return this.world.rootOf(observation);
    if (observation.of !== "complaint") return undefined;
    const { about } = observation;
    const pod = this.world.pods.get(about.uid);
    return pod === undefined ? this.world.rootOf(about) : this.world.workloadOf(pod);
  }

  private arrive({ name, objects, refused }: ArrivalSeen, at: number): void {
    for (const object of objects) {
      this.arrivals.set(titleOf(object), name);
      if (refused === undefined) continue;
      this.refused.push({
        title: titleOf(object),
        ...object,
        arrival: name,
        arrived: at,
        outcome: "refused",
        tries: 0,
        evictions: 0,
        pods: 0,
        mostGpus: 0,
        gpuHours: 0,
        isService: false,
        reason: refused,
      });
    }
  }

  private seePod(course: Course, pod: PodSeen, at: number, isGone: boolean): void {
    const { uid, phase, restarts, isLeaving, disruption, unschedulable } = pod;
    course.pods.add(uid);
    if (!this.firstSeen.has(uid)) this.firstSeen.set(uid, at);
    if (phase === "Running" || phase === "Succeeded") course.started ??= at;
    course.restarts = Math.max(course.restarts, restarts);
    if (unschedulable === undefined || isGone || isLeaving) course.unschedulable.delete(uid);
    else course.unschedulable.set(uid, unschedulable);
    if (phase === "Failed" && !isLeaving && !isGone && disruption === undefined) {
      course.started ??= at;
      this.tries.add(course.root.uid, this.firstSeen.get(uid)!, at);
    }
    if (course.root.uid !== uid || course.ended !== undefined) return;
    if (phase === "Succeeded" || (phase === "Failed" && !isLeaving)) {
      course.outcome = phase === "Succeeded" ? "succeeded" : "failed";
    } else if (isGone) course.outcome = "gone";
    if (course.outcome !== undefined) course.ended = at;
  }

  private seeQueued(course: Course, queued: QueuedSeen, at: number): void {
    course.queue = `${queued.namespace}/${queued.queue}`;
    course.queued ??= at;
    if (queued.isAdmitted) course.admitted ??= at;
    course.waits.queue = queued.isAdmitted ? undefined : queued.waitsFor;
    if (queued.evicted === undefined || queued.evicted.since === course.evictedSince) return;
    course.evictedSince = queued.evicted.since;
    const { reason, message } = queued.evicted;
    this.evictions.push({ at, workload: titleOf(course.root), reason: message === "" ? reason : message });
  }

  private spanOf(course: Course, pods: readonly PodSpan[], ends: number): WorkloadSpan {
    const { root, arrived, queue, queued, admitted, started, ended, waits } = course;
    const title = titleOf(root);
    const arrival = this.arrivals.get(title);
    const outcome = course.outcome ?? openOutcome(course, pods);
    const why = outcome === "waiting" || outcome === "interrupted" || outcome === "running";
    const reason = why ? (waits.queue ?? [...course.unschedulable.values()][0] ?? waits.complaint) : course.reason;
    const told = { arrival, queue, queued, admitted, started, ended, reason };
    const evicted = pods.filter((pod) => pod.outcome === "evicted").length;
    return {
      title,
      kind: root.kind,
      namespace: root.namespace,
      name: root.name,
      arrived,
      outcome,
      tries: started === undefined ? 0 : Math.max(1 + course.restarts, triesOf(this.tries.of(root.uid), outcome)),
      evictions: evicted + this.evictions.filter(({ workload }) => workload === title).length,
      pods: course.pods.size,
      mostGpus: mostGpus(pods),
      gpuHours: pods.reduce((sum, { gpus, from, to = ends }) => sum + (gpus * (to - from)) / 3600, 0),
      isService: SERVICES.has(root.kind),
      ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    };
  }
}

function newCourse(root: ObjectRef, arrived: number): Course {
  return { root, arrived, waits: {}, unschedulable: new Map(), restarts: 0, pods: new Set() };
}

/** What failed for good had no further try. */
function triesOf(failed: number, outcome: Outcome): number {
  return failed + (outcome === "failed" ? 0 : 1);
}

function seeOwner(course: Course, { uid, ended, reason }: OwnerSeen, at: number, isGone: boolean): void {
  if (course.root.uid !== uid || course.ended !== undefined) return;
  const outcome = ended ?? (isGone ? "gone" : undefined);
  if (outcome === undefined) return;
  course.ended = at;
  course.outcome = outcome;
  if (reason !== undefined) course.reason = reason;
}

function openOutcome({ started }: Course, pods: readonly PodSpan[]): Outcome {
  // A pod that has a place and never began, such as one without an image, does not run.
  if (started === undefined) return "waiting";
  return pods.some(({ to }) => to === undefined) ? "running" : "interrupted";
}

function mostGpus(pods: readonly PodSpan[]): number {
  const changes = pods.flatMap(({ gpus, from, to }) => [
    { at: from, by: gpus },
    ...(to === undefined ? [] : [{ at: to, by: -gpus }]),
  ]);
  // Of one moment, what is given back goes first.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  const steps: Step[] = [];
  let held = 0;
  for (const { at, by } of changes) record(steps, at, (held += by));
  return most(steps);
}

function complaintText({ reason, message }: ComplaintSeen): string {
  return `${reason}: ${message}`;
}
