import { isUnknown, nodeAt, type Tree } from "../../components/model";
import { runsPerWeek } from "./cron";
import { mostAtOnce } from "./cron-overlap";
import type { Timing } from "./workload";

/** Where objects of a kind that repeat say how. */
export interface Repetition {
  /** When they run; a list of expressions as well. */
  schedules: readonly string[];
  /** That they do not run for now, and the value by which they say so; by default as CronJobs do. */
  pause?: { path: string; by: boolean };
  /** Whether runs may overlap: a policy of words, or how many there may be at once. */
  overlap: { policy: string } | { most: string; absent: number };
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy (v1.36) */
export const CONCURRENCY = { policy: "spec.concurrencyPolicy" };

/** Policies under which no two runs overlap; the other one, `Allow`, is the default of all kinds that have them. */
const ONE_AT_A_TIME: readonly Tree[] = ["Forbid", "Replace"];

const SUSPENDED = { path: "spec.suspend", by: true };

/** How often an object runs, and how many of its runs there are at once where each takes so many hours. */
export function repeatedRuns(
  object: Tree,
  repetition: Repetition,
  hours: number | undefined,
): Pick<Timing, "runsPerWeek" | "runsAtOnce"> {
  const { pause = SUSPENDED } = repetition;
  if (nodeAt(object, pause.path) === pause.by) return { runsPerWeek: 0 };
  const expressions = expressionsOf(object, repetition);
  const perWeek = sum(expressions?.map(runsPerWeek));
  if (expressions === undefined || perWeek === undefined) return {};
  const most = mostRuns(object, repetition);
  const isOne = most === 1 || hours === undefined;
  // Several schedules are taken to have their busiest times together.
  const atOnce = isOne ? 1 : Math.min(most, sum(expressions.map((each) => mostAtOnce(each, hours)))!);
  return { runsPerWeek: perWeek, ...(atOnce > 1 ? { runsAtOnce: atOnce } : {}) };
}

/** Runs that an object allows at once; `Infinity` where it allows any number of them. */
export function mostRuns(object: Tree, { overlap }: Repetition): number {
  if ("policy" in overlap) return ONE_AT_A_TIME.includes(nodeAt(object, overlap.policy)) ? 1 : Infinity;
  const most = nodeAt(object, overlap.most) ?? overlap.absent;
  return typeof most === "number" && most >= 1 ? most : 1;
}

function sum(numbers: readonly (number | undefined)[] | undefined): number | undefined {
  return numbers?.reduce<number | undefined>((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0);
}

/** Cron expressions of when an object runs; undefined where it does not tell, or one of them is not known. */
function expressionsOf(object: Tree, { schedules }: Repetition): string[] | undefined {
  const found = schedules.map((path): Tree => nodeAt(object, path)).find((said) => said !== undefined && said !== null);
  if (isUnknown(found)) return undefined;
  if (found === undefined) return periodOf(object);
  const expressions: Tree[] = Array.isArray(found) ? found : [found];
  return expressions.every((each) => typeof each === "string") ? expressions : undefined;
}

/** Kubeflow Pipelines also run things every so many seconds. */
function periodOf(object: Tree): string[] | undefined {
  const seconds = nodeAt(object, "spec.trigger.periodicSchedule.intervalSecond");
  const isPeriod = typeof seconds === "number" || typeof seconds === "string";
  return isPeriod && Number(seconds) > 0 ? [`@every ${Number(seconds)}s`] : undefined;
}
