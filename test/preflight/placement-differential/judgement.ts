import { Verdict } from "../../../preflight/placement";
import { ObstacleKind, type Obstacle } from "../../../preflight/scheduling/obstacle";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { NO_DEVICE } from "../differential/cluster-objects";
import { AFTERMATH } from "../differential/reasons";
import { type MadePods } from "./controllers";
import { madeBy, type Offer, type Outcome, type RecordedStack } from "./offers";
import { otherChoice } from "./other-choice";
import { type PlannedSet, plannedStack, type PlannedStack } from "./planned-stack";
import type { DeclaredStack } from "./stack";

/** Something that preflight and the scheduler say differently. */
export interface Disagreement {
  title: string;
  /** What it is about: `count`, `verdict`, `pool`, `reasons`, … */
  about: string;
  scheduler: string;
  ours: string;
}

/** What was compared, and what of it was found otherwise. */
export interface Comparison {
  disagreements: Disagreement[];
  /** Sets of which the scheduler chose nodes so that it placed fewer than could be. */
  choices: string[];
  /** Verdicts of sets that were compared one to one. */
  verdicts: Verdict[];
}

/** How many pods of each set are to be offered: at least one more than preflight thinks can run. */
export function offersOf(stack: DeclaredStack, plan: PlannedStack): Offer[] {
  const all = madeBy(stack);
  return all.map((made) => {
    const planned = plan.sets.get(made.title);
    const thought = planned?.proof.atOnce ?? made.count;
    // With rules between them, no more are counted than the set has; and more of one may be what others want near them.
    const isExact = planned === undefined || isRuled(planned) || all.length > 1;
    const most = isExact ? made.count : made.count + 1;
    return { made, pods: Math.min(most, thought + 1) };
  });
}

/** Compares what became of the pods of a stack with what preflight says of it. */
export function compared({ stack, outcomes }: RecordedStack): Comparison {
  const plan = plannedStack(stack);
  const made = madeBy(stack);
  const comparison: Comparison = { disagreements: [], choices: [], verdicts: [] };
  outcomes.forEach((outcome, index) => {
    const planned = plan.sets.get(outcome.title);
    const say = (about: string, scheduler: unknown, ours: unknown) => {
      if (String(scheduler) === String(ours)) return;
      comparison.disagreements.push({
        title: outcome.title,
        about,
        scheduler: String(scheduler),
        ours: String(ours),
      });
    };
    if (planned === undefined) {
      say("sets", outcome.title, [...plan.sets.keys()].join());
      return;
    }
    const set: Compared = { stack, plan, planned, outcome, made: made[index]!, say, comparison };
    say("pods that there are", made[index]!.count, planned.set.count);
    say("pods that must run together", made[index]!.minCount, planned.set.minCount);
    compareReasons(set);
    comparePools(set);
    if (index === 0) compareAlone(set);
    else compareAfterOthers(set);
  });
  compareGangs(plan, outcomes, comparison);
  comparePacking(plan, outcomes, comparison);
  return comparison;
}

interface Compared {
  stack: DeclaredStack;
  plan: PlannedStack;
  planned: PlannedSet;
  outcome: Outcome;
  made: MadePods;
  say: (about: string, scheduler: unknown, ours: unknown) => void;
  comparison: Comparison;
}

/** Filters in the order in which the scheduler asks them; it says what the first says that refuses a node. */
const FILTERS: readonly ObstacleKind[][] = [
  [ObstacleKind.unschedulable],
  [ObstacleKind.nodeName],
  [ObstacleKind.taint],
  [ObstacleKind.nodeAffinity],
  [ObstacleKind.hostPort],
  [ObstacleKind.tooManyPods, ObstacleKind.resource],
  [ObstacleKind.volumeZone],
  [ObstacleKind.topologySpread, ObstacleKind.topologySpreadLabel],
  [ObstacleKind.podAffinity],
  [ObstacleKind.podAntiAffinity],
  [ObstacleKind.existingAntiAffinity],
];

/** Said of all nodes but those that a pod names, before any filter. */
const NOT_NAMED = ["node(s) didn't satisfy plugin(s) [NodeAffinity]", "pod affinity terms conflict"];

