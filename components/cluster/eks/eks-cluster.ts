import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { DEFAULT_KUBERNETES } from "../../model";
import type { EksFacts } from "../eks-facts";
import { letNodesIn, letPeopleIn } from "./cluster-access";
import { createClusterRole } from "./cluster-role";
import { createControlPlane } from "./control-plane";
import { CLUSTER_TAG, type EksClusterArgs } from "./eks-cluster-args";
import { supportWarning } from "./eks-cluster-validation";
import { createEncryptionKey } from "./encryption-key";
import { DEFAULT_LOG_RETENTION_DAYS } from "./log-retention";
import { createNetworkingAddOns } from "./networking-add-ons";
import { createNodeRole } from "./node-role";
import { Vpc } from "./vpc";
import { NatGateways } from "./vpc-args";

/** A cluster on EKS: how to reach it, and what others must know of it. */
export interface EksCluster {
  /** How to reach the cluster, as JSON; secret. */
  kubeconfig: pulumi.Output<string>;
  /** What lets the deploying identity reach the cluster, and must stay as long as something on it does. */
  access: pulumi.Resource[];
  facts: EksFacts;
}

/** Creates a cluster on EKS without nodes: network, key, roles, control plane, access, and what nodes need to start. */
export function createEksCluster(name: string, args: EksClusterArgs, parent: pulumi.Resource): EksCluster {
  const warning = supportWarning(args, new Date());
  if (warning !== undefined) void pulumi.log.warn(warning, parent);
  const { region, autoMode = false, sessionManager = false, kubernetesVersion = DEFAULT_KUBERNETES } = args;
  const clusterName = args.clusterName ?? name;
  const tags = { ...args.tags, [CLUSTER_TAG]: clusterName };
  const { vpcId, subnets } =
    args.existingVpc ?? new Vpc(`${name}-network`, { ...args.vpc, region, clusterName, tags }, { parent });
  const nodeRole = createNodeRole(`${name}-node`, { clusterName, region, sessionManager, tags }, parent);
  const kmsKeyArn =
    args.kmsKeyArn ??
    createEncryptionKey(`${name}-key`, { clusterName, region, roleArn: nodeRole.arn, tags }, parent).arn;

  // EKS would make the group itself, without tags and for ever.
  const logGroupName = `/aws/eks/${clusterName}/cluster`;
  const logs = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    {
      name: logGroupName,
      retentionInDays: args.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      tags: { ...tags, Name: logGroupName },
    },
    { parent },
  );
  const { role, rights } = createClusterRole(
    `${name}-role`,
    compact({ clusterName, region, autoMode, broughtKeyArn: args.kmsKeyArn, tags }),
    parent,
  );
  const subnetIds = subnets.map(({ subnetId }) => subnetId);
  const controlPlane = createControlPlane(
    `${name}-control-plane`,
    args,
    { clusterName, kubernetesVersion, vpcId, subnetIds, kmsKeyArn, role, tags },
    { parent, dependsOn: [logs, ...rights] },
  );
  const doors = openPrivateEndpoint(
    name,
    args.privateAccessCidrs ?? [],
    controlPlane.clusterSecurityGroupId,
    tags,
    parent,
  );

  const opts = { parent, dependsOn: [controlPlane.resource] };
  const access = { name, clusterName, region, tags, opts };
  const people = letPeopleIn(access, args);
  const nodesNeed = [
    letNodesIn(access, nodeRole.arn),
    ...createNetworkingAddOns({ name, clusterName, region, tags, ...opts }, args),
  ];
  const facts = {
    name: clusterName,
    clusterName: pulumi.all(nodesNeed.map((each) => each.clusterName)).apply(() => clusterName),
    region,
    kubernetesVersion,
    vpcId,
    subnets,
    clusterSecurityGroupId: controlPlane.clusterSecurityGroupId,
    nodeRoleArn: nodeRole.arn,
    nodeRoleName: nodeRole.name,
    kmsKeyArn,
    autoMode,
    isolated: args.existingVpc === undefined && args.vpc?.natGateways === NatGateways.none,
    tags,
  };
  return { kubeconfig: controlPlane.kubeconfig, access: [...doors, ...people], facts };
}

/** Lets networks beyond the nodes reach the endpoint inside the VPC. */
function openPrivateEndpoint(
  name: string,
  cidrs: string[],
  securityGroupId: pulumi.Output<string>,
  tags: Record<string, string>,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  return cidrs.map((cidr) => {
    const ruleName = `${name}-from-${cidr.replace(/[./]/g, "-")}`;
    return new aws.vpc.SecurityGroupIngressRule(
      ruleName,
      {
        securityGroupId,
        description: "Kubernetes API",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: cidr,
        tags: { ...tags, Name: ruleName },
      },
      { parent },
    );
  });
}
