import type { Entry } from "../placement/entry";
import type { Fleet, NodeGroup } from "../placement/fleet";
import type { Ground } from "../placement/ground";
import type { NodeLayout, NodePods, PoolPacking } from "./packing";
import { gpusOn, rounded, type StrandedGpus } from "./stranded";

/** A layout while nodes are added to it. */
interface Pile {
  group: NodeGroup;
  pods: ReadonlyMap<Entry, number>;
  nodes: number;
}

/** What the nodes of each pool carry, those with the fewest idle GPUs first. */
export function poolPackings(
  fleet: Fleet,
  entryOf: (set: number) => Entry,
  strandedOn: (ground: Ground) => StrandedGpus,
): PoolPacking[] {
  const byGround: NodeGroup[][] = fleet.grounds.map(() => []);
  for (const group of fleet.groups()) byGround[group.ground.number]!.push(group);
  const byPool: GroundLayouts[][] = [];
  for (const ground of fleet.grounds) {
    const stranded = strandedOn(ground);
    const piles = pilesOf(byGround[ground.number]!, entryOf);
    const layouts = piles.map((pile) => layoutOf(pile, ground, stranded));
    (byPool[ground.owner] ??= []).push({ ground, layouts });
  }
  return byPool.map(poolPacking);
}

/** What nodes of one ground carry. */
interface GroundLayouts {
  ground: Ground;
  layouts: readonly NodeLayout[];
}

function poolPacking(grounds: readonly GroundLayouts[]): PoolPacking {
  const layouts = grounds.flatMap((each) => each.layouts);
  layouts.sort((a, b) => a.idleGpus - b.idleGpus || b.nodes - a.nodes || b.pods.length - a.pods.length);
  const sum = (of: (layout: NodeLayout) => number) => rounded(layouts.reduce((all, each) => all + of(each), 0));
  const gpus = grounds.reduce((all, { ground, layouts: own }) => all + nodesOf(own) * ground.gpus, 0);
  const machines = grounds.flatMap(({ ground: { instanceType }, layouts: own }) =>
    instanceType === undefined ? [] : [{ instanceType, nodes: nodesOf(own) }],
  );
  return {
    pool: grounds[0]!.ground.pool.name,
    nodes: nodesOf(layouts),
    ...(machines.length === 0 ? {} : { machines: machines.filter(({ nodes }) => nodes > 0) }),
    gpus,
    gpusInUse: rounded(gpus - sum((layout) => layout.idleGpus * layout.nodes)),
    strandedGpus: sum((layout) => layout.strandedGpus * layout.nodes),
    layouts,
  };
}

function nodesOf(layouts: readonly NodeLayout[]): number {
  return layouts.reduce((sum, { nodes }) => sum + nodes, 0);
}

/** Nodes with the same pods on one pile, in whichever order these came. */
function pilesOf(groups: readonly NodeGroup[], entryOf: (set: number) => Entry): Pile[] {
  const numbers = new Map<Entry, number>();
  const piles = new Map<string, Pile>();
  for (const group of groups) {
    const pods = new Map<Entry, number>();
    for (let on = group.pods; on !== undefined; on = on.before) {
      const entry = entryOf(on.set);
      if (!numbers.has(entry)) numbers.set(entry, numbers.size);
      pods.set(entry, (pods.get(entry) ?? 0) + on.pods);
    }
    const key = [...pods]
      .map(([entry, count]) => `${numbers.get(entry)}*${count}`)
      .sort()
      .join();
    const pile = piles.get(key);
    if (pile === undefined) piles.set(key, { group, pods, nodes: group.nodes });
    else pile.nodes += group.nodes;
  }
  return [...piles.values()];
}

function layoutOf({ group, pods, nodes }: Pile, ground: Ground, stranded: StrandedGpus): NodeLayout {
  const nodePods = [...pods].map(([{ set }, count]): NodePods => ({
    podSet: set.title,
    pods: count,
    gpusPerPod: gpusOn(ground, set.pod.requests),
  }));
  nodePods.sort((a, b) => b.gpusPerPod - a.gpusPerPod || b.pods - a.pods || (a.podSet < b.podSet ? -1 : 1));
  const inUse = nodePods.reduce((sum, each) => sum + each.pods * each.gpusPerPod, 0);
  const idleGpus = rounded(ground.gpus - inUse);
  const lost = stranded.on(group.free, idleGpus);
  return {
    nodes,
    ...(ground.instanceType === undefined ? {} : { instanceType: ground.instanceType }),
    pods: nodePods,
    idleGpus,
    strandedGpus: lost?.gpus ?? 0,
    ...(lost === undefined ? {} : { strandedReason: lost.reason }),
  };
}