/** What the scheduler would say of an empty node of which all obstacles are known. */
function firstSaid(obstacles: readonly Obstacle[]): string[] {
  const before = obstacles.find(({ message }) => NOT_NAMED.includes(message));
  if (before !== undefined) return [before.message];
  const kinds = FILTERS.find((kinds) => obstacles.some(({ kind }) => kinds.includes(kind))) ?? [];
  return [...new Set(obstacles.filter(({ kind }) => kinds.includes(kind)).map(({ message }) => message))];
}

/** Compares why empty nodes refuse, pool by pool, with what the scheduler says of all nodes. */
function compareReasons({ plan, planned, outcome, say, stack }: Compared): void {
  const counts = new Map<string, number>();
  for (const { pool, obstacles, perNode } of planned.proof.pools) {
    const { maxNodes } = plan.pools.find(({ name }) => name === pool)!;
    const messages = perNode > 0 ? [NO_DEVICE.message] : firstSaid(obstacles);
    for (const message of messages) counts.set(message, (counts.get(message) ?? 0) + maxNodes!);
  }
  const scheduler = reasonsIn(outcome.everywhere);
  if (isNamed(planned.set.pod)) {
    // Nodes of one pool differ by their names then, and the pool is told by those that come closest to taking the pod.
    say(
      "reasons by name",
      [...counts.keys()].filter((message) => !scheduler.has(message)),
      "",
    );
    return;
  }
  // Of pods that must be near others, it is told where they may be once these are there.
  if (needsCompany(planned)) for (const all of [counts, scheduler]) leaveOut(NO_COMPANY, all);
  // What pods of DaemonSets on other nodes mean for rules between pods is not told of a pool.
  const hasDaemons = stack.others.some(({ kind }) => kind === "DaemonSet");
  if (hasDaemons) for (const rule of RULES) for (const all of [counts, scheduler]) leaveOut(rule, all);
  say("reasons", said(scheduler, stack), said(counts, stack));
}

function said(counts: ReadonlyMap<string, number>, { nodes }: DeclaredStack): string {
  return [`0/${nodes.length}`, ...[...counts].map(([message, count]) => `${count} ${message}`).sort()].join(", ");
}

/** Reasons in a message with the number of nodes that each is said of; all of them where no number is told. */
function reasonsIn(message: string): Map<string, number> {
  const [, nodes, reasons] = /^0\/(\d+) nodes are available: (.*)\.$/.exec(message.replace(AFTERMATH, ""))!;
  const parts = reasons!.split(/, (?=\d)/).map((reason) => /^(?:(\d+) )?(.*)$/.exec(reason)!);
  return new Map(parts.map(([, count = nodes, text]) => [text!, Number(count)]));
}

const NO_COMPANY = "node(s) didn't match pod affinity rules";

const RULES = [
  NO_COMPANY,
  "node(s) didn't match pod topology spread constraints",
  "node(s) didn't match pod anti-affinity rules",
  "node(s) didn't satisfy existing pods anti-affinity rules",
];

/** Takes nodes that are refused for a reason for such that are not. */
function leaveOut(reason: string, counts: Map<string, number>): void {
  const nodes = counts.get(reason);
  if (nodes === undefined) return;
  counts.delete(reason);
  counts.set(NO_DEVICE.message, (counts.get(NO_DEVICE.message) ?? 0) + nodes);
}

/** Nodes of pools that take none get none, and no node gets more than one of its pool takes. */
function comparePools({ plan, planned, outcome, say }: Compared): void {
  const counts = new Map<string, number>();
  for (const node of outcome.nodes) counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const [node, pods] of counts) {
    const pool = plan.pools.find(({ resources }) => resources.some((urn) => urn.endsWith(`/${node}`)))!;
    const { perNode } = planned.proof.pools.find((each) => each.pool === pool.name)!;
    say(`pods on ${node}`, pods, Math.min(pods, perNode));
  }
}

