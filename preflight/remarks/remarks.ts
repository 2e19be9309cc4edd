import { arrayAt, nodeAt, stringAt } from "../../components/model";
import { repeatedObjects } from "../demand/repeated-objects";
import { mayOverlap } from "../demand/timing";
import type { Workload } from "../demand/workload";
import type { PlannedResource } from "../planned-resource";
import { joined } from "../placement/pool-words";
import { groupKindOf, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { absentObjects } from "./absent-objects";
import { someOf } from "./names";

/**
 * What decides whether and where pods of a stack run, and is not in it, or not looked at: a sentence each. None of it is a
 * fault: a stack may be a part of a cluster that has the rest.
 */
export function remarksOf(stack: StackIndex, workloads: readonly Workload[]): string[] {
  return [
    ...repetitions(stack),
    ...absentObjects(stack, workloads),
    ...gatedPods(workloads),
    ...otherSchedulers(workloads),
    ...openOverlaps(workloads),
  ];
}

/** Kinds of which pools say themselves that they are declared more than once. */
const OF_POOLS = ["Node", "NodePool"];

/** Objects that are declared more than once: one overwrites the other, so that one of them counts. */
function repetitions(stack: StackIndex): string[] {
  const repeated = repeatedObjects(stack).filter(([first]) => !OF_POOLS.includes(groupKindOf(first!)!.kind));
  if (repeated.length === 0) return [];
  const titles = repeated.map((declared) => `${titleOf(declared[0]!)} (${joined(declared.map(sourceOf))})`);
  const [is, counts] = titles.length === 1 ? ["is", "it counts"] : ["are", "each counts"];
  return [`${someOf(titles)} ${is} declared more than once: ${counts} once, as it is declared first.`];
}

function titleOf(resource: PlannedResource): string {
  const { kind } = groupKindOf(resource)!;
  const namespace = nodeAt(resource.properties, "metadata.namespace");
  const name = objectName(resource)!;
  return `${kind} ${namespace === undefined ? name : `${objectNamespace(resource)}/${name}`}`;
}

function sourceOf({ source, name }: PlannedResource): string {
  return source ?? name;
}

/** Pods that wait until somebody removes their scheduling gates. */
function gatedPods(workloads: readonly Workload[]): string[] {
  const gated = workloads.filter(({ podSets }) =>
    podSets.some(({ podSet }) => arrayAt(podSet.template.spec, "schedulingGates").length > 0),
  );
  if (gated.length === 0) return [];
  return [`Pods of ${titlesOf(gated)} have scheduling gates: they are planned as if nothing held them back.`];
}

const DEFAULT_SCHEDULER = "default-scheduler";
/** Kinds whose operator gives their pods to a scheduler of its own, where they name none. */
const OWN_SCHEDULERS = new Map([["batch.volcano.sh/Job", "volcano"]]);

function otherSchedulers(workloads: readonly Workload[]): string[] {
  const schedulers = new Set<string>();
  const others = workloads.filter((workload) => {
    const others = schedulersOf(workload).filter((name) => name !== DEFAULT_SCHEDULER && name !== "");
    for (const name of others) schedulers.add(name);
    return others.length > 0;
  });
  if (others.length === 0) return [];
  const names = `scheduler${schedulers.size === 1 ? "" : "s"} ${someOf([...schedulers])}`;
  return [
    `Pods of ${titlesOf(others)} are for the ${names}: they are planned as the default scheduler would place them.`,
  ];
}

function schedulersOf({ resource, podSets }: Workload): string[] {
  const { group, kind } = groupKindOf(resource)!;
  const usual =
    stringAt(nodeAt(resource.properties, "spec"), "schedulerName") ?? OWN_SCHEDULERS.get(`${group}/${kind}`);
  return podSets.flatMap(({ podSet }) => stringAt(podSet.template.spec, "schedulerName") ?? usual ?? []);
}

/** What repeats, of which nothing tells whether a run ends before the next begins. */
function openOverlaps(workloads: readonly Workload[]): string[] {
  const open = workloads.filter(({ resource, timing: { kind, hours, runsPerWeek } }) => {
    const isKnown = hours !== undefined && runsPerWeek !== undefined;
    if (kind !== "repeated" || isKnown || runsPerWeek === 0) return false;
    const named = groupKindOf(resource)!;
    return mayOverlap(named.group, named.kind, resource.properties);
  });
  if (open.length === 0) return [];
  return [`Whether runs of ${titlesOf(open)} overlap is not known: one run at a time is counted.`];
}

function titlesOf(workloads: readonly Workload[]): string {
  return someOf(workloads.map(({ title }) => title));
}
