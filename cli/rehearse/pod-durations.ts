import { childAt, SIMULATE_ANNOTATION, stringAt, type Tree } from "../../components/model";
import { workloadsOf, type Workload } from "../../preflight/demand";
import { writtenResourceOf } from "../../policies/engine/written-resource";
import { type Arrival, bringsPods } from "../../rehearsal/scenarios/arrivals";
import type { CheckpointRule } from "../../rehearsal/scenarios/checkpoint-keeper";
import type { FailingRule } from "../../rehearsal/scenarios/failure-keeper";
import { type DurationSource, fits, type PodRule } from "../../rehearsal/scenarios/pod-rules";
import type { ScenarioWorkload } from "../../rehearsal/scenarios/scenario";
import type { LoadedScenario } from "../../rehearsal/scenarios/scenario-file";

/** Seconds of the scenario that pods take of which nothing tells how long they take. */
export const USUAL_SECONDS = 600;

/** How long a workload is taken to run, and how that is known. */
export interface AssumedDuration {
  workload: string;
  /** Absent where each pod says it itself. */
  seconds?: number;
  from: DurationSource | "pod";
  /** First tries that fail. */
  fails: number;
  /** Seconds from one checkpoint to the next; absent where a try that is lost begins anew. */
  checkpoints?: number;
}

/** How pods of a rehearsal end. */
export interface PodDurations {
  /** The first that fits counts. */
  rules: PodRule[];
  /** Those of them under which only the first tries fail. */
  failing: FailingRule[];
  /** Which workloads go on from their last checkpoint; the first that fits counts. */
  saving: CheckpointRule[];
  /** For each workload that ends by itself. */
  assumed: AssumedDuration[];
}

/** The workloads that the objects of a scenario are, as preflight reads them. */
export function scenarioWorkloads(arrivals: readonly Arrival[]): Workload[] {
  const objects = arrivals.flatMap((arrival) => arrival.objects.filter(bringsPods));
  const resources = objects.flatMap((object, index) => {
    const resource = writtenResourceOf(object as unknown as Tree);
    return resource === undefined ? [] : [{ ...resource, urn: `${index}:${resource.type}::${resource.name}` }];
  });
  return workloadsOf(resources);
}

/**
 * How long the pods of a rehearsal take: first what the scenario says, then what a pod says itself, then what its workload is
 * expected to take or may take at most, then what all take.
 *
 * @param workloads those of the stack and those of the scenario.
 */
export function podDurations(
  scenario: LoadedScenario,
  arrivals: readonly Arrival[],
  workloads: readonly Workload[],
): PodDurations {
  const told = toldEndings(scenario, arrivals);
  const failing = told.filter(({ takes, fails }) => takes !== undefined || fails > 0).map(firmRule);
  const saving = told.flatMap(({ namespace, name, checkpoints: every }) =>
    every === undefined ? [] : [{ namespace, name, every }],
  );
  const ending = workloads.filter(({ timing }) => timing.kind !== "always");
  const known = ending.filter(({ timing }) => timing.hours !== undefined);
  const namespaces = [...new Set([...ending.map(({ namespace }) => namespace), ...arrivals.flatMap(namespacesOf)])];
  const rules: PodRule[] = [
    ...failing,
    ...byLength(known.map((workload) => mildRule(workload.namespace, nameOf(workload), workload.timing.hours! * 3600))),
    ...namespaces.map((namespace) => mildRule(namespace, "*", USUAL_SECONDS)),
  ];
  return {
    rules,
    failing: failing.filter(({ fails }) => fails > 0),
    saving,
    assumed: ending.map((workload) => ({
      ...assumption(workload, failing),
      ...savingOf(workload, saving),
    })),
  };
}

/** How workloads end whose names fit, as the scenario says. */
interface ToldEnding extends Pick<ScenarioWorkload, "takes" | "fails" | "exit" | "checkpoints"> {
  namespace: string;
  name: string;
}

/** What the scenario says: of its own workloads first, the longer names before those that they begin with. */
function toldEndings({ workloads, durations }: LoadedScenario, arrivals: readonly Arrival[]): ToldEnding[] {
  const own = workloads.flatMap(({ name, takes, fails, exit, checkpoints }) => {
    const objects = arrivals.filter(({ workload }) => workload === name).flatMap(({ objects: all }) => all);
    const named = objects.filter(bringsPods).map(({ metadata }) => metadata!);
    const distinct = new Map(
      named.map(({ namespace = "", name: is = "" }) => [`${namespace}/${is}`, { namespace, is }]),
    );
    return [...distinct.values()].map(({ namespace, is }) => ({
      namespace,
      name: is,
      takes,
      fails,
      exit,
      checkpoints,
    }));
  });
  return [...byLength(own), ...durations.map(({ namespace = "*", ...told }) => ({ ...told, namespace }))];
}

function firmRule({ namespace, name, takes: seconds, fails, exit }: ToldEnding) {
  return { namespace, name, does: fails > 0 ? "fail" : "succeed", seconds, exit, isFirm: true, fails } as const;
}

function savingOf(workload: Workload, saving: readonly CheckpointRule[]): { checkpoints?: number } {
  const name = nameOf(workload);
  const rule = saving.find((each) => fits(each.namespace, workload.namespace) && fits(each.name, name));
  return rule === undefined ? {} : { checkpoints: rule.every };
}

function mildRule(namespace: string, name: string, seconds: number): PodRule {
  return { namespace, name, does: "succeed", seconds, exit: 1, isFirm: false };
}

function assumption(
  { title, namespace, timing, podSets, ...workload }: Workload,
  firm: readonly FailingRule[],
): AssumedDuration {
  const name = nameOf(workload);
  const rule = firm.find((each) => fits(each.namespace, namespace) && fits(each.name, name));
  const fails = rule?.fails ?? 0;
  if (rule?.seconds !== undefined) return { workload: title, seconds: rule.seconds, from: "scenario", fails };
  const annotations = podSets.map(({ podSet }) => childAt(podSet.template.metadata, "annotations"));
  const says = annotations.some((each) => /\bafter=/.test(stringAt(each, SIMULATE_ANNOTATION) ?? ""));
  if (says) return { workload: title, from: "pod", fails };
  const { hours, hoursFrom } = timing;
  if (hours !== undefined) return { workload: title, seconds: hours * 3600, from: hoursFrom ?? "deadline", fails };
  return { workload: title, seconds: USUAL_SECONDS, from: "default", fails };
}

function byLength<Rule extends { name: string }>(rules: readonly Rule[]): Rule[] {
  return rules.toSorted((a, b) => b.name.length - a.name.length);
}

function nameOf({ resource }: Pick<Workload, "resource">): string {
  return stringAt(childAt(resource.properties, "metadata"), "name") ?? resource.name;
}

function namespacesOf({ objects }: Arrival): string[] {
  return objects.filter(bringsPods).map(({ metadata }) => metadata?.namespace ?? "default");
}
