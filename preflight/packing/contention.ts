import { childAt } from "../../components/model";
import type { Ground } from "../placement/ground";
import type { Contention } from "./packing";
import { mayRun, type Unit } from "./units";

/** The scheduler of Kubernetes, which looks at one pod after the other, whatever must run together. */
const DEFAULT_SCHEDULER = "default-scheduler";

interface Rival {
  title: string;
  grounds: ReadonlySet<Ground>;
  isWaiting: boolean;
}

/**
 * Gangs that nobody starts whole and for which the same pools have no room at once: each of them may get some of its pods,
 * and wait for ever for the others.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/gang-scheduling/ (v1.36)
 */
export function contentionsOf(units: readonly Unit[]): Contention[] {
  let left = units.filter(isStartedPodByPod).map(rivalOf);
  const contentions: Contention[] = [];
  for (const waiting of left.filter(({ isWaiting }) => isWaiting)) {
    if (!left.includes(waiting)) continue;
    const rivals = [waiting];
    for (const each of rivals) rivals.push(...left.filter((other) => !rivals.includes(other) && shares(each, other)));
    left = left.filter((other) => !rivals.includes(other));
    if (rivals.length < 2) continue;
    const pools = new Set(rivals.flatMap(({ grounds }) => [...grounds].map(({ pool }) => pool.name)));
    contentions.push({ workloads: rivals.map(({ title }) => title), pools: [...pools] });
  }
  return contentions;
}

/** Whether pods that must run together wait in no queue, and are left to the scheduler of Kubernetes. */
function isStartedPodByPod(unit: Unit): boolean {
  const pods = unit.sets.reduce((sum, { entry }) => sum + entry.set.minCount, 0);
  const isLeft = unit.sets.every(({ entry: { workload, set } }) => {
    const scheduler = childAt(set.podSet.template.spec, "schedulerName") ?? DEFAULT_SCHEDULER;
    return workload.clusterQueue === undefined && scheduler === DEFAULT_SCHEDULER;
  });
  return pods > 1 && isLeft && mayRun(unit);
}

function rivalOf({ sets }: Unit): Rival {
  return {
    title: sets[0]!.entry.workload.title,
    grounds: new Set(sets.flatMap(({ entry }) => entry.variants.flatMap(({ kind }) => kind.order))),
    isWaiting: sets.some(({ placed }) => placed === 0),
  };
}

function shares(one: Rival, other: Rival): boolean {
  return [...one.grounds].some((ground) => other.grounds.has(ground));
}
