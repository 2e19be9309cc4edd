import { DomainCounts, SpreadCounts } from "./domain-counts";
import { isSelected } from "./filters/node-affinity";
import { untoleratedTaint } from "./filters/taints";
import { labelOf, selects } from "./label-matching";
import type { SchedulableNode } from "./node";
import { PerPod } from "./per-pod";
import type { PodTerm, SchedulablePod, SpreadConstraint } from "./pod";
import { isAbout, isAboutPlaced, namespacesOf, type NamespaceLabels } from "./pod-terms";

/** A spread constraint of a pod, with how the pods that it counts are spread now. */
export interface SpreadRule {
  constraint: SpreadConstraint;
  counts: SpreadCounts;
  /** 1 where the pod is one of those that it counts, else 0. */
  self: number;
}

/** The required affinity of a pod, with where pods are that meet all of its terms. */
export interface AffinityRule {
  /** For each term, by its topology key. */
  counts: readonly DomainCounts[];
  /** Whether the pod itself meets all of its terms, so that the first of a group finds a place. */
  isSelf: boolean;
}

/** What a pod asks of the pods around it, with what there is. */
export interface PodRules {
  spread: readonly SpreadRule[];
  /** Undefined where it has no required affinity. */
  affinity: AffinityRule | undefined;
  /** For each term of its anti-affinity: where pods are that it is about. */
  antiAffinity: readonly DomainCounts[];
}

/** A rule's count of pods: which it counts, and where they are put. */
interface Tally {
  counts: (pod: SchedulablePod) => boolean;
  add: (node: SchedulableNode, pods: number) => void;
  /** Tells it of a node that there is now. */
  open?: (node: SchedulableNode) => void;
}

/** The term of an anti-affinity of pods that are there, with where these pods are. */
interface StandingTerm {
  term: PodTerm;
  owner: string;
  counts: DomainCounts;
}

/** What is there already, for a tally that begins later. */
export interface Inventory {
  nodes: () => Iterable<SchedulableNode>;
  pods: () => Iterable<readonly [SchedulablePod, ReadonlyMap<SchedulableNode, number>]>;
}

/**
 * Keeps count of pods for the rules between pods, so that no rule looks at every pod or node again. Equal rules of several
 * pods share their counts.
 */
export class RuleBook {
  readonly #tallies = new PerPod<Tally>((tally, pod) => tally.counts(pod));
  readonly #openers: ((node: SchedulableNode) => void)[] = [];
  readonly #shared = new Map<string, unknown>();
  readonly #rules = new WeakMap<SchedulablePod, PodRules>();
  readonly #standing: PerPod<StandingTerm>;
  readonly #ownTerms = new WeakMap<SchedulablePod, StandingTerm[]>();

  constructor(
    readonly inventory: Inventory,
    readonly labels: NamespaceLabels,
  ) {
    this.#standing = new PerPod(({ term, owner }, pod) => isAbout(term, owner, pod, labels));
  }

