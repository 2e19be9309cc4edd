import { POOL_LABEL } from "../../model";
import type { EksPoolPlan } from "./pool-plan";

/** Tags of everything in AWS that belongs to a pool, so that the cost of each pool can be told apart. */
export function poolTags({ eks, shape }: Pick<EksPoolPlan, "eks" | "shape">): Record<string, string> {
  return { ...eks.tags, [POOL_LABEL]: shape.name };
}
