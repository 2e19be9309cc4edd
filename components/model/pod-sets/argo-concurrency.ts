import { arrayAt, childAt, isTreeObject, stringAt, type Tree } from "../tree";
import { isUnknown } from "../unknown";
import type { TemplateSet } from "./argo-template-set";
import {
  hooksOf,
  isPodTemplate,
  stepGroupsOf,
  typeOf,
  type WorkflowStep,
  type WorkflowTemplate,
} from "./argo-templates";
import { atMost, countAt, countOf, larger, product, sum } from "./sizes";

/** How many pods of a template run at once where they are placed alike. */
export interface Concurrency {
  /** The template that leads to the pods, where these take over from it on which nodes they run. */
  boundary: WorkflowTemplate | undefined;
  /** An upper bound; undefined where there is none that is known. */
  count: number | undefined;
}

/** Pods at once by template and boundary, as their paths. */
type Tally = Map<string, number | undefined>;

/** Fields that pods inherit from the template whose steps lead to them. */
export const BOUNDARY_FIELDS = ["nodeSelector", "affinity", "tolerations"];

/** Deeper and larger workflows than Argo runs are taken to run everything at once. */
const DEEPEST = 200;
const LARGEST_DAG = 1000;

const keyOf = (path: string, boundary = "") => `${path} ${boundary}`;

/**
 * Tells for each template how many of its pods a workflow runs at once. Steps of one group run together, groups one
 * after another; tasks of a DAG together, unless one depends on another; daemons go on to the end. Conditions are taken
 * to hold, so that the number is an upper bound.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/walk-through/
 */
export function workflowConcurrency(
  spec: Tree,
  path: string,
  { all, calledBy }: TemplateSet,
): (template: WorkflowTemplate) => Concurrency[] {
  const byPath = new Map(all.map((template) => [template.path, template]));
  const tallies = new Map<string, Tally>();
  const running = new Set<string>();
  const recursive = new Set<string>();
  // A step that names its template in a variable, or an entrypoint that is elsewhere, may lead to any template.
  let leadsAnywhere = false;

  const called = (call: WorkflowStep, scope: string): WorkflowTemplate | undefined => {
    const template = calledBy(call, scope);
    if (template === undefined && isUnknown(childAt(call.tree, "template"))) leadsAnywhere = true;
    return template;
  };

  const tallyOf = (template: WorkflowTemplate | undefined, boundary?: WorkflowTemplate): Tally => {
    if (template === undefined) return new Map();
    if (template.isElsewhere || isPodTemplate(template.tree)) {
      const inherits = boundary !== undefined && BOUNDARY_FIELDS.some((field) => hasValue(boundary.tree, field));
      return new Map([[keyOf(template.path, inherits ? boundary.path : ""), 1]]);
    }
    const known = tallies.get(template.path);
    if (known) return known;
    if (running.has(template.path)) {
      recursive.add(template.path);
      return new Map();
    }
    if (running.size >= DEEPEST) {
      leadsAnywhere = true;
      return new Map();
    }
    running.add(template.path);
    const tally = tallyOfSteps(template);
    running.delete(template.path);
    if (recursive.has(template.path)) for (const key of tally.keys()) tally.set(key, undefined);
    tallies.set(template.path, tally);
    return tally;
  };

  const tallyOfStep = (step: WorkflowStep, template: WorkflowTemplate): { all: Tally; each: Tally } => {
    const calls = [step, ...hooksOf(step)].map((call) => tallyOf(called(call, template.scope), template));
    const each = added(calls);
    return { all: mapped(each, (count) => product(count, repetitionsOf(step.tree))), each };
  };

  const tallyOfSteps = (template: WorkflowTemplate): Tally => {
    const groups = stepGroupsOf(template).map((steps) =>
      steps.map((step) => ({ step, isDaemon: isDaemon(step, template.scope), ...tallyOfStep(step, template) })),
    );
    const all = groups.flat();
    const daemons = all.filter((step) => step.isDaemon);
    const others = groups.map((group) => group.filter((step) => !step.isDaemon));
    const phases =
      typeOf(template.tree) === "dag"
        ? added(chainsOf(others.flat(), ({ step }) => step.tree).map((chain) => largest(chain.map((step) => step.all))))
        : largest(others.map((group) => added(group.map((step) => step.all))));
    const tally = added([phases, ...daemons.map((step) => step.all)]);
    const limit = countAt(template.tree, "parallelism", undefined);
    if (limit === undefined) return tally;
    const each = largest(all.map((step) => step.each));
    return new Map([...tally].map(([key, count]) => [key, atMost(count, product(limit, each.get(key)))]));
  };

  const isDaemon = (step: WorkflowStep, scope: string): boolean =>
    childAt(calledBy(step, scope)?.tree, "daemon") === true;

  const entrypoint = called({ path: `${path}.entrypoint`, tree: { template: childAt(spec, "entrypoint") } }, path);
  if (entrypoint === undefined) leadsAnywhere = true;
  const atTheEnd = hooksOf({ path, tree: spec }).map((hook) => tallyOf(called(hook, path)));
  const whole = added([tallyOf(entrypoint), ...atTheEnd]);
  const limit = countAt(spec, "parallelism", undefined);
  const total = (key: string) => atMost(leadsAnywhere ? undefined : whole.get(key), limit);

  return (template) => {
    const keys = [...whole.keys()].filter((key) => key.startsWith(`${template.path} `));
    if (keys.length === 0) return [{ boundary: undefined, count: leadsAnywhere ? total("") : 0 }];
    return keys.map((key) => ({ boundary: byPath.get(key.slice(template.path.length + 1)), count: total(key) }));
  };
}

