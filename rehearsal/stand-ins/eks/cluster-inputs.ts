import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Tags = Record<string, string>;

/** One principal that may reach the cluster. */
export interface AccessEntryInputs {
  accessPolicies?: Record<string, { accessScope: pulumi.Input<object>; policyArn: pulumi.Input<string> }>;
  kubernetesGroups?: pulumi.Input<string[]>;
  principalArn: pulumi.Input<string>;
  tags?: pulumi.Input<Tags>;
  type?: pulumi.Input<string>;
  username?: pulumi.Input<string>;
}

/** What a cluster is made from, as far as its stand-in looks at it. */
export interface ClusterInputs {
  accessEntries?: Record<string, AccessEntryInputs>;
  autoMode?: { enabled?: boolean; createNodeRole?: boolean; computeConfig?: pulumi.Input<object> };
  bootstrapSelfManagedAddons?: pulumi.Input<boolean>;
  clusterSecurityGroupTags?: pulumi.Input<Tags>;
  clusterTags?: pulumi.Input<Tags>;
  deletionProtection?: pulumi.Input<boolean>;
  enabledClusterLogTypes?: pulumi.Input<string[]>;
  encryptionConfigKeyArn?: pulumi.Input<string>;
  endpointPrivateAccess?: pulumi.Input<boolean>;
  endpointPublicAccess?: pulumi.Input<boolean>;
  ipFamily?: pulumi.Input<string>;
  kubernetesServiceIpAddressRange?: pulumi.Input<string>;
  name?: pulumi.Input<string>;
  nodeSecurityGroupTags?: pulumi.Input<Tags>;
  privateSubnetIds?: pulumi.Input<string[]>;
  providerCredentialOpts?: pulumi.Input<{ roleArn?: string; profileName?: string }>;
  publicAccessCidrs?: pulumi.Input<string[]>;
  publicSubnetIds?: pulumi.Input<string[]>;
  serviceRole?: pulumi.Input<aws.iam.Role>;
  subnetIds?: pulumi.Input<string[]>;
  tags?: pulumi.Input<Tags>;
  upgradePolicy?: pulumi.Input<{ supportType?: string }>;
  version?: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
}
