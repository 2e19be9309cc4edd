import type * as pulumi from "@pulumi/pulumi";
import type { EksPoolPlan } from "./pool-plan";

/** Subnets that the nodes of a pool may be in: those of the cluster in the pool's zones. */
export function subnetIdsOf({ shape, eks }: Pick<EksPoolPlan, "shape" | "eks">): pulumi.Input<string>[] {
  return eks.subnets
    .filter(({ availabilityZone }) => shape.availabilityZones.includes(availabilityZone))
    .map(({ subnetId }) => subnetId);
}
