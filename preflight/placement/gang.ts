import { bestMix } from "../pools/machine-mix";
import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { allowanceOf, total, type Asking } from "./allowance";
import { amountText, bareAmount } from "./amount-text";
import type { Capacities } from "./capacity";
import { Fleet } from "./fleet";
import type { Ground } from "./ground";
import type { Judgement } from "./judgement";
import { Neighbourhood } from "./neighbourhood";
import { counted, joined, podsOf, poolCount, poolTitle, poolTitles } from "./pool-words";
import { Verdict } from "./proof";
import { drawnLast, placeTogether, type Search } from "./together";

/** What holds for all sets of a gang, beyond what holds for each by itself. */
export interface GangVerdict {
  verdict: typeof Verdict.never | typeof Verdict.undecided;
  /** As a sentence without a period. */
  reason: string;
  /** The limit that is too tight, with what is needed of it. */
  limit?: { title: string; name: string; resource: string; needed: number; ceiling: number };
}

/** What gangs are placed on. */
export interface GangGround {
  grounds: readonly Ground[];
  capacities: Capacities;
  /** The pod behind a number of a subject. */
  podOf: (set: number) => SchedulablePod;
  namespaceLabels: NamespaceLabels;
}

/** Judges whether as many pods of each set as must can run at the same time; undefined where they can. */
export function gangVerdict(sets: readonly Judgement[], ground: GangGround): GangVerdict | undefined {
  const hopeless = sets.find(({ verdict }) => verdict === Verdict.never);
  if (hopeless !== undefined) {
    return { verdict: Verdict.never, reason: `needs ${hopeless.entry.set.title}, which can never run` };
  }
  const asking = sets.map(({ subject, entry }) => ({ requests: subject.pod.requests, pods: entry.set.minCount }));
  const tight = tightLimit(sets, asking);
  if (tight !== undefined) return tight;
  const doubtful = sets.find(({ certain, entry }) => certain < entry.set.minCount);
  const isOpen = sets.some(({ capacity }) => capacity.isOpen);
  const short = isOpen ? undefined : shortage(sets, asking);
  if (short !== undefined) return { verdict: Verdict.never, reason: short };
  const search = isOpen ? "gave up" : placed(sets, ground);
  if (search === "impossible") return { verdict: Verdict.never, reason: noArrangement(sets) };
  if (doubtful !== undefined) {
    return {
      verdict: Verdict.undecided,
      reason: `whether ${doubtful.entry.set.title} can run, which it needs, is not known`,
    };
  }
  if (search === "found") return undefined;
  return { verdict: Verdict.undecided, reason: `no arrangement of ${together(sets)} was found, and none is ruled out` };
}

/** A quota of their namespace that lets the sets run one by one, but not together. */
function tightLimit(sets: readonly Judgement[], asking: readonly Asking[]): GangVerdict | undefined {
  const { tightest, possible } = allowanceOf(sets[0]?.entry.limits ?? [], total(asking));
  if (tightest === undefined || possible >= 1) return undefined;
  const { limit, resource, ceiling } = tightest;
  const needed = total(asking).get(resource) ?? 0;
  const reason =
    `${together(sets)} that must run together ask for ${amountText(resource, needed, "up")}, ` +
    `and ${limit.title} has ${bareAmount(resource, ceiling, "down")} at most`;
  const { title, name } = limit;
  return { verdict: Verdict.never, reason, limit: { title, name, resource, needed, ceiling } };
}

/**
 * The resource of which all pools that any of the pods may run on have too little together; undefined where none is.
 */
function shortage(sets: readonly Judgement[], asking: readonly Asking[]): string | undefined {
  const grounds = [...new Set(sets.flatMap(({ subject }) => subject.kind.order))];
  const pools = grounds.map(({ pool }) => pool);
  for (const [resource, needed] of total(asking)) {
    const there = mostOf(resource, grounds);
    if (needed <= there) continue;
    return (
      `${together(sets)} that must run together ask for ${amountText(resource, needed, "up")}, and ` +
      `${poolTitles(pools)} ${poolCount(pools) === 1 ? "has" : "have"} ` +
      `${bareAmount(resource, there, "down")} at the largest size`
    );
  }
  return undefined;
}

/** What all nodes of some pools have of a resource, as many of each type as limits allow. */
function mostOf(resource: string, grounds: readonly Ground[]): number {
  const perNode = (ground: Ground) => (grounds.includes(ground) ? (ground.pool.free.get(resource) ?? 0) : 0);
  const mixes = new Set(grounds.map(({ mix }) => mix));
  return [...mixes].reduce((sum, mix) => {
    if (mix !== undefined)
      return (
        sum +
        bestMix(
          mix.grounds.map(perNode),
          mix.grounds.map(({ uses }) => uses),
          mix.limits,
        ).bound
      );
    const alike = grounds.filter((ground) => ground.mix === undefined && perNode(ground) > 0);
    return alike.reduce((all, ground) => all + perNode(ground) * ground.maxNodes, sum);
  }, 0);
}

function placed(sets: readonly Judgement[], { grounds, podOf, namespaceLabels, capacities }: GangGround): Search {
  const fleet = new Fleet(grounds);
  const members = sets.map(({ subject, entry }) => ({ ...subject, pods: entry.set.minCount }));
  if (!members.some(({ kind }) => kind.isRuled)) return placeTogether(fleet, members);
  const neighbourhood = new Neighbourhood(fleet, podOf, namespaceLabels);
  neighbourhood.observe();
  const marks = [fleet.mark(), neighbourhood.mark()] as const;
  for (const order of ordersOf(drawnLast(members))) {
    const isAll = order.every(
      (member) => neighbourhood.place(member, member.pods, "even", capacities.companionsOf(member)) === member.pods,
    );
    if (isAll) return "found";
    fleet.undo(marks[0]);
    neighbourhood.undo(marks[1]);
  }
  return "gave up";
}

/** Orders in which sets are placed until one succeeds, at most; with rules between pods each takes long. */
const ORDERS = 4;

/** The sets as they are, and with each of them in front. */
function ordersOf<T>(sets: readonly T[]): T[][] {
  return sets.slice(0, ORDERS).map((first) => [first, ...sets.filter((each) => each !== first)]);
}

function noArrangement(sets: readonly Judgement[]): string {
  const grounds = [...new Set(sets.flatMap(({ subject }) => subject.kind.order))];
  const nodes = grounds.slice(0, 3).map(({ pool, maxNodes }) => `${counted(maxNodes, "node")} of ${poolTitle(pool)}`);
  const more = grounds.length > 3 ? [`those of ${grounds.length - 3} more pools`] : [];
  return `${together(sets)} must run together, and do not all fit on ${joined([...nodes, ...more])}`;
}

function together(sets: readonly Judgement[]): string {
  return podsOf(sets.map(({ entry: { set } }) => ({ set, pods: set.minCount })));
}
