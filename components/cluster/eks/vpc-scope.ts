import type * as pulumi from "@pulumi/pulumi";

/** What every part of a VPC must know to name, tag and place itself. */
export interface VpcScope {
  /** Name of the component; names of children begin with it. */
  name: string;
  /** Component that the parts belong to. */
  parent: pulumi.Resource;
  region: string;
  cidr: string;
  vpcId: pulumi.Output<string>;
  /** Cluster that finds subnets by their tags. */
  clusterName: string | undefined;
  tags: Record<string, string>;
}

/** Tags of a part of the VPC. */
export function tagsOf({ tags }: Pick<VpcScope, "tags">, resourceName: string): Record<string, string> {
  return { ...tags, Name: resourceName };
}
