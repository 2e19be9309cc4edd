import type * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { type EksClusterArgs, EksLogType, EksSupportType } from "./eks-cluster-args";

/** What the control plane is made from beside the user's settings. */
export interface ControlPlaneParts {
  clusterName: string;
  kubernetesVersion: string;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  kmsKeyArn: pulumi.Input<string>;
  role: aws.iam.Role;
  tags: Record<string, string>;
}

/** The control plane, and what others need of it. */
export interface ControlPlane {
  resource: pulumi.Resource;
  /** The group that EKS itself makes, whose members may talk to each other without limits. */
  clusterSecurityGroupId: pulumi.Output<string>;
  /** How to reach the cluster, as JSON; secret. */
  kubeconfig: pulumi.Output<string>;
}

/**
 * Creates the control plane alone: nodes, add-ons, access entries and identities are made beside it, where previews and
 * policies see them one by one.
 */
export function createControlPlane(
  name: string,
  args: EksClusterArgs,
  parts: ControlPlaneParts,
  opts: pulumi.ComponentResourceOptions,
): ControlPlane {
  const publicAccessCidrs = args.publicAccessCidrs ?? [];
  const cluster = new eks.Cluster(
    name,
    compact({
      name: parts.clusterName,
      version: parts.kubernetesVersion,
      vpcId: parts.vpcId,
      subnetIds: parts.subnetIds,
      kubernetesServiceIpAddressRange: args.serviceCidr,
      endpointPrivateAccess: true,
      endpointPublicAccess: publicAccessCidrs.length > 0,
      publicAccessCidrs: publicAccessCidrs.length > 0 ? publicAccessCidrs : undefined,
      serviceRole: parts.role,
      authenticationMode: eks.AuthenticationMode.Api,
      encryptionConfigKeyArn: parts.kmsKeyArn,
      enabledClusterLogTypes: args.logTypes ?? Object.values(EksLogType),
      upgradePolicy: { supportType: args.supportType ?? EksSupportType.standard },
      deletionProtection: args.deletionProtection ?? false,
      providerCredentialOpts: args.kubeconfigRoleArn === undefined ? undefined : { roleArn: args.kubeconfigRoleArn },
      autoMode: args.autoMode ? autoModeWithoutPools : undefined,
      tags: { ...parts.tags, Name: parts.clusterName },
      ...nothingElse,
    }),
    opts,
  );
  return {
    resource: cluster,
    clusterSecurityGroupId: cluster.clusterSecurityGroupId,
    kubeconfig: pulumi.secret(cluster.kubeconfigJson),
  };
}

/** The built-in pools of Auto Mode have no ceiling; ours have one, and bring the roles of their nodes. */
const autoModeWithoutPools = { enabled: true, createNodeRole: false, computeConfig: { nodePools: [] } };

/** Everything that the package would make beside the control plane. */
const nothingElse = {
  skipDefaultNodeGroup: true,
  skipDefaultSecurityGroups: true,
  createInstanceRole: false,
  createOidcProvider: false,
  bootstrapSelfManagedAddons: false,
  useDefaultVpcCni: true,
  corednsAddonOptions: { enabled: false },
  kubeProxyAddonOptions: { enabled: false },
};
