import type { DemandedPodSet, Workload } from "../demand/workload";
import type { PlannedPool } from "../pools/planned-pool";
import { leastPods } from "./least-pods";
import { firstPods, type Placement } from "./placements";

/** What workloads take of a pool, or of one of its machines, in an average week. */
export interface PoolDemand {
  /** Nodes that services fill at their fewest replicas. */
  serviceNodes: number;
  /** Nodes times seconds of a week that repeated runs take. */
  runNodeSeconds: number;
  /** Nodes that are there when everything runs that may run at once, on which both of these are. */
  peak: number;
}

/** Demand by pool, and what it leaves out, as sentences without a period. */
export interface WeeklyDemand {
  /** @param machine one of the machines of a pool, or the pool where all its nodes are alike. */
  of: (machine: PlannedPool) => PoolDemand;
  gaps: readonly string[];
}

/**
 * Parts of a node are counted in whole billionths, rounded down, so that their sum is the same in every order and three thirds
 * are no more than a node.
 */
const PARTS = 1e9;
const SECONDS_PER_HOUR = 3600;

/**
 * What all workloads take of each pool in an average week; jobs that run once take nothing.
 *
 * @param peakOf nodes of a machine at the peak: services never fill more, as what cannot be at once at the peak never is.
 */
export function weeklyDemand(
  workloads: readonly Workload[],
  placements: ReadonlyMap<DemandedPodSet, Placement[]>,
  peakOf: (machine: PlannedPool) => number,
): WeeklyDemand {
  const serviceParts = new Map<PlannedPool, number>();
  const runNodeSeconds = new Map<PlannedPool, number>();
  const gaps: string[] = [];
  for (const workload of workloads) {
    const { title, timing } = workload;
    if (timing.kind === "always") {
      for (const [machine, parts] of partsByMachine(leastPlacements(workload, placements))) {
        add(serviceParts, machine, parts);
      }
    }
    if (timing.kind === "repeated") {
      const hours = weeklyHours(workload);
      if (hours === undefined) gaps.push(`${title}: ${unknownRuns(workload)}, so that typical costs leave it out`);
      const all = workload.podSets.flatMap((set) => placements.get(set) ?? []);
      // Runs that overlap are beside each other on nodes.
      const seconds = ((hours ?? 0) * SECONDS_PER_HOUR) / (timing.runsAtOnce ?? 1);
      for (const [machine, parts] of partsByMachine(all)) {
        add(runNodeSeconds, machine, Math.round(seconds * Math.ceil(parts / PARTS)));
      }
    }
  }
  return {
    of: (machine) => {
      const peak = peakOf(machine);
      const serviceNodes = Math.min(peak, Math.ceil((serviceParts.get(machine) ?? 0) / PARTS));
      const mostSeconds = (peak - serviceNodes) * HOURS_PER_WEEK * SECONDS_PER_HOUR;
      return { serviceNodes, runNodeSeconds: Math.min(mostSeconds, runNodeSeconds.get(machine) ?? 0), peak };
    },
    gaps,
  };
}

const HOURS_PER_WEEK = 7 * 24;

/**
 * Hours of a week that the runs of a repeated workload take, those of runs side by side added up; undefined where it is not
 * known. Where one would begin while as many are under way as may be, it comes later or takes the place of another.
 */
export function weeklyHours({ timing }: Workload): number | undefined {
  const { hours, runsPerWeek, runsAtOnce = 1 } = timing;
  if (runsPerWeek === 0) return 0;
  if (hours === undefined || runsPerWeek === undefined) return undefined;
  return Math.min(hours * runsPerWeek, HOURS_PER_WEEK * runsAtOnce);
}

/** Where the pods of a service are that are there at its fewest replicas. */
export function leastPlacements(workload: Workload, placements: ReadonlyMap<DemandedPodSet, Placement[]>): Placement[] {
  return workload.podSets.flatMap((set) => firstPods(placements.get(set) ?? [], leastPods(workload, set) ?? 0));
}

function unknownRuns({ timing }: Workload): string {
  return timing.runsPerWeek === undefined ? "how often it runs is not known" : "how long a run takes is not known";
}

function partsByMachine(placements: readonly Placement[]): Map<PlannedPool, number> {
  const parts = new Map<PlannedPool, number>();
  for (const { machine, pods, perNode } of placements) add(parts, machine, Math.floor((pods * PARTS) / perNode));
  return parts;
}

function add(sums: Map<PlannedPool, number>, machine: PlannedPool, amount: number): void {
  sums.set(machine, (sums.get(machine) ?? 0) + amount);
}
