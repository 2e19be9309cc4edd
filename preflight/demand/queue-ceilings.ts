import { childAt, isUnknown, itemsAt, UNKNOWN, type Tree, type Unknown } from "../../components/model";
import { amountAt } from "./amount-at";

/** What a queue can have of a resource at most; undefined where it has no bound, or does not cover the resource. */
export type QueueCeiling = number | Unknown | undefined;

/** What a queue can have of a resource by one of its flavors. */
export interface FlavorCeiling {
  flavor: Tree;
  /** Quota of the queue itself. */
  nominal: number | Unknown;
  /** Quota of the queue itself, and what it may borrow beside; undefined where it has no bound. */
  most: QueueCeiling;
  /** Part of its own quota that it lends to nobody. */
  kept: number;
}

/** Queues that borrow from each other. */
export interface Cohort {
  name: string;
  /**
   * What all of its queues have of a resource by a flavor together, beyond what each keeps for itself; undefined where none
   * has any, or not all is known.
   */
  ceilingOf: (flavor: string, resource: string) => number | undefined;
}

/** What some ClusterQueues can have, in the units of `Amounts`: millicores of `cpu`, whole units of all else. */
export interface QueueCeilings {
  /** The most of a resource over all flavors of a queue, which is one of the given objects. */
  ceilingOf: (queue: Tree, resource: string) => QueueCeiling;
  /** The same, flavor by flavor in the order of the queue; unknown where it is not known which these are. */
  byFlavor: (queue: Tree, resource: string) => FlavorCeiling[] | Unknown;
  /** The cohort of a queue; undefined where it is in none, or what that has is not told. */
  cohortOf: (queue: Tree) => Cohort | undefined;
}

/**
 * The most that ClusterQueues can have: their own quotas, and what they may borrow while the other queues of their
 * cohort, as far as the stack declares them, are idle. Each is read once, and so is what a cohort lends.
 *
 * @param cohorts those of the stack, from whose own quotas, or those of a parent, more may be borrowed than queues have.
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ "Borrowing and lending", v0.19
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/cache/scheduler/resource_node.go
 */
export function queueCeilingsOf(queues: readonly Tree[], cohorts: readonly Tree[]): QueueCeilings {
  const quotas = new Map<Tree, Map<Tree, Quota[]>>(queues.map((queue) => [queue, quotasOf(queue)]));
  const deep = new Set(cohorts.filter(addsQuota).map((cohort) => childAt(childAt(cohort, "metadata"), "name")));
  const lent = new Map<Tree, Loans>();
  for (const [queue, own] of quotas) {
    const cohort = cohortNameOf(queue);
    const loans = lent.get(cohort) ?? new Map<Tree, Map<Tree, Loan>>();
    for (const quota of [...own.values()].flat()) lend(loans, quota);
    lent.set(cohort, loans);
  }
  const byFlavor: QueueCeilings["byFlavor"] = (queue, resource) => {
    const all = quotas.get(queue);
    const own = all?.get(resource) ?? [];
    if (all?.has(UNKNOWN) === true || own.some(({ flavor }) => isUnknown(flavor))) return UNKNOWN;
    const cohort = cohortNameOf(queue);
    const borrowed = borrowing(own, isUnknown(cohort) || lent.has(UNKNOWN) ? UNKNOWN : lent.get(cohort)!);
    return own.map((quota): FlavorCeiling => {
      const { flavor, nominal, borrowingLimit } = quota;
      const alone: FlavorCeiling = { flavor, nominal, most: nominal, kept: 0 };
      if (cohort === undefined) return alone;
      if (!isUnknown(cohort) && deep.has(cohort)) {
        return { ...alone, most: borrowingLimit === undefined ? undefined : sumOf([nominal, borrowingLimit]) };
      }
      return { ...alone, most: sumOf([nominal, borrowed(quota)]), kept: keptOf(quota) };
    });
  };
  return {
    byFlavor,
    cohortOf: (queue) => {
      const name = cohortNameOf(queue);
      if (typeof name !== "string" || deep.has(name) || lent.has(UNKNOWN)) return undefined;
      return { name, ceilingOf: (flavor, resource) => togetherOf(lent.get(name), flavor, resource) };
    },
    ceilingOf: (queue, resource) => {
      const flavors = byFlavor(queue, resource);
      if (isUnknown(flavors)) return UNKNOWN;
      const bounds = flavors.map(({ most }) => most).filter((most) => most !== undefined);
      return bounds.length < flavors.length || bounds.length === 0 ? undefined : sumOf(bounds);
    },
  };
}

