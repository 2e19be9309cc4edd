import { type Plan, planOf } from "../../../preflight/plan";
import { type Manifest, resourcesOf } from "../../preflight/placement-differential/stack";
import type { DeclaredWorld } from "./declared";

/** What the plan says of a world, as `mlstack plan` finds it, with what the cluster has beside it. */
export function planned(world: DeclaredWorld, surroundings: readonly Manifest[]): Pick<Plan, "proofs" | "remarks"> {
  return planOf([...world.components, ...resourcesOf({ ...world, others: [...surroundings, ...world.others] })]);
}
