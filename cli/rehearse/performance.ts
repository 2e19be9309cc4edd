import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Aftermath } from "../../rehearsal/faults/aftermath";
import type { Arrival } from "../../rehearsal/scenarios/arrivals";
import { CheckpointKeeper } from "../../rehearsal/scenarios/checkpoint-keeper";
import { Director } from "../../rehearsal/scenarios/director";
import { DurationPolicy } from "../../rehearsal/scenarios/duration-policy";
import { FailureKeeper } from "../../rehearsal/scenarios/failure-keeper";
import type { FaultInjectors } from "../../rehearsal/scenarios/fault";
import { instructIn } from "../../rehearsal/scenarios/instruction";
import type { LoadedScenario } from "../../rehearsal/scenarios/scenario-file";
import type { Observation, Seen } from "../../rehearsal/timeline/observation";
import { REPEATING, SERVICES } from "../../rehearsal/timeline/owner-kinds";
import { Observer } from "../../rehearsal/timeline/observer";
import { standstillAfter } from "../../rehearsal/timeline/standstill";
import type { TimelineClock } from "../../rehearsal/timeline/timeline-of";
import { World } from "../../rehearsal/timeline/world";
import { LiveLine, liveText } from "./live-line";
import type { PodDurations } from "./pod-durations";
import type { EndReason } from "./report";

/** How often it is looked whether all is over, in milliseconds. */
const LOOK_EVERY = 250;

/** What a rehearsal is played with. */
export interface Staging {
  config: KubeConfig;
  scenario: LoadedScenario;
  arrivals: readonly Arrival[];
  durations: PodDurations;
  injectors: FaultInjectors;
  /** What comes of faults later. */
  aftermath: Pick<Aftermath, "isOpen" | "lastAt" | "stop">;
  /** Brings the workloads of the stack, and resolves when it has; undefined where there are none. */
  bringWorkloads: (() => Promise<void>) | undefined;
  stop: AbortSignal;
}

/** What was seen of it. */
export interface Performance {
  observations: Observation[];
  clock: TimelineClock;
  endedBy: EndReason;
}

/** Plays a scenario on a cluster, and watches until nothing can happen any more. */
export async function perform(staging: Staging): Promise<Performance> {
  const { config, scenario, durations, aftermath, stop } = staging;
  const observations: Observation[] = [];
  const world = World.empty();
  const policy = new DurationPolicy(config, scenario.speed);
  await policy.apply(durations.rules);
  const instruct = instructIn(config);
  const keeper = new FailureKeeper(durations.failing, world, instruct, (first) =>
    policy.change([...first, ...durations.rules]),
  );
  const checkpoints = new CheckpointKeeper(durations.saving, world, scenario.speed, instruct);
  let changed = Date.now();
  const see = (observation: Observation) => {
    observations.push(observation);
    world.apply(observation);
    if (matters(observation)) changed = observation.at;
    // An API server that is away just now is asked again at the next failure.
    keeper.see(observation).catch(() => undefined);
    checkpoints.see(observation).catch(() => undefined);
  };
  const tell = (seen: Seen) => {
    see({ ...seen, at: Date.now() });
  };
  const observer = new Observer(config, see);
  await observer.start();
  const standing = standingAt(world);
  const isNew = (observation: Observation) =>
    (observation.of === "owner" && !standing.has(world.rootOf(observation).uid)) ||
    (observation.of === "pod" && !standing.has(world.workloadOf(observation).uid));
  const workloadsCome = staging.bringWorkloads?.();
  workloadsCome?.catch(() => undefined);
  let begins: number | undefined;
  const secondsNow = () => ((Date.now() - (begins ?? Date.now())) / 1000) * scenario.speed;
  const isStanding = (uid: string) => standing.has(uid);
  const line = new LiveLine(() =>
    begins === undefined ? "Pulumi brings the workloads of the stack" : liveText(world, secondsNow(), isStanding),
  );
  const over = new AbortController();
  let played: Promise<void> = Promise.resolve();
  try {
    begins = workloadsCome === undefined ? Date.now() : await beginning(observations, workloadsCome, isNew);
    let isPlaying = true;
    let playedAt = 0;
    const director = new Director(config, staging.injectors, tell);
    played = director.play(staging.arrivals, scenario.faults, scenario.speed, AbortSignal.any([stop, over.signal]));
    const acts = Promise.all([played, workloadsCome]).then(() => {
      isPlaying = false;
      playedAt = Date.now();
    });
    acts.catch(() => undefined);
    const endedBy = await Promise.race([
      acts.then(() => new Promise<never>(() => undefined)),
      ending(() => {
        if (stop.aborted || (scenario.until !== undefined && secondsNow() >= scenario.until)) return "until";
        if (isPlaying || aftermath.isOpen) return undefined;
        if (Date.now() - Math.max(changed, playedAt, aftermath.lastAt) < standstillAfter(world, isStanding))
          return undefined;
        return allEnded(world, standing) ? "all ended" : "standstill";
      }, over.signal),
    ]);
    // Nothing happened any more while it was looked whether something would.
    const until = begins + ((scenario.until ?? Infinity) * 1000) / scenario.speed;
    const ends = endedBy === "until" ? Math.min(Date.now(), until) : Math.max(changed, begins + 1);
    return { observations, clock: { begins, ends, speed: scenario.speed }, endedBy };
  } finally {
    over.abort();
    aftermath.stop();
    line.stop();
    // A fault that is being made may start processes again, which must not be once the cluster is removed.
    await played.catch(() => undefined);
    await observer.stop();
  }
}

/** Whether something still happens: pods that have ended are cleared away with their node, up to a minute later. */
function matters(observation: Observation): boolean {
  if (observation.of === "complaint") return false;
  return (
    observation.of !== "pod" || observation.isGone !== true || !["Succeeded", "Failed"].includes(observation.phase)
  );
}

/** A rehearsal of a stack with workloads begins when the first of them comes, or when none does. */
async function beginning(
  observations: readonly Observation[],
  workloadsCome: Promise<void>,
  isNew: (observation: Observation) => boolean,
): Promise<number> {
  let isOver = false;
  void workloadsCome.finally(() => (isOver = true)).catch(() => undefined);
  for (let next = observations.length; ;) {
    for (; next < observations.length; next += 1) {
      if (isNew(observations[next]!)) return observations[next]!.at;
    }
    if (isOver) return Date.now();
    await sleep(10);
  }
}

async function ending(look: () => EndReason | undefined, signal: AbortSignal): Promise<EndReason> {
  for (;;) {
    const reason = look();
    if (reason !== undefined) return reason;
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** Workloads that are there, by uid. */
function standingAt(world: World): Set<string> {
  const pods = [...world.pods.values()].map((pod) => world.workloadOf(pod).uid);
  const owners = [...world.owners.values()].map((owner) => world.rootOf(owner).uid);
  return new Set([...pods, ...owners]);
}

function allEnded(world: World, standing: ReadonlySet<string>): boolean {
  const isOpen = (uid: string) => !standing.has(uid);
  const pods = [...world.pods.values()].some((pod) => {
    const root = world.workloadOf(pod);
    return isOpen(root.uid) && pod.phase === "Pending";
  });
  const owners = [...world.owners.values()].some(
    (owner) => owner.ended === undefined && isOpen(world.rootOf(owner).uid) && endsByItself(world.rootOf(owner).kind),
  );
  return !pods && !owners;
}

function endsByItself(kind: string): boolean {
  return !SERVICES.has(kind) && !REPEATING.has(kind);
}
