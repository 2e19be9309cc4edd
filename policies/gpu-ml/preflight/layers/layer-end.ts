import type { PodGroup } from "../../../engine/pods";
import type { Subject } from "../../../engine/subject";
import type { Truth } from "../../../engine/truth";
import type { StackPool, StackPools } from "../../stack/node-labels";
import { mayRunOn } from "../../stack/node-selection";

/** Where pools say something, by what makes their nodes. */
interface PoolFields {
  labels: string;
  taints: string;
  machines: string;
  size: string;
}

const FIELDS = new Map<string, PoolFields>([
  [
    "aws:eks/nodeGroup:NodeGroup",
    { labels: "labels", taints: "taints", machines: "instanceTypes", size: "scalingConfig.maxSize" },
  ],
  [
    "kubernetes:karpenter.sh/v1:NodePool",
    {
      labels: "spec.template.metadata.labels",
      taints: "spec.template.spec.taints",
      machines: "spec.template.spec.requirements",
      size: "spec.limits",
    },
  ],
  [
    "kubernetes:core/v1:Node",
    {
      labels: "metadata.labels",
      taints: "spec.taints",
      machines: 'metadata.labels["node.kubernetes.io/instance-type"]',
      size: "status.capacity",
    },
  ],
]);

/** Where components say what their pools are like. */
const OF_COMPONENTS: PoolFields = {
  labels: "shape.labels",
  taints: "shape.taints",
  machines: "shape.instanceTypes",
  size: "shape.maxNodes",
};

/** The pools of a stack by what makes their nodes, so that a component and what it makes are not judged both. */
export function madePools({ pools }: StackPools): StackPool[] {
  return pools.filter(({ subject }) => FIELDS.has(subject.type));
}

/** A pool on which some pods may run, and whether that is certain. */
export interface PossiblePool {
  pool: StackPool;
  truth: Truth;
}

/** The pools on which some pods run, or may run. */
export function possiblePools(pods: PodGroup, stack: StackPools): PossiblePool[] {
  return madePools(stack)
    .map((pool): PossiblePool => ({ pool, truth: mayRunOn(pods, pool, stack) }))
    .filter(({ truth }) => truth !== false);
}

/** One end of a contradiction: `taints of NodeGroup train`. */
export function endAt(subject: Subject, path: string): string {
  return `${path} of ${subject.title}`;
}

/** Where a pool says something. */
export function poolPath({ subject }: StackPool, field: keyof PoolFields): string {
  return (FIELDS.get(subject.type) ?? OF_COMPONENTS)[field];
}

/** Where a pool says something, as the end of a contradiction. */
export function poolEnd(pool: StackPool, field: keyof PoolFields): string {
  return endAt(pool.subject, poolPath(pool, field));
}

/** Where some pools say something; a few of them say enough. */
export function poolEnds(pools: readonly StackPool[], field: keyof PoolFields): string {
  const ends = pools.slice(0, 3).map((pool) => poolEnd(pool, field));
  return `${ends.join(", ")}${pools.length > 3 ? ` and ${pools.length - 3} more` : ""}`;
}
