import type { Amounts } from "./amounts";
import type { DomainCounts } from "./domain-counts";
import type { SchedulableNode } from "./node";
import type { HostPort, SchedulablePod } from "./pod";
import { RuleBook, type PodRules } from "./pod-rules";
import { builtInLabels, type NamespaceLabels } from "./pod-terms";

/** A node with what runs on it. */
interface NodeLoad {
  node: SchedulableNode;
  left: Map<string, number>;
  pods: Map<SchedulablePod, number>;
}

const NO_PODS: ReadonlyMap<SchedulablePod, number> = new Map();

/**
 * The nodes of a cluster with what runs on them, as the scheduler keeps them. Nodes are told apart by name, and equal pods
 * are best given as one object. A node that is not there is taken to be an empty one.
 */
export class ClusterState {
  readonly #loads = new Map<string, NodeLoad>();
  readonly #places = new Map<SchedulablePod, Map<SchedulableNode, number>>();
  readonly #rules: RuleBook;

  constructor(nodes: Iterable<SchedulableNode> = [], namespaceLabels: NamespaceLabels = builtInLabels) {
    const inventory = { nodes: () => this.nodes(), pods: () => this.#places };
    this.#rules = new RuleBook(inventory, namespaceLabels);
    for (const node of nodes) this.add(node);
  }

  /** The nodes in the order in which they came. */
  *nodes(): Iterable<SchedulableNode> {
    for (const { node } of this.#loads.values()) yield node;
  }

  /** How many nodes there are. */
  get size(): number {
    return this.#loads.size;
  }

  /** Adds an empty node; one of that name that is there already stays as it is. */
  add(node: SchedulableNode): void {
    this.#loadOf(node);
  }

  /** Puts pods on a node, which is added where it is not there; whether they fit is not asked. */
  place(pod: SchedulablePod, node: SchedulableNode, pods = 1): void {
    this.#move(pod, this.#loadOf(node), pods);
  }

  /** Takes pods off a node; of more than are there, as many as there are. */
  remove(pod: SchedulablePod, node: SchedulableNode, pods = 1): void {
    const load = this.#loads.get(node.name);
    if (load !== undefined) this.#move(pod, load, -Math.min(pods, load.pods.get(pod) ?? 0));
  }

  /** What is left of a node's resources. */
  leftOn(node: SchedulableNode): Amounts {
    return this.#loads.get(node.name)?.left ?? node.allocatable;
  }

  /** The pods on a node, and how many there are of each. */
  podsOn(node: SchedulableNode): ReadonlyMap<SchedulablePod, number> {
    return this.#loads.get(node.name)?.pods ?? NO_PODS;
  }

  /** The ports of a node that its pods take. */
  *hostPortsOn(node: SchedulableNode): Iterable<HostPort> {
    for (const pod of this.podsOn(node).keys()) yield* pod.hostPorts;
  }

  /** What a pod asks of the pods around it, with what there is of them now. */
  rulesOf(pod: SchedulablePod): PodRules {
    return this.#rules.rulesOf(pod);
  }

  /** Where pods are whose anti-affinity is about a pod. */
  antiAffinityAbout(pod: SchedulablePod): readonly { counts: DomainCounts }[] {
    return this.#rules.antiAffinityAbout(pod);
  }

  #loadOf(node: SchedulableNode): NodeLoad {
    const known = this.#loads.get(node.name);
    if (known !== undefined) return known;
    const load = { node, left: new Map(node.allocatable), pods: new Map<SchedulablePod, number>() };
    this.#loads.set(node.name, load);
    this.#rules.open(node);
    return load;
  }

  #move(pod: SchedulablePod, { node, left, pods: onNode }: NodeLoad, pods: number): void {
    this.#rules.move(pod, node, pods);
    for (const [resource, asked] of pod.requests) left.set(resource, (left.get(resource) ?? 0) - asked * pods);
    const places = this.#places.get(pod) ?? new Map<SchedulableNode, number>();
    change(places, node, pods);
    if (places.size === 0) this.#places.delete(pod);
    else this.#places.set(pod, places);
    change(onNode, pod, pods);
  }
}

function change<K>(counts: Map<K, number>, key: K, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
