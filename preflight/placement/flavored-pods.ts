import { isUnknown } from "../../components/model";
import type { Queue, QueueFlavor, ResourceGroup } from "../demand/queue";
import { taintText, untoleratedBy } from "../scheduling/filters/taints";
import { labelOf, meets } from "../scheduling/label-matching";
import type { SchedulablePod, Toleration } from "../scheduling/pod";
import { readTolerations } from "../scheduling/readers/toleration-reader";
import type { Limit, LimitIndex } from "./limits";
import { joined } from "./pool-words";

/** A label that a flavor makes pods select by, and that they do not by themselves. */
export interface FlavorLabel {
  flavor: string;
  key: string;
  value: string;
}

/** A pod as a queue can admit it. */
export interface FlavoredPod {
  pod: SchedulablePod;
  flavorLabels: readonly FlavorLabel[];
  /** Flavors by which it is admitted; none where it is in no queue. */
  flavors: readonly string[];
  /** What its queue has of these flavors. */
  limits: readonly Limit[];
}

/** The ways in which a queue can admit pods. */
export interface FlavoredPods {
  /** In the order in which the queue tries them, 1 or more. */
  ways: readonly FlavoredPod[];
  /** Why the queue never admits them, whatever it has, as a sentence without a period; undefined where it may. */
  barrier: string | undefined;
}

/** Combinations of flavors that are looked at; queues have a few each. */
const COMBINATIONS = 64;

/**
 * The pod as a queue can admit it: once for each flavor, with what the flavor adds to it; the pod itself where it is
 * in no queue. All pods of a set get the same flavors, one of each group of resources.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19
 */
export function flavoredPods(pod: SchedulablePod, queue: Queue | undefined, index: LimitIndex): FlavoredPods {
  const plain: FlavoredPod = { pod, flavorLabels: [], flavors: [], limits: [] };
  if (queue === undefined) return { ways: [plain], barrier: undefined };
  const { groups, open, uncovered } = askedOf(pod, queue);
  let ways: FlavoredPod[] = [open.length === 0 ? plain : { ...plain, limits: [index.ofUnknown(queue, open)] }];
  let barrier = uncovered.length === 0 ? undefined : uncoveredWords(queue, uncovered);
  for (const [group, flavors] of groups) {
    const refusals = flavors.map((flavor) => refusalBy(pod, flavor));
    const letting = flavors.filter((_, at) => refusals[at] === undefined);
    if (letting.length === 0) barrier ??= noFlavorWords(queue, group, refusals);
    const tried = letting.length === 0 ? flavors : letting;
    const combined = ways.flatMap((way) =>
      tried.map((flavor) => withFlavor(way, flavor, index.ofFlavor(queue, group, flavor))),
    );
    if (combined.length > 0 && combined.length <= COMBINATIONS) ways = combined;
    // Beyond that, pods may be on the nodes of any flavor of the group, and nothing is said of what it has.
    else ways = ways.map((way) => ({ ...way, limits: [...way.limits, index.ofUnknown(queue, group.resources)] }));
  }
  return { ways, barrier };
}

/** What of a queue the resources that a pod asks for are about. */
interface Asked {
  groups: Map<ResourceGroup, readonly QueueFlavor[]>;
  /** Resources of which it is not known what the queue has, or whether it is for pods that ask for them. */
  open: string[];
  uncovered: string[];
}

/**
 * Resources that Kueue looks at: all but those that its configuration leaves out, pods only where the queue covers them.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/scheduler/flavorassigner/flavorassigner.go `assignFlavors`
 */
function askedOf({ requests }: SchedulablePod, { groups, counts, refusesUncovered }: Queue): Asked {
  const asked: Asked = { groups: new Map(), open: [], uncovered: [] };
  for (const [resource, amount] of requests) {
    const isCounted = counts(resource);
    if (isCounted === false) continue;
    const group = isUnknown(groups) ? undefined : groups.find(({ resources }) => resources.includes(resource));
    if (group !== undefined) {
      if (isUnknown(group.flavors)) asked.open.push(resource);
      else asked.groups.set(group, group.flavors);
      continue;
    }
    if (resource === "pods" || amount === 0 || refusesUncovered === false) continue;
    const isOpen = isUnknown(groups) || groups.some((each) => each.isOpen);
    if (isOpen || isUnknown(isCounted) || isUnknown(refusesUncovered)) asked.open.push(resource);
    else asked.uncovered.push(resource);
  }
  return asked;
}

