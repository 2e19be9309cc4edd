import * as aws from "@pulumi/aws";
import type { EksClusterArgs } from "../components";

/**
 * The provider of everything in AWS, in the region of the cluster; none where the cluster is not on EKS, so that such
 * stacks ask for no credentials.
 *
 * It refuses credentials of another account than the one that is named, and tags what can be tagged, so that cost and
 * remains of an environment are found even where a component has no say.
 */
export function createAwsProviders(eks: EksClusterArgs | undefined, accountId: string | undefined): aws.Provider[] {
  if (eks === undefined) return [];
  const { region, tags = {} } = eks;
  const account = accountId === undefined ? {} : { allowedAccountIds: [accountId] };
  return [new aws.Provider("aws", { region: region as aws.Region, defaultTags: { tags }, ...account })];
}
