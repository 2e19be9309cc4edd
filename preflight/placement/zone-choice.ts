import { labelOf } from "../scheduling/label-matching";
import type { SchedulablePod } from "../scheduling/pod";
import { isAboutPlaced, type NamespaceLabels } from "../scheduling/pod-terms";
import { zoneOfNode, type Ground } from "./ground";
import { HOSTNAME_LABEL } from "./named-pods";
import type { PodKind } from "./pod-kind";

/** A pool and one of its zones, by the place among those of the pool. */
export interface Site {
  ground: Ground;
  zone: number;
}

/** Nodes that a pool may yet make, and the zones in which it may. */
export interface Offer {
  ground: Ground;
  zones: readonly number[];
  nodes: number;
}

/** The label of nodes, other than their name, over which pods are spread or by which they keep apart. */
export function zoneKeyOf({ antiAffinity, spread }: SchedulablePod): string | undefined {
  return [...antiAffinity, ...spread].find(({ topologyKey }) => topologyKey !== HOSTNAME_LABEL)?.topologyKey;
}

/**
 * Where to make nodes so that together with those that there are they are in as many zones as can be: each zone is
 * given to a pool, and a pool that has one gives it up where it can have another.
 *
 * @param key the label that tells zones apart.
 * @param taken values of the label that nodes have already.
 * @see https://en.wikipedia.org/wiki/Maximum_cardinality_matching
 */
export function distinctZones(key: string, offers: readonly Offer[], taken: ReadonlySet<string>): Site[] {
  const given = new Map<string, Offer>();
  const count = new Map<Offer, number>();
  const valuesOf = new Map(offers.map((offer) => [offer, sitesByValue(key, offer)] as const));
  const give = (value: string, tried: Set<Offer>): boolean => {
    for (const [offer, sites] of valuesOf) {
      if (!sites.has(value) || tried.has(offer)) continue;
      tried.add(offer);
      const has = count.get(offer) ?? 0;
      const own = [...given].flatMap(([each, to]) => (to === offer ? [each] : []));
      if (has >= offer.nodes && !own.some((each) => give(each, tried))) continue;
      if (has < offer.nodes) count.set(offer, has + 1);
      given.set(value, offer);
      return true;
    }
    return false;
  };
  const values = new Set([...valuesOf.values()].flatMap((sites) => [...sites.keys()]));
  for (const value of values) if (!taken.has(value)) give(value, new Set());
  return [...given].map(([value, offer]) => valuesOf.get(offer)!.get(value)!);
}

function sitesByValue(key: string, { ground, zones }: Offer): Map<string, Site> {
  const sites = new Map<string, Site>();
  for (const zone of zones) {
    const value = labelOf(ground.sites[zone]!.labels, key);
    if (value !== undefined && !sites.has(value)) sites.set(value, { ground, zone });
  }
  return sites;
}

/**
 * Pods that cannot be more, however zones are chosen for new nodes; undefined where no choice changes how many there
 * are, so that as many as were placed are all that can be.
 */
export function mostByZones(
  pod: SchedulablePod,
  { order, where }: PodKind,
  labels: NamespaceLabels,
): number | undefined {
  const key = zoneKeyOf(pod);
  if (key === undefined || order.length < 2) return undefined;
  const isApart = pod.antiAffinity.some(
    (term) => term.topologyKey === key && isAboutPlaced(term, pod.namespace, pod, labels),
  );
  const offers = order.map((ground) => ({
    ground,
    zones: where.admissions[ground.number]!.zones,
    nodes: ground.maxNodes - ground.pool.minNodes,
  }));
  const hasChoice = offers.some((offer) => offer.nodes > 0 && sitesByValue(key, offer).size > 1);
  if (!hasChoice) return undefined;
  const everyValue = offers.flatMap(({ ground, zones }) =>
    zones.map((zone) => labelOf(ground.sites[zone]!.labels, key)),
  );
  if (!isApart || everyValue.includes(undefined)) return Infinity;
  const taken = new Set(offers.flatMap(({ ground, zones }) => valuesThere(key, ground, zones)));
  return taken.size + distinctZones(key, offers, taken).length;
}

/** Values of a label that the nodes have which a pool keeps without any pod. */
function valuesThere(key: string, ground: Ground, zones: readonly number[]): string[] {
  const { minNodes } = ground.pool;
  const there = Array.from({ length: Math.min(minNodes, ground.sites.length) }, (_, at) => zoneOfNode(ground, at + 1));
  return there.filter((zone) => zones.includes(zone)).flatMap((zone) => labelOf(ground.sites[zone]!.labels, key) ?? []);
}
