import type { PlannedPool, PoolUnknown } from "../pools/planned-pool";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { Admission } from "./admission";
import type { Ground } from "./ground";
import type { PodKind } from "./pod-kind";
import { poolTitle } from "./pool-words";
import { barredBy, barredByPod, liftedBy, sizeUnknown } from "./unknowns";

/** Why it is not known whether, or how many, pods a pool takes. */
export interface Doubt {
  /** As a sentence without a period. */
  reason: string;
  /** Path inside the pod template, where it is the pods of which something is not known. */
  path?: string;
}

/** Nodes of a pool that certainly take some pods, and why these are not all. */
export interface SureNodes {
  nodes: number;
  doubt: Doubt | undefined;
}

/** What is not known of a pool, whatever the pods are. */
interface PoolDoubts {
  /** It may keep pods away. */
  bar: Doubt | undefined;
  size: Doubt | undefined;
}

/** Tells what is certain of pools that take pods as far as is known; what depends on the pool alone is worked out once. */
export class Doubts {
  private readonly known: PoolDoubts[] = [];

  /** Of so many nodes that take pods of a kind as far as is known, those that certainly do. */
  sureNodes({ pod }: PodKind, ground: Ground, nodes: number): SureNodes {
    const path = barredByPod(pod.unknownPaths, ground.sites[0]!);
    if (path !== undefined) {
      return { nodes: 0, doubt: { reason: `${path} is not known yet, and may decide where it can run`, path } };
    }
    const { bar, size } = (this.known[ground.number] ??= doubtsAbout(ground.pool));
    if (bar !== undefined) return { nodes: 0, doubt: bar };
    return { nodes: size === undefined ? nodes : Math.min(nodes, ground.pool.minNodes), doubt: size };
  }
}

function doubtsAbout(pool: PlannedPool): PoolDoubts {
  const bar = barredBy(pool);
  const size = sizeUnknown(pool);
  return {
    bar: bar === undefined ? undefined : { reason: takesUnknown(pool, bar) },
    size:
      size === undefined ? undefined : { reason: `how large ${poolTitle(pool)} can be is not known: ${size.reason}` },
  };
}

/** Whether a pool that lets no pods in, as far as is known, may do so after all. */
export function mayLetIn({ obstacles, openLabel }: Admission, { pool }: Ground): boolean {
  if (pool.unknowns.length === 0 && openLabel === undefined) return false;
  return obstacles.every((obstacle) => isOpenLabel(obstacle, openLabel) || liftedBy(obstacle, pool) !== undefined);
}

/**
 * Why pods may be taken although there are obstacles as far as is known; undefined where they certainly are not.
 *
 * @param short what an empty node has too little of.
 */
export function doubtOf(admission: Admission, { pool }: Ground, short: readonly Obstacle[]): Doubt | undefined {
  const { obstacles, openLabel } = admission;
  if (pool.unknowns.length === 0 && openLabel === undefined) return undefined;
  let reason: string | undefined;
  for (const obstacle of obstacles.length === 0 ? short : [...obstacles, ...short]) {
    const lifted = liftedBy(obstacle, pool);
    if (lifted === undefined && !isOpenLabel(obstacle, openLabel)) return undefined;
    reason ??=
      lifted === undefined
        ? `whether nodes of ${poolTitle(pool)} have the label ${openLabel} that it selects is told by nothing`
        : takesUnknown(pool, lifted);
  }
  return reason === undefined ? undefined : { reason };
}

function isOpenLabel({ kind }: Obstacle, openLabel: string | undefined): boolean {
  return kind === ObstacleKind.nodeAffinity && openLabel !== undefined;
}

function takesUnknown(pool: PlannedPool, { reason }: PoolUnknown): string {
  return `whether ${poolTitle(pool)} takes it is not known: ${reason}`;
}