function uncoveredWords({ name, groups }: Queue, uncovered: readonly string[]): string {
  const covered = isUnknown(groups) ? [] : groups.flatMap(({ resources }) => resources);
  const covers = covered.length === 0 ? "nothing" : `only ${joined(covered)}`;
  return (
    `asks for ${joined(uncovered)}, and ClusterQueue ${name} covers ${covers}, so that Kueue never admits it: ` +
    `cover ${uncovered.length === 1 ? "it" : "them"} with a quota, or leave ${uncovered.length === 1 ? "it" : "them"} ` +
    "out by resources.excludeResourcePrefixes of Kueue's configuration"
  );
}

function noFlavorWords(
  { name }: Queue,
  { resources }: ResourceGroup,
  refusals: readonly (string | undefined)[],
): string {
  if (refusals.length === 0) return `ClusterQueue ${name} has no flavor for ${joined(resources)}`;
  const [only] = refusals;
  if (refusals.length === 1) return `ClusterQueue ${name} never admits it, as ${only}`;
  return `no flavor of ClusterQueue ${name} lets it in: ${refusals.join("; ")}`;
}

/**
 * Why a queue does not try a flavor for a pod; undefined where it does. It looks at the keys of the flavor's own labels
 * alone, and takes a term of an affinity without any of them for one that every flavor meets.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/scheduler/flavorassigner/flavorassigner.go
 * `checkFlavorForPodSets`
 */
function refusalBy(pod: SchedulablePod, { name, nodeLabels, taints, tolerations }: QueueFlavor): string | undefined {
  if (nodeLabels === undefined) return undefined;
  const unmet = pod.nodeSelector.find(([key, value]) => (labelOf(nodeLabels, key) ?? value) !== value);
  if (unmet !== undefined) {
    const [key, value] = unmet;
    return `it selects nodes with the label ${key}=${value}, and ResourceFlavor ${name} is of ${key}=${nodeLabels[key]}`;
  }
  // What is not known yet of tolerations and affinity may let it in.
  if (pod.unknownPaths.length > 0) return undefined;
  const taint = untoleratedBy([...pod.tolerations, ...tolerationsOf(tolerations)], taints);
  if (taint !== undefined) return `it does not tolerate the taint ${taintText(taint)} of ResourceFlavor ${name}`;
  const terms = (pod.nodeTerms ?? []).map(({ expressions }) =>
    expressions.filter(({ key }) => labelOf(nodeLabels, key) !== undefined),
  );
  const isMet = terms.length === 0 || terms.some((term) => term.every((each) => meets(each, nodeLabels)));
  return isMet ? undefined : `its node affinity rules out the labels of ResourceFlavor ${name}`;
}

function withFlavor(way: FlavoredPod, { name, nodeLabels, tolerations }: QueueFlavor, limit: Limit): FlavoredPod {
  const admitted = { ...way, flavors: [...way.flavors, name], limits: [...way.limits, limit] };
  const { pod, flavorLabels } = way;
  if (nodeLabels === undefined) {
    // What the queue will add to the selector is not known.
    return { ...admitted, pod: { ...pod, unknownPaths: [...pod.unknownPaths, "spec.nodeSelector"] } };
  }
  const own = new Map(pod.nodeSelector);
  const added = Object.entries(nodeLabels).filter(([key, value]) => own.get(key) !== value);
  const tolerated = tolerationsOf(tolerations);
  if (added.length + tolerated.length === 0) return admitted;
  return {
    ...admitted,
    pod: {
      ...pod,
      nodeSelector: [...pod.nodeSelector, ...added],
      tolerations: [...pod.tolerations, ...tolerated],
    },
    flavorLabels: [...flavorLabels, ...added.map(([key, value]) => ({ flavor: name, key, value }))],
  };
}

function tolerationsOf(tolerations: QueueFlavor["tolerations"]): readonly Toleration[] {
  if (tolerations.length === 0) return [];
  return readTolerations({ value: [...tolerations], path: "", unknownPaths: new Set() });
}
