import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksPoolPlan } from "../pool-plan";
import { poolTags } from "../pool-tags";

/**
 * Creates what hands the node role to the machines of a pool, for a Karpenter that does not reach IAM to do it itself.
 *
 * @see https://karpenter.sh/v1.14/getting-started/getting-started-with-karpenter/ "Private Clusters"
 */
export function createInstanceProfile(plan: EksPoolPlan, opts: pulumi.CustomResourceOptions): aws.iam.InstanceProfile {
  const name = `${plan.name}-instance-profile`;
  const tags = { ...poolTags(plan), Name: name };
  return new aws.iam.InstanceProfile(name, { role: plan.eks.nodeRoleName, tags }, opts);
}
