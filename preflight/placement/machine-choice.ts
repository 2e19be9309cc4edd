import { bestMix } from "../pools/machine-mix";
import type { NodeGroup } from "./fleet";
import type { Ground, GroundMix } from "./ground";
import type { PodKind } from "./pod-kind";

/** Nodes of one instance type that a pool is to make. */
export interface Choice {
  ground: Ground;
  nodes: number;
}

/**
 * Which machines a pool makes for some pods: those of the one type that takes all of them at the least price, else the
 * mix that takes the most.
 *
 * @param reserves nodes that the pool may yet make, by type, in the order in which types are preferred.
 * @param left what the limits of the pool leave.
 */
export function machinesFor(
  kind: PodKind,
  pods: number,
  reserves: readonly NodeGroup[],
  left: readonly number[],
): Choice[] {
  const perNode = reserves.map(({ ground }) => kind.perNode[ground.number]!);
  let best: (Choice & { price: number }) | undefined;
  reserves.forEach(({ ground, nodes }, at) => {
    const needed = Math.ceil(pods / perNode[at]!);
    const price = needed * (ground.pool.preferencePrice ?? Infinity);
    if (needed <= nodes && (best === undefined || price < best.price)) best = { ground, nodes: needed, price };
  });
  if (best !== undefined) return [best];
  const uses = reserves.map(({ ground }) => ground.uses);
  const mix = bestMix(perNode, uses, left);
  return reserves.map(({ ground }, at) => ({ ground, nodes: mix.nodes[at]! })).filter(({ nodes }) => nodes > 0);
}

/** Grounds by the pool of several types that they are of, for each list of grounds that was asked about. */
const BY_MIX = new WeakMap<readonly Ground[], Map<GroundMix | undefined, Ground[]>>();

/** The types of a pool among some grounds, in the order of these. */
export function typesOf(mix: GroundMix, order: readonly Ground[]): readonly Ground[] {
  const known = BY_MIX.get(order);
  if (known !== undefined) return known.get(mix) ?? [];
  const byMix = new Map<GroundMix | undefined, Ground[]>();
  for (const ground of order) {
    const types = byMix.get(ground.mix);
    if (types === undefined) byMix.set(ground.mix, [ground]);
    else types.push(ground);
  }
  BY_MIX.set(order, byMix);
  return byMix.get(mix) ?? [];
}

/**
 * The same pods with the types of each pool in another order: those of which the pool holds the most pods first.
 * Undefined where no pool has several types.
 */
export function roomiestFirst(kind: PodKind): PodKind | undefined {
  if (!kind.order.some(({ mix }) => mix !== undefined)) return undefined;
  const room = ({ number, maxNodes }: Ground) => kind.perNode[number]! * maxNodes;
  const first = new Map<number, number>();
  kind.order.forEach(({ owner }, at) => first.set(owner, first.get(owner) ?? at));
  const order = [...kind.order].sort(
    (a, b) => first.get(a.owner)! - first.get(b.owner)! || (a.mix === undefined ? 0 : room(b) - room(a)),
  );
  return { ...kind, order };
}