/** Of a set that met empty nodes all is equal, unless the scheduler chose nodes so that others would have been better. */
function compareAlone({ stack, planned, outcome, made, say, comparison }: Compared): void {
  const { proof, set } = planned;
  const bound = outcome.nodes.length;
  const ours = Math.min(proof.atOnce, outcome.offered);
  if (bound < ours && isRuled(planned)) {
    const pods = Array.from({ length: ours }, (_, index) => made.pod(index));
    if (otherChoice(stack, pods) !== undefined) {
      comparison.choices.push(outcome.title);
      return;
    }
    if (needsCompany(planned)) return;
  }
  say("pods at once", bound, ours);
  if (isRuled(planned) && proof.atOnce < made.count) {
    const pods = Array.from({ length: proof.atOnce + 1 }, (_, index) => made.pod(index));
    say("pods at once, if chosen well", otherChoice(stack, pods)?.length ?? proof.atOnce, proof.atOnce);
  }
  const placed = Math.min(bound, made.count);
  const verdict = placed === made.count ? Verdict.runs : placed >= made.minCount ? Verdict.queues : Verdict.never;
  comparison.verdicts.push(verdict);
  // What holds for its gang is told of it as well.
  if (set.podSet.gang === undefined || verdict === Verdict.never) say("verdict", verdict, proof.verdict);
}

/** Pods that come after others find no more room than alone, unless rules between pods count those others. */
function compareAfterOthers({ planned, outcome, say, made }: Compared): void {
  const { proof } = planned;
  const bound = outcome.nodes.length;
  if (isRuled(planned)) return;
  say("pods at once after others", bound, Math.min(bound, proof.atOnce));
  if (proof.verdict === Verdict.never && planned.set.podSet.gang === undefined) {
    say("verdict after others", bound >= made.minCount ? "runs" : Verdict.never, Verdict.never);
  }
}

/** A gang of which the scheduler placed all is one that can run. */
function compareGangs({ workloads, sets }: PlannedStack, outcomes: readonly Outcome[], comparison: Comparison): void {
  for (const { podSets } of workloads.filter(({ podSets }) => podSets.length > 1)) {
    const isPlaced = podSets.every(({ title, minCount }) => {
      return (outcomes.find((outcome) => outcome.title === title)?.nodes.length ?? 0) >= minCount;
    });
    for (const { title } of isPlaced ? podSets : []) {
      const { verdict } = sets.get(title)!.proof;
      const isRight = verdict === Verdict.runs || verdict === Verdict.queues;
      if (!isRight) comparison.disagreements.push({ title, about: "gang", scheduler: Verdict.runs, ours: verdict });
    }
  }
}

/** All pods of a single set that can run at once are packed, and the others wait. */
function comparePacking(
  { workloads, packing, sets }: PlannedStack,
  outcomes: readonly Outcome[],
  comparison: Comparison,
): void {
  const [outcome] = outcomes;
  if (workloads.length !== 1 || outcomes.length !== 1 || outcome === undefined) return;
  const planned = sets.get(outcome.title);
  if (planned === undefined || comparison.choices.length > 0) return;
  const count = planned.set.count ?? 0;
  const bound = Math.min(outcome.nodes.length, count);
  const isHeld = bound < planned.set.minCount;
  const waiting = packing.waiting.reduce((sum, { pods }) => sum + pods, 0);
  const packed = packing.pools
    .flatMap(({ layouts }) => layouts)
    .reduce((sum, { nodes, pods }) => sum + nodes * pods.reduce((all, each) => all + each.pods, 0), 0);
  const scheduler = isHeld ? `0 run, ${count} wait` : `${bound} run, ${count - bound} wait`;
  const ours = `${packed} run, ${waiting} wait`;
  if (scheduler !== ours) comparison.disagreements.push({ title: outcome.title, about: "packing", scheduler, ours });
}

/** Whether it matters to a pod what else is near it, or which node it is on. */
function isRuled({ set: { pod } }: PlannedSet): boolean {
  return pod.affinity.length + pod.antiAffinity.length + pod.spread.length + pod.hostPorts.length > 0 || isNamed(pod);
}

/** Whether a pod or a volume of it asks for nodes by their name. */
function isNamed({ nodeTerms = [], nodeSelector, volumes }: SchedulablePod): boolean {
  const terms = [...nodeTerms, ...volumes.flatMap(({ terms }) => terms)];
  const keys = terms.flatMap(({ expressions, fields }) => [...expressions, ...fields].map(({ key }) => key));
  return [...keys, ...nodeSelector.map(([key]) => key)].some((key) => key === HOSTNAME || key === "metadata.name");
}

const HOSTNAME = "kubernetes.io/hostname";

/** Whether a pod must be near others, which may be of another workload. */
function needsCompany({ set: { pod } }: PlannedSet): boolean {
  return pod.affinity.length > 0;
}
