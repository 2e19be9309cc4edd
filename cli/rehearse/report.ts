import type { RehearsalCost } from "../../rehearsal/timeline/cost";
import { average, most } from "../../rehearsal/timeline/steps";
import type { Outcome, Timeline, WorkloadSpan } from "../../rehearsal/timeline/timeline";
import type { AssumedDuration } from "./pod-durations";

/** Version of the form of the report: it grows when a field is renamed, is gone, or means something else. */
export const REHEARSAL_REPORT_VERSION = 1;

/** All that a rehearsal tells: what `--format json` prints. Times are seconds of the scenario. */
export interface RehearsalReport extends Timeline {
  version: typeof REHEARSAL_REPORT_VERSION;
  stack: string;
  /** Path of the scenario file; absent where there was none. */
  scenario?: string;
  /** Seconds of the scenario per second. */
  speed: number;
  /** Whether pods ran on a real node; absent where none did. */
  realNode?: true;
  /** When it was run (ISO 8601), and how many seconds it took from the beginning of the scenario to its end. */
  ranAt: string;
  realSeconds: number;
  /** Why it ended. */
  endedBy: EndReason;
  summary: RehearsalSummary;
  cost: RehearsalCost;
  /** Region whose prices count; absent where none was told. */
  region?: string;
  /** What was taken for granted of how long pods take. */
  durations: AssumedDuration[];
  /** What else is to be known to read the figures, each a sentence. */
  remarks: string[];
}

/** What ended a rehearsal. */
export type EndReason = "all ended" | "standstill" | "until";

/** Counts and sums of a rehearsal. */
export interface RehearsalSummary {
  workloads: Record<Outcome, number>;
  /** Workloads that never ran. */
  neverRan: number;
  pods: number;
  evictions: number;
  deadlocks: number;
  /** Seconds between arrival and first pod, of the workloads that ran. */
  wait: { median: number; longest: number };
  gpuHours: { inUse: number; there: number };
  mostGpusInUse: number;
  mostNodes: number;
  usd: number;
}

/** Counts what a timeline shows. */
export function summaryOf(timeline: Timeline, cost: RehearsalCost): RehearsalSummary {
  const { workloads, pods, nodes, gpus, evictions, deadlocks, ends } = timeline;
  const outcomes: Outcome[] = ["succeeded", "failed", "running", "interrupted", "waiting", "refused", "gone"];
  const count = (wanted: Outcome) => workloads.filter(({ outcome }) => outcome === wanted).length;
  const waits = workloads.flatMap(waitOf).sort((a, b) => a - b);
  const inUse = gpus.map(({ at, inUse: value }) => ({ at, value }));
  const there = gpus.map(({ at, there: value }) => ({ at, value }));
  return {
    workloads: Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>,
    neverRan: workloads.filter(({ started }) => started === undefined).length,
    pods: pods.length,
    evictions: evictions.length,
    deadlocks: deadlocks.length,
    wait: { median: waits[Math.floor(waits.length / 2)] ?? 0, longest: waits.at(-1) ?? 0 },
    gpuHours: { inUse: (average(inUse, ends) * ends) / 3600, there: (average(there, ends) * ends) / 3600 },
    mostGpusInUse: most(inUse),
    mostNodes: mostAtOnce(nodes),
    usd: cost.usd,
  };
}

/** The line that stands on top of whatever shows a rehearsal: what of it was real. */
export function realityOf({ realNode }: Pick<RehearsalReport, "realNode">): string {
  return realNode === true
    ? "Pods that were sent to a real node ran; GPUs and other nodes are simulated, and pods there end as told. Scheduling, queues and controllers are real."
    : "Simulated: no container ran. Nodes and GPUs are simulated, pods end as told; scheduling, queues and controllers are real.";
}

/** Seconds from the arrival of a workload to its first pod; none where it never ran. */
function waitOf({ arrived, started }: WorkloadSpan): number[] {
  return started === undefined ? [] : [started - arrived];
}

function mostAtOnce(nodes: Timeline["nodes"]): number {
  return Math.max(
    0,
    ...nodes.map(({ from }) => nodes.filter((node) => node.from <= from && from < (node.to ?? Infinity)).length),
  );
}