  /** Tells the rules of a new node. */
  open(node: SchedulableNode): void {
    for (const open of this.#openers) open(node);
  }

  /** Tells the rules of pods that were put on a node, or taken off it where the number is negative. */
  move(pod: SchedulablePod, node: SchedulableNode, pods: number): void {
    for (const tally of this.#tallies.of(pod)) tally.add(node, pods);
    if (pod.antiAffinity.length === 0) return;
    for (const { counts } of this.#standingTermsOf(pod)) counts.add(node, pods);
  }

  /** What a pod asks of the pods around it. */
  rulesOf(pod: SchedulablePod): PodRules {
    const known = this.#rules.get(pod);
    if (known !== undefined) return known;
    const rules = {
      spread: pod.spread.map((constraint) => this.#spreadRule(pod, constraint)),
      affinity: pod.affinity.length === 0 ? undefined : this.#affinityRule(pod),
      antiAffinity: pod.antiAffinity.map((term) => this.#termCounts(pod, [term])[0]!),
    };
    this.#rules.set(pod, rules);
    return rules;
  }

  /** Where pods are whose anti-affinity is about a pod. */
  antiAffinityAbout(pod: SchedulablePod): readonly { counts: DomainCounts }[] {
    return this.#standing.of(pod);
  }

  #spreadRule(pod: SchedulablePod, constraint: SpreadConstraint): SpreadRule {
    const keys = pod.spread.map(({ topologyKey }) => topologyKey);
    const { topologyKey, selector, honorNodeAffinity, honorTaints } = constraint;
    const signature = [
      ["spread", pod.namespace, keys, topologyKey, selector],
      honorNodeAffinity ? [pod.nodeSelector, pod.nodeTerms ?? null] : 0,
      honorTaints ? pod.tolerations : 0,
    ];
    const counts = this.#share(signature, () => {
      const isCounted = (node: SchedulableNode): boolean =>
        keys.every((key) => labelOf(node.labels, key) !== undefined) &&
        !(honorNodeAffinity && !isSelected(pod, node)) &&
        !(honorTaints && untoleratedTaint(pod, node) !== undefined);
      const spread = new SpreadCounts();
      const tally: Tally = {
        // A selector that selects everything counts nothing.
        counts: (other) => selector?.length !== 0 && selects(selector, other.labels),
        add: (node, pods) => {
          if (isCounted(node)) spread.add(labelOf(node.labels, topologyKey)!, pods);
        },
        open: (node) => {
          if (isCounted(node)) spread.open(labelOf(node.labels, topologyKey)!);
        },
      };
      this.#begin(tally, [pod.namespace]);
      return spread;
    });
    return { constraint, counts, self: selects(selector, pod.labels) ? 1 : 0 };
  }

  #affinityRule(pod: SchedulablePod): AffinityRule {
    return {
      counts: this.#termCounts(pod, pod.affinity),
      isSelf: pod.affinity.every((term) => isAboutPlaced(term, pod.namespace, pod, this.labels)),
    };
  }

  /** Counts, for each of several terms of a pod that is to be placed, the pods that all of them are about. */
  #termCounts(pod: SchedulablePod, terms: readonly PodTerm[]): readonly DomainCounts[] {
    const owner = pod.namespace;
    return this.#share(["terms", owner, terms], () => {
      const counts = terms.map(({ topologyKey }) => new DomainCounts(topologyKey));
      const tally: Tally = {
        counts: (other) => terms.every((term) => isAboutPlaced(term, owner, other, this.labels)),
        add: (node, pods) => {
          for (const count of counts) count.add(node, pods);
        },
      };
      this.#begin(tally, namespacesOf(terms[0]!, owner));
      return counts;
    });
  }

  #standingTermsOf(pod: SchedulablePod): StandingTerm[] {
    const known = this.#ownTerms.get(pod);
    if (known !== undefined) return known;
    const owner = pod.namespace;
    const terms = pod.antiAffinity.map((term) =>
      this.#share(["standing", owner, term], () => {
        const standing = { term, owner, counts: new DomainCounts(term.topologyKey) };
        this.#standing.add(standing, namespacesOf(term, owner));
        return standing;
      }),
    );
    this.#ownTerms.set(pod, terms);
    return terms;
  }

  /** Begins a tally with what is there already. */
  #begin(tally: Tally, namespaces: readonly string[] | undefined): void {
    const { open } = tally;
    if (open !== undefined) {
      for (const node of this.inventory.nodes()) open(node);
      this.#openers.push(open);
    }
    for (const [pod, nodes] of this.inventory.pods()) {
      const isConcerned = namespaces?.includes(pod.namespace) !== false && tally.counts(pod);
      if (isConcerned) for (const [node, pods] of nodes) tally.add(node, pods);
    }
    this.#tallies.add(tally, namespaces);
  }

  /** What was made for an equal signature before, or what is made now. */
  #share<T>(signature: unknown, make: () => T): T {
    const key = JSON.stringify(signature);
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }
}
