import { StuckTimes } from "./deadlock";
import { FaultMarks } from "./fault-marks";
import type { Observation } from "./observation";
import { grouped } from "./grouping";
import { lanesOf } from "./lanes";
import { NodeSpans } from "./node-spans";
import { PodSpans } from "./pod-spans";
import { record } from "./steps";
import type { GpuStep, PodSpan, Step, Timeline } from "./timeline";
import { WorkloadSpans } from "./workload-spans";
import { World } from "./world";

/** What turns times of the clock into times of the scenario. */
export interface TimelineClock {
  /** Beginning and end of the scenario, in milliseconds of the clock of the machine. */
  begins: number;
  ends: number;
  /** Seconds of the scenario per second. */
  speed: number;
}

/**
 * What happened in a rehearsal, from all that was seen of it. What was there before it began belongs to the platform: its
 * nodes count, its pods do not, but for the GPUs that they hold.
 */
export function timelineOf(observations: readonly Observation[], clock: TimelineClock): Timeline {
  const timeOf = (at: number) =>
    scenarioTime(Math.min(Math.max(at, clock.begins), clock.ends) - clock.begins, clock.speed);
  const ends = timeOf(clock.ends);
  const world = World.knowing(observations);
  const nodes = new NodeSpans();
  const pods = new PodSpans(world);
  const workloads = new WorkloadSpans(world);
  const unschedulable: Step[] = [];
  const gpus: GpuStep[] = [];
  const queues = new Map<string, Step[]>();
  const stuck = new StuckTimes(timeOf);
  const faults = new FaultMarks(timeOf);
  for (const observation of observations) {
    if (observation.at > clock.ends) break;
    const at = timeOf(observation.at);
    const isBefore = observation.at < clock.begins;
    world.apply(observation);
    nodes.see(observation, at);
    pods.see(observation, at);
    workloads.see(observation, at, isBefore);
    faults.see(observation);
    if (observation.of === "pod" || observation.of === "node") {
      addGpus(gpus, at, world);
      record(unschedulable, at, world.unplaced().length);
    }
    if (observation.of === "queued") addQueues(queues, at, world);
    if (!isBefore && (observation.of === "pod" || observation.of === "claim")) stuck.look(world, observation.at);
  }
  stuck.end(clock.ends);
  const nodeSpans = nodes.spans();
  const podSpans = withLanes(pods.spans(workloads.standing));
  const workloadSpans = workloads.spans(podSpans, ends);
  return {
    ends,
    workloads: workloadSpans,
    pods: podSpans,
    nodes: nodeSpans,
    queues: [...queues].map(([queue, waiting]) => ({ queue, waiting })),
    unschedulable,
    gpus,
    evictions: [...workloads.evictions, ...pods.evictions(workloads.standing)].sort((a, b) => a.at - b.at),
    deadlocks: stuck.deadlocks,
    faults: faults.marks(workloadSpans, podSpans),
  };
}

/** GPUs of nodes that are well, and those that pods hold. */
function addGpus(gpus: GpuStep[], at: number, world: World): void {
  const ready = [...world.nodes.values()].filter(({ isReady }) => isReady);
  const there = ready.reduce((sum, node) => sum + node.gpus, 0);
  const inUse = world.placed().reduce((sum, pod) => sum + pod.gpus, 0);
  const last = gpus.at(-1);
  if (last?.there === there && last.inUse === inUse) return;
  if (last?.at === at) gpus.pop();
  gpus.push({ at, inUse, there });
}

function addQueues(queues: Map<string, Step[]>, at: number, world: World): void {
  const waiting = new Map([...queues.keys()].map((queue) => [queue, 0]));
  for (const { namespace, queue, isAdmitted, isFinished } of world.queued.values()) {
    const name = `${namespace}/${queue}`;
    waiting.set(name, (waiting.get(name) ?? 0) + (isAdmitted || isFinished ? 0 : 1));
  }
  for (const [queue, count] of waiting) {
    const steps = queues.get(queue) ?? [];
    queues.set(queue, steps);
    record(steps, at, count);
  }
}

/** Which GPUs of its node each pod is drawn on. */
function withLanes(pods: readonly PodSpan[]): PodSpan[] {
  const byNode = grouped(pods, ({ node }) => node);
  return [...byNode.values()].flatMap((onNode) => {
    const sorted = onNode.toSorted((a, b) => a.from - b.from);
    const lanes = lanesOf(sorted.map(({ gpus, from, to = Infinity }) => ({ gpus, from, to })));
    return sorted.map((pod, index) => ({ ...pod, lanes: lanes[index]! }));
  });
}

/** Seconds of the scenario, to the millisecond, of milliseconds of the clock. */
function scenarioTime(milliseconds: number, speed: number): number {
  return Math.round(milliseconds * speed) / 1000;
}