/** Tells whether a field says something: an empty list or map does not. */
export function hasValue(node: Tree, field: string): boolean {
  const value = childAt(node, field) ?? undefined;
  if (Array.isArray(value)) return value.length > 0;
  return isTreeObject(value) ? Object.keys(value).length > 0 : value !== undefined && value !== "";
}

/** How many times a step runs side by side. */
function repetitionsOf(step: Tree): number | undefined {
  const [items, param, sequence] = ["withItems", "withParam", "withSequence"].map((field) => childAt(step, field));
  if (isUnknown(items) || isUnknown(param) || isUnknown(sequence)) return undefined;
  if (Array.isArray(items) && items.length > 0) return items.length;
  if (typeof param === "string" && param !== "") return lengthOfList(param);
  if (!isTreeObject(sequence)) return 1;
  const start = sequence.start === undefined ? 0 : countOf(sequence.start);
  const end = countOf(sequence.end);
  if (sequence.end === undefined) return countOf(sequence.count);
  return start === undefined || end === undefined ? undefined : Math.abs(end - start) + 1;
}

function lengthOfList(text: string): number | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.length : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Splits the tasks of a DAG into rows of which each task depends on the one before it. No two of a row run at once, so
 * the largest of each row added up are never too few.
 */
function chainsOf<T>(tasks: T[], treeOf: (task: T) => Tree): T[][] {
  if (tasks.length > LARGEST_DAG) return tasks.map((task) => [task]);
  const byName = new Map(tasks.map((task) => [stringAt(treeOf(task), "name") ?? "", task]));
  const ancestors = new Map<T, Set<T>>();
  const ancestorsOf = (task: T): Set<T> => {
    const known = ancestors.get(task);
    if (known) return known;
    const found = new Set<T>();
    // Set before its content is: where tasks depend on each other in a circle, none of them ever runs.
    ancestors.set(task, found);
    for (const parent of dependenciesOf(treeOf(task)).flatMap((name) => byName.get(name) ?? [])) {
      found.add(parent);
      for (const ancestor of ancestorsOf(parent)) found.add(ancestor);
    }
    return found;
  };
  const ordered = [...tasks].sort((a, b) => ancestorsOf(a).size - ancestorsOf(b).size);
  const chains: T[][] = [];
  for (const task of ordered) {
    const chain = chains.find((row) => ancestorsOf(task).has(row.at(-1)!));
    if (chain) chain.push(task);
    else chains.push([task]);
  }
  return chains;
}

/** Names of the tasks that must be over before one starts, from either of the two ways to say it. */
function dependenciesOf(task: Tree): string[] {
  const logic = stringAt(task, "depends") ?? "";
  const names = [...logic.matchAll(/[a-zA-Z0-9][-_a-zA-Z0-9]*(\.[A-Z][a-zA-Z]+)?/g)].map(([name]) => name);
  const listed = arrayAt(task, "dependencies").filter((name) => typeof name === "string");
  return logic === "" ? listed : names.map((name) => name.replace(/\..*$/, ""));
}

function mapped(tally: Tally, change: (count: number | undefined) => number | undefined): Tally {
  return new Map([...tally].map(([key, count]) => [key, change(count)]));
}

function added(tallies: Tally[]): Tally {
  return merged(tallies, (a, b) => sum([a, b]));
}

function largest(tallies: Tally[]): Tally {
  return merged(tallies, larger);
}

function merged(tallies: Tally[], merge: (a: number | undefined, b: number | undefined) => number | undefined): Tally {
  const whole: Tally = new Map();
  for (const [key, count] of tallies.flatMap((tally) => [...tally])) {
    whole.set(key, whole.has(key) ? merge(whole.get(key), count) : count);
  }
  return whole;
}
