import { arrayAt, isTreeObject, stringAt, type Tree } from "../tree";
import { argoKinds } from "./argo";
import { builtInKinds, isBuiltIn } from "./built-in";
import { moved, type PodFinder, type Search } from "./finder";
import { jobGroupKinds } from "./job-groups";
import { katibKinds } from "./katib";
import { kserveKinds } from "./kserve";
import { kserveLlmKinds } from "./kserve-llm";
import { pipelineKinds } from "./pipelines";
import { groupOf, othersOf, type Others } from "./others";
import type { PodSet } from "./pod-set";
import { rayKinds } from "./ray";
import { serviceKinds } from "./services";
import { sparkKinds } from "./spark";
import { podsByStructure } from "./structure";
import { trainerKinds } from "./trainer";
import { trainingOperatorKinds } from "./training-operator";

/** How the pods of each kind are found, by API group and kind, in any version of the group. */
const FINDERS = new Map<string, PodFinder>([
  ...builtInKinds,
  ...jobGroupKinds,
  ...trainingOperatorKinds,
  ...trainerKinds,
  ...sparkKinds,
  ...argoKinds,
  ...katibKinds,
  ...kserveKinds,
  ...kserveLlmKinds,
  ...rayKinds,
  ...serviceKinds,
  ...pipelineKinds,
]);

/** The kinds whose pods are known to be where, each as group and kind, for example `batch/Job`; the core group is empty. */
export const KINDS_WITH_PODS: readonly string[] = [...FINDERS.keys()];

/** Objects lie in objects in objects where an experiment runs a workflow that creates a job; this is far beyond. */
const DEEPEST = 8;

const NO_OBJECTS: readonly Tree[] = [];

/**
 * Finds every {@link PodSet} of a Kubernetes object; objects that hold no pods have none.
 *
 * Absent counts are those that Kubernetes and the operators default to. Surge pods of a rolling update are left out, a
 * CronJob counts the pods of one run, and what runs nothing by itself, such as a PodTemplate or a WorkflowTemplate, counts
 * 0. Variables that Argo or Katib fill in later are unknown. The items of a `List` (and of typed ones such as `JobList`)
 * are searched too. In objects of kinds that are not known here, what looks like the spec of pods is taken for one, and
 * is marked as a guess. Never throws, whatever the tree holds.
 *
 * @param others objects that this one may name: the runtime of a TrainJob or InferenceService, the templates of a
 * Workflow, the ConfigMap of an Experiment. Where the named one is not among them, what it adds is unknown. Each list is
 * read once, so that many objects may be searched beside the same one.
 */
export function podSetsOf(object: Tree, others: readonly Tree[] = NO_OBJECTS): PodSet[] {
  return find(object, othersOf(others), 0);
}

function find(object: Tree, others: Others, depth: number): PodSet[] {
  if (depth > DEEPEST) return [];
  const search: Search = { others, inside: (inner) => find(inner, others, depth + 1) };
  const apiVersion = stringAt(object, "apiVersion") ?? "";
  const kind = stringAt(object, "kind") ?? "";
  if (kind.endsWith("List")) {
    return arrayAt(object, "items").flatMap((item, index) => ofItem(item, index, apiVersion, kind, search));
  }
  const group = groupOf(object);
  const finder = FINDERS.get(`${group}/${kind}`);
  if (finder) return finder(object, search);
  return kind === "" || isBuiltIn(group) ? [] : podsByStructure(object, search);
}

/** Items that do not name their kind take it from their typed list, as kubectl reads them. */
function ofItem(item: Tree, index: number, listVersion: string, listKind: string, { inside }: Search): PodSet[] {
  if (!isTreeObject(item)) return [];
  const typed = { apiVersion: listVersion, kind: listKind.slice(0, -"List".length) };
  return inside({ ...typed, ...item }).map((set) => moved(set, `items[${index}]`));
}
