import {
  childAt,
  isTreeObject,
  type PoolSchedule,
  scheduleCron,
  scheduleProblems,
  stringAt,
  type Tree,
  type Weekday,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import type { PlannedPool } from "../pools/planned-pool";
import type { StackIndex } from "../pools/stack-index";
import { MINUTES_PER_WEEK, weekTimesOf } from "./week-times";

/** A time of the week in which a pool keeps nodes ready. */
export interface ReadyHours {
  /** Minute of the week at which it begins. */
  start: number;
  /** How long it lasts, at most a week. */
  minutes: number;
  nodes: number;
}

/** When a pool keeps nodes ready, as far as it can be read. */
export interface PoolReadiness {
  hours: readonly ReadyHours[];
  /** What cannot be read, as sentences without a period. */
  unread: readonly string[];
}

const SCHEDULED_ACTION = "aws:autoscaling/schedule:Schedule";

/**
 * The hours in which a pool keeps more nodes ready than at other times: those that its component names, else those of the
 * scheduled actions of Auto Scaling that belong to it or wait for its node group.
 */
export function readinessOf(pool: PlannedPool, { byUrn, resources }: StackIndex): PoolReadiness {
  const schedules = pool.resources
    .map((urn) => childAt(byUrn.get(urn)?.properties, "schedules"))
    .find((said) => said !== undefined && said !== null);
  if (schedules !== undefined) return componentReadiness(schedules);
  const isOwn = ({ parent, dependencies = [] }: PlannedResource) =>
    [...(parent === undefined ? [] : [parent]), ...dependencies].some((urn) => pool.resources.includes(urn));
  return actionReadiness(resources.filter((resource) => resource.type === SCHEDULED_ACTION && isOwn(resource)));
}

function componentReadiness(schedules: Tree): PoolReadiness {
  if (!Array.isArray(schedules)) return { hours: [], unread: ["its schedules are not known yet"] };
  const read = schedules.map((each: Tree) => scheduleOf(each));
  return {
    hours: read.flatMap((schedule) => (schedule === undefined ? [] : hoursOf(schedule))),
    unread: read.flatMap((schedule, index) =>
      schedule === undefined ? [`schedules[${index}] is not known yet, or no schedule`] : [],
    ),
  };
}

function scheduleOf(tree: Tree): PoolSchedule | undefined {
  const days = childAt(tree, "days") ?? undefined;
  if (days !== undefined && !Array.isArray(days)) return undefined;
  // What is no text, weekday or number fails the check of what schedules may hold.
  const textAt = (key: string) => stringAt(tree, key) ?? "";
  const schedule = {
    ...{ name: textAt("name"), from: textAt("from"), to: textAt("to"), nodes: childAt(tree, "nodes") as number },
    ...(days === undefined ? {} : { days: days as Weekday[] }),
  };
  return scheduleProblems([schedule]).length === 0 ? schedule : undefined;
}

function hoursOf(schedule: PoolSchedule): ReadyHours[] {
  const { up, minutes } = scheduleCron(schedule);
  return weekTimesOf(up)!.map((start) => ({ start, minutes, nodes: schedule.nodes }));
}

/** Each action holds until the next one; of several at one time the largest counts. */
function actionReadiness(actions: readonly PlannedResource[]): PoolReadiness {
  const read = actions.map(({ name, properties }) => ({ name, changes: changesOf(properties) }));
  const sizes = new Map<number, number>();
  for (const { time, nodes } of read.flatMap((action) => action.changes ?? [])) {
    sizes.set(time, Math.max(nodes, sizes.get(time) ?? 0));
  }
  const times = [...sizes.keys()].sort((a, b) => a - b);
  return {
    hours: times.map((start, index) => {
      const next = times[index + 1] ?? times[0]! + MINUTES_PER_WEEK;
      return { start, minutes: next - start, nodes: sizes.get(start)! };
    }),
    unread: read.flatMap(({ name, changes: found }) =>
      found === undefined ? [`when the scheduled action ${name} happens cannot be read`] : [],
    ),
  };
}

/** Sizes that an action sets, with their times; none where it leaves the least size as it is. */
function changesOf(action: Tree): { time: number; nodes: number }[] | undefined {
  if (!isTreeObject(action)) return undefined;
  const size = childAt(action, "minSize") ?? -1;
  if (size === -1) return [];
  const times = weekTimesOf(stringAt(action, "recurrence") ?? "");
  return typeof size === "number" && times !== undefined ? times.map((time) => ({ time, nodes: size })) : undefined;
}

/**
 * Nodes times minutes of a week, of a pool that never has fewer than some and never more than others.
 *
 * @param least nodes that are always there.
 * @param most nodes that the pool never exceeds.
 */
export function nodeMinutes(hours: readonly ReadyHours[], least: number, most: number): number {
  const spans = hours.flatMap(({ start, minutes, nodes }) => {
    const end = start + minutes;
    return [
      { from: start, to: Math.min(end, MINUTES_PER_WEEK), nodes },
      { from: 0, to: Math.max(0, end - MINUTES_PER_WEEK), nodes },
    ];
  });
  const bounds = [...new Set([0, MINUTES_PER_WEEK, ...spans.flatMap(({ from, to }) => [from, to])])];
  bounds.sort((a, b) => a - b);
  return bounds.slice(1).reduce((sum, to, index) => {
    const from = bounds[index]!;
    const ready = spans.filter((span) => span.from <= from && to <= span.to).map(({ nodes }) => nodes);
    return sum + Math.min(most, Math.max(least, ...ready)) * (to - from);
  }, 0);
}
