import { POOL_LABEL } from "../../model";
import type { EksPoolPlan } from "./pool-plan";

type PoolOfCluster = Pick<EksPoolPlan, "eks" | "shape">;

/** What the tags begin with that say which environment and cluster something is of. */
const OWN_TAGS = "mlstack:";

/** Tags of everything in AWS that belongs to a pool, so that the cost of each pool can be told apart. */
export function poolTags({ eks, shape }: PoolOfCluster): Record<string, string> {
  return { ...eks.tags, [POOL_LABEL]: shape.name };
}

/** Tags of a pool's machines. */
export function machineTags(pool: PoolOfCluster): Record<string, string> {
  return { ...poolTags(pool), Name: machineName(pool) };
}

/**
 * Those tags of a pool's machines that stay as long as the pool does: environment, cluster, pool and name. What users add
 * to a cluster's tags may change any day.
 */
export function lastingMachineTags(pool: PoolOfCluster): Record<string, string> {
  const own = Object.entries(pool.eks.tags ?? {}).filter(([key]) => key.startsWith(OWN_TAGS));
  return { ...Object.fromEntries(own), [POOL_LABEL]: pool.shape.name, Name: machineName(pool) };
}

function machineName({ eks, shape }: PoolOfCluster): string {
  return `${eks.name}-${shape.name}`;
}
