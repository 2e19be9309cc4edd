import type { RecordedWorld, World } from "./world";

/** How often a smaller world is tried before the one at hand is taken for small enough. */
const MOST_TRIES = 600;

/** The world that one of several pods met, in which it is the only one to decide on. */
export function worldOf({ world, decisions }: RecordedWorld, index: number): World {
  const { nodes, placed, pods, grows } = world;
  const settled = decisions.slice(0, index).flatMap((decision, before) => {
    return grows && "node" in decision ? [{ node: decision.node, pod: pods[before]! }] : [];
  });
  return { nodes, placed: [...placed, ...settled], pods: pods.slice(index, index + 1), grows: false };
}

/** Takes away from a world, part by part, whatever is not needed for something to be so of it. */
export async function smallestWorld(world: World, isSo: (smaller: World) => Promise<boolean>): Promise<World> {
  let smallest = world;
  let tries = 0;
  for (let depth = 1; depth <= depthOf(smallest); depth += 1) {
    for (let index = 0; tries < MOST_TRIES;) {
      const smaller = without(smallest, depth, index);
      if (smaller === undefined) break;
      tries += 1;
      if (await isSo(smaller as World)) smallest = smaller as World;
      else index += 1;
    }
  }
  return smallest;
}

function childrenOf(tree: unknown): [key: string, child: unknown][] {
  return typeof tree === "object" && tree !== null ? Object.entries(tree) : [];
}

function depthOf(tree: unknown): number {
  return Math.max(0, ...childrenOf(tree).map(([, child]) => 1 + depthOf(child)));
}

/** A tree without its part of a number, from 0, among those of a depth; undefined where there are not that many. */
function without(tree: unknown, depth: number, index: number): unknown {
  let left = index;
  const copy = (part: unknown, depth: number): unknown => {
    if (left < 0 || typeof part !== "object" || part === null) return part;
    const entries = childrenOf(part).flatMap(([key, child]): [string, unknown][] => {
      if (depth > 1) return [[key, copy(child, depth - 1)]];
      left -= 1;
      return left === -1 ? [] : [[key, child]];
    });
    return Array.isArray(part) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
  };
  const smaller = copy(tree, depth);
  return left < 0 ? smaller : undefined;
}
