import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "./tree";
import { isUnknown } from "./unknown";

/** One group of equal pods inside any Kubernetes object. */
export interface PodSet {
  /**
   * Path of the pod template from the object's root, for example `spec.jobTemplate.spec.template`; empty for a Pod.
   * Inside a `List` it begins with the item: `items[2].spec.template`.
   */
  path: string;
  /** Pods that may run at once; undefined where it is unknown or depends on the nodes (a DaemonSet). */
  count: number | undefined;
  /** Pods that must run together for any of them to be of use; 1 where each works alone. */
  minCount: number;
  /** Metadata and spec of the pods. */
  template: PodTemplate;
}

/** Metadata and spec of a pod, as far as they are known. */
export interface PodTemplate {
  /** Labels, annotations and name; empty where they are absent or unknown. */
  metadata: TreeObject;
  /** The pod's spec; empty where it is absent or unknown. */
  spec: TreeObject;
}

/** One container of a pod template, with the path from the object's root. */
export interface ContainerAt {
  /** For example `spec.template.spec.initContainers[1]`. */
  path: string;
  /** The container itself. */
  container: TreeObject;
}

/** How many pods a set has, in the terms of {@link PodSet}. */
type PodSetSize = Pick<PodSet, "count" | "minCount">;

/** Where a kind keeps its pod template, and how many pods it makes of it. */
interface PodSource {
  /** Path of the pod template; empty where the object is one itself. */
  template: string;
  /** Reads the size from the object that the template lies in. */
  size: (owner: Tree) => PodSetSize;
}

const replicated: PodSource = { template: "spec.template", size: replicas };

/**
 * The built-in kinds that hold pods, by API group and kind; a kind of the same name in another group is not meant.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/
 */
const podSources = new Map<string, PodSource>([
  ["/Pod", { template: "", size: fixed(1) }],
  ["/PodTemplate", { template: "template", size: fixed(0) }],
  ["/ReplicationController", replicated],
  ["apps/ReplicaSet", replicated],
  ["apps/Deployment", replicated],
  ["apps/StatefulSet", replicated],
  ["apps/DaemonSet", { template: "spec.template", size: fixed(undefined) }],
  ["batch/Job", { template: "spec.template", size: jobPods }],
  ["batch/CronJob", { template: "spec.jobTemplate.spec.template", size: jobPods }],
]);

/**
 * Finds every {@link PodSet} of a Kubernetes object; objects that hold no pods have none.
 *
 * Absent counts are those that Kubernetes defaults to. Surge pods of a rolling update are left out, a CronJob counts
 * the pods of one run, and a PodTemplate, which runs nothing by itself, counts 0. The items of a `List` (and of typed
 * ones such as `JobList`) are searched too. Never throws, whatever the tree holds.
 */
export function podSetsOf(object: Tree): PodSet[] {
  const apiVersion = stringAt(object, "apiVersion") ?? "";
  const kind = stringAt(object, "kind") ?? "";
  if (kind.endsWith("List")) {
    return arrayAt(object, "items").flatMap((item, index) => podSetsOfItem(item, index, apiVersion, kind));
  }

  const source = podSources.get(`${groupOf(apiVersion)}/${kind}`);
  if (!source) return [];
  const template = nodeAt(object, source.template);
  if (!isTreeObject(template) && !isUnknown(template)) return [];
  return [
    {
      path: source.template,
      ...source.size(nodeAt(object, ownerPath(source.template))),
      template: { metadata: objectAt(template, "metadata") ?? {}, spec: objectAt(template, "spec") ?? {} },
    },
  ];
}

/**
 * Every container of a pod set: init containers first, then main ones, then ephemeral ones. Entries that are no
 * objects, or not known yet, are passed over.
 */
export function containersOf(podSet: PodSet): ContainerAt[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    arrayAt(podSet.template.spec, list).flatMap((container, index) =>
      isTreeObject(container) ? [{ path: pathInPodSet(podSet, `spec.${list}[${index}]`), container }] : [],
    ),
  );
}

/** The path, from the object's root, of a field inside a pod set's template such as `spec.tolerations`. */
export function pathInPodSet(podSet: PodSet, field: string): string {
  return joinPaths(podSet.path, field);
}

/** Items that do not name their kind take it from their typed list, as kubectl reads them. */
function podSetsOfItem(item: Tree, index: number, listVersion: string, listKind: string): PodSet[] {
  if (!isTreeObject(item)) return [];
  const typed = { apiVersion: listVersion, kind: listKind.slice(0, -"List".length) };
  return podSetsOf({ ...typed, ...item }).map((set) => ({ ...set, path: joinPaths(`items[${index}]`, set.path) }));
}

function replicas(owner: Tree): PodSetSize {
  return { count: countAt(owner, "replicas", 1), minCount: 1 };
}

function fixed(count: number | undefined): () => PodSetSize {
  return () => ({ count, minCount: 1 });
}

/**
 * A Job never runs more pods than it has completions to reach. Indexed Jobs are how frameworks start workers that wait
 * for each other, so all that may run at once must.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#parallel-jobs (v1.36)
 */
function jobPods(owner: Tree): PodSetSize {
  const parallelism = countAt(owner, "parallelism", 1);
  const completions = countAt(owner, "completions", parallelism);
  const count = parallelism === undefined || completions === undefined ? undefined : Math.min(parallelism, completions);
  const indexed = childAt(owner, "completionMode") === "Indexed";
  return { count, minCount: indexed ? Math.max(1, count ?? 1) : 1 };
}

/** The count at `owner[key]`, or `absent` where there is none; undefined where it is unknown or no count at all. */
function countAt(owner: Tree, key: string, absent: number | undefined): number | undefined {
  const value = childAt(owner, key) ?? absent;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whatever is at a dotted path; the node itself where the path is empty. */
function nodeAt(node: Tree, path: string): Tree {
  return path === "" ? node : path.split(".").reduce(childAt, node);
}

function ownerPath(template: string): string {
  return template.slice(0, Math.max(0, template.lastIndexOf(".")));
}

function joinPaths(...paths: string[]): string {
  return paths.filter((path) => path !== "").join(".");
}
