import {
  arrayAt,
  childAt,
  containersOf,
  isUnknown,
  isWhole,
  nodeAt,
  pathInPodSet,
  tryParseQuantity,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { podValue, unknownContainersOf, type PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { gpuAmountsOf, unknownAmountsOf } from "../gpu-resource";

/** Pods of one object that must run at the same time, set by set; a pod that does without others is one alone. */
export interface Gang {
  sets: PodGroup[];
  /** Pods that must run together, as far as that is known. */
  size: number;
  /** Those of them that ask for GPUs. */
  gpuPods: number;
  /** The least of each GPU resource that it must have at the same time. */
  demand: ReadonlyMap<string, number>;
  /** Path of something that is not known yet and may raise the demand; undefined where everything is known. */
  unknownPath: string | undefined;
}

/** What a pod asks for of each GPU resource, and where more may be that is not known yet. */
export interface PodDemand {
  amounts: ReadonlyMap<string, number>;
  unknownPath: string | undefined;
}

/** Kinds of which only some have pods that need each other. */
const JOBS = ["batch/Job", "batch/CronJob"];

/** Where these number their pods. */
const COMPLETION_MODES = ["spec.completionMode", "spec.jobTemplate.spec.completionMode"];

/** The gangs among the pods of an object, but for those of which there are none. */
export function gangsOf(subject: Subject): Gang[] {
  const gangs = new Map<string, PodGroup[]>();
  for (const [index, pods] of subject.pods.entries()) {
    if (pods.count === 0) continue;
    const name = pods.gang === undefined ? `#${index}` : `gang ${pods.gang}`;
    gangs.set(name, [...(gangs.get(name) ?? []), pods]);
  }
  return [...gangs.values()].map((sets) => gangOf(sets, subject));
}

/** What one pod of a set asks for. */
export function podDemandOf(pods: PodGroup): PodDemand {
  const amounts = new Map<string, number>();
  const atStart = new Map<string, number>();
  const restarted = new Set(restartedInits(pods));
  for (const at of containersOf(pods)) {
    const isInit = arrayAt(pods.spec, "initContainers").includes(at.container) && !restarted.has(at.container);
    for (const [resource, amount] of amountsOf(at)) {
      if (isInit) atStart.set(resource, Math.max(atStart.get(resource) ?? 0, amount));
      else amounts.set(resource, (amounts.get(resource) ?? 0) + amount);
    }
  }
  for (const [resource, amount] of atStart) amounts.set(resource, Math.max(amounts.get(resource) ?? 0, amount));
  return { amounts, unknownPath: unknownDemandsOf(pods)[0] };
}

/** Where findings about all pods of a gang are filed: the spec of the first pods among them that ask for a resource. */
export function gangPath({ sets }: Gang, resource: string): string {
  const asking = sets.find((pods) => (podDemandOf(pods).amounts.get(resource) ?? 0) > 0);
  return asking === undefined ? "" : pathInPodSet(asking, "spec");
}

function gangOf(sets: PodGroup[], subject: Subject): Gang {
  const demand = new Map<string, number>();
  const unknownPaths: string[] = [];
  let [size, gpuPods] = [0, 0];
  for (const pods of sets) {
    const { amounts, unknownPath } = podDemandOf(pods);
    const isCoupled = needEachOther(pods, subject);
    const together = isCoupled === true ? pods.minCount : 1;
    size += together;
    if (amounts.size > 0) gpuPods += together;
    for (const [resource, amount] of amounts) demand.set(resource, (demand.get(resource) ?? 0) + amount * together);
    if (unknownPath !== undefined) unknownPaths.push(unknownPath);
    const isVague = isUnknown(isCoupled) || (isCoupled && pods.count === undefined);
    if (isVague && amounts.size > 0) unknownPaths.push(pathInPodSet(pods, isUnknown(isCoupled) ? "spec" : ""));
  }
  return { sets, size, gpuPods, demand, unknownPath: unknownPaths[0] };
}

/**
 * Workers of a Job find each other by the names that a subdomain gives them; Jobs without one share out work in
 * independent parts, though they number them. Whether a set of another kind is a gang, its kind says.
 */
function needEachOther(pods: PodGroup, subject: Subject): Truth {
  if (!subject.is(...JOBS)) return pods.gang !== undefined || pods.minCount > 1;
  const isIndexed = anyOf(COMPLETION_MODES.map((path) => isOneOf(nodeAt(subject.tree, path), "Indexed")));
  return allOf([isIndexed, not(isOneOf(podValue(pods, "subdomain"), undefined, ""))]);
}

/** Init containers that go on running beside the others. */
function restartedInits({ spec }: PodGroup): Tree[] {
  return arrayAt(spec, "initContainers").filter((container) => childAt(container, "restartPolicy") === "Always");
}

function amountsOf(at: ContainerAt): [resource: string, amount: number][] {
  return gpuAmountsOf(at).flatMap(({ limit, request }): [string, number][] => {
    const quantity = tryParseQuantity(limit.amount ?? request.amount);
    if (quantity === undefined || quantity <= 0n || !isWhole(quantity)) return [];
    return [[limit.resource, Number(quantity / 10n ** 9n)]];
  });
}

function unknownDemandsOf(pods: PodGroup): string[] {
  const inContainers = containersOf(pods).flatMap((at) => {
    const amounts = gpuAmountsOf(at).flatMap(({ limit, request }) => [limit, request]);
    return [...amounts.filter(({ amount }) => isUnknown(amount)).map(({ path }) => path), ...unknownAmountsOf(at)];
  });
  return [...inContainers, ...unknownContainersOf(pods)];
}
