import { labelOf } from "./label-matching";
import type { SchedulableNode } from "./node";
import { isOnePodKey } from "./one-pod-claims";

/** Pods by the domain that they run in: the value of one label of their nodes, or the whole cluster. */
export class DomainCounts {
  readonly #counts = new Map<string | undefined, number>();

  readonly #isOfCluster: boolean;

  constructor(readonly topologyKey: string) {
    this.#isOfCluster = isOnePodKey(topologyKey);
  }

  /** Counts pods on a node, or takes them off with a negative number; a node without the label is in no domain. */
  add(node: SchedulableNode, pods: number): void {
    const domain = this.#domainOf(node);
    if (domain === undefined) return;
    const count = (this.#counts.get(domain) ?? 0) + pods;
    if (count === 0) this.#counts.delete(domain);
    else this.#counts.set(domain, count);
  }

  /** Whether there are any in the domain of a node. */
  isIn(node: SchedulableNode): boolean {
    return this.#counts.has(this.#domainOf(node));
  }

  /** Whether there are any in some domain. */
  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  #domainOf(node: SchedulableNode): string | undefined {
    return this.#isOfCluster ? "" : labelOf(node.labels, this.topologyKey);
  }
}

/** Pods by domain, with the domains that have none, and the fewest that any of them has. */
export class SpreadCounts {
  readonly #counts = new Map<string, number>();
  /** How many domains have so many pods. */
  readonly #domainsWith = new Map<number, number>();
  #fewest = 0;

  /** A domain becomes known, without pods. */
  open(domain: string): void {
    if (!this.#counts.has(domain)) this.#set(domain, undefined, 0);
  }

  /** Counts pods in a domain, or takes them off with a negative number. */
  add(domain: string, pods: number): void {
    const before = this.#counts.get(domain);
    this.#set(domain, before, (before ?? 0) + pods);
  }

  /** Pods in a domain; 0 in one that is not known. */
  of(domain: string): number {
    return this.#counts.get(domain) ?? 0;
  }

  get domains(): number {
    return this.#counts.size;
  }

  /** Pods in the domain that has the fewest; `Infinity` where there is no domain. */
  get fewest(): number {
    if (!this.#domainsWith.has(this.#fewest)) this.#fewest = Math.min(...this.#domainsWith.keys());
    return this.#fewest;
  }

  #set(domain: string, before: number | undefined, count: number): void {
    if (before !== undefined) this.#shift(before, -1);
    this.#shift(count, 1);
    this.#counts.set(domain, count);
    this.#fewest = Math.min(this.#fewest, count);
  }

  #shift(pods: number, domains: number): void {
    const left = (this.#domainsWith.get(pods) ?? 0) + domains;
    if (left === 0) this.#domainsWith.delete(pods);
    else this.#domainsWith.set(pods, left);
  }
}
