import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksPoolPlan } from "./pool-plan";
import { poolTags } from "./pool-tags";

/**
 * Creates a group whose machines stand close to each other, for training that exchanges much between nodes.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html "Cluster placement groups"
 */
export function createPlacementGroup(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): aws.ec2.PlacementGroup {
  const name = `${plan.name}-placement`;
  return new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags: { ...poolTags(plan), Name: name } }, opts);
}