interface Quota {
  resource: Tree;
  flavor: Tree;
  nominal: number | Unknown;
  borrowingLimit: number | Unknown | undefined;
  lendingLimit: number | Unknown | undefined;
}

/** What queues lend together of a resource and flavor; numbers of JavaScript would not give back what is taken off. */
interface Loan {
  known: bigint;
  /** How many of them lend an amount that is not known yet. */
  unknowns: number;
}

/** Loans by resource and by flavor; what is not known yet of either is under the marker. */
type Loans = Map<Tree, Map<Tree, Loan>>;

function lend(loans: Loans, { resource, flavor, nominal, lendingLimit }: Quota): void {
  const amount = lendingLimit ?? nominal;
  const flavors = loans.get(resource) ?? new Map<Tree, Loan>();
  const { known, unknowns } = flavors.get(flavor) ?? { known: 0n, unknowns: 0 };
  const more = isUnknown(amount) ? { known, unknowns: unknowns + 1 } : { known: known + BigInt(amount), unknowns };
  loans.set(resource, flavors.set(flavor, more));
}

/** What a queue may borrow by each of its quotas for one resource, of what its cohort lends with the queue's own part. */
function borrowing(quotas: readonly Quota[], lent: Loans | Unknown): (quota: Quota) => number | Unknown {
  const own: Loans = new Map();
  for (const quota of quotas) lend(own, quota);
  return ({ resource, flavor, borrowingLimit }) => {
    if (isUnknown(lent) || lent.has(UNKNOWN) || lent.get(resource)!.has(UNKNOWN)) return UNKNOWN;
    const [all, ours] = [lent, own].map((loans) => loans.get(resource)!.get(flavor)!);
    if (all!.unknowns > ours!.unknowns || isUnknown(borrowingLimit)) return UNKNOWN;
    return Math.min(Number(all!.known - ours!.known), borrowingLimit ?? Infinity);
  };
}

/** What a cohort lends of a resource by a flavor; undefined where not all of it is known. */
function togetherOf(lent: Loans | undefined, flavor: string, resource: string): number | undefined {
  const flavors = lent?.get(resource);
  const loan = flavors?.get(flavor);
  const isKnown = loan?.unknowns === 0 && !lent!.has(UNKNOWN) && !flavors!.has(UNKNOWN);
  return isKnown ? Number(loan.known) : undefined;
}

/** What a queue keeps of a quota, which it does not share with its cohort in either direction. */
function keptOf({ nominal, lendingLimit }: Quota): number {
  return typeof lendingLimit !== "number" || isUnknown(nominal) ? 0 : Math.max(0, nominal - lendingLimit);
}

/** The quotas of a queue by resource, flavor by flavor; those of a resource that is not known yet under the marker. */
function quotasOf(queue: Tree): Map<Tree, Quota[]> {
  const flavors = itemsAt(childAt(queue, "spec"), "resourceGroups").flatMap((group) => itemsAt(group, "flavors"));
  const quotas = flavors.flatMap((flavor) => itemsAt(flavor, "resources").map((amounts) => quotaOf(flavor, amounts)));
  const byResource = new Map<Tree, Quota[]>();
  for (const quota of quotas) {
    const others = byResource.get(quota.resource);
    if (others === undefined) byResource.set(quota.resource, [quota]);
    else others.push(quota);
  }
  return byResource;
}

function quotaOf(flavor: Tree, amounts: Tree): Quota {
  const resource = childAt(amounts, "name");
  const name = typeof resource === "string" ? resource : "";
  return {
    resource,
    flavor: childAt(flavor, "name"),
    nominal: amountAt(amounts, "nominalQuota", name) ?? 0,
    borrowingLimit: amountAt(amounts, "borrowingLimit", name),
    lendingLimit: amountAt(amounts, "lendingLimit", name),
  };
}

function cohortNameOf(queue: Tree): string | Unknown | undefined {
  const spec = childAt(queue, "spec");
  // Called `cohort` before v1beta2.
  const cohort: Tree = childAt(spec, "cohortName") ?? childAt(spec, "cohort");
  if (isUnknown(cohort)) return UNKNOWN;
  return typeof cohort === "string" && cohort !== "" ? cohort : undefined;
}

function addsQuota(cohort: Tree): boolean {
  const spec = childAt(cohort, "spec");
  return ["parentName", "parent", "resourceGroups"].some((field) => (childAt(spec, field) ?? undefined) !== undefined);
}

function sumOf(amounts: (number | Unknown)[]): number | Unknown {
  return amounts.some(isUnknown) ? UNKNOWN : amounts.map(Number).reduce((a, b) => a + b, 0);
}
