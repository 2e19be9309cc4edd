import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterInputs } from "./cluster-inputs";

/** The security group that `eks.Cluster` makes for nodes, and the rule that lets them reach the control plane. */
export interface NodeGroup {
  group: aws.ec2.SecurityGroup;
  ingressRule: aws.ec2.SecurityGroupRule;
}

/** Whom a rule of a security group is about. */
type Peer = Pick<aws.ec2.SecurityGroupRuleArgs, "cidrBlocks" | "self" | "sourceSecurityGroupId">;

const ANYWHERE: Peer = { cidrBlocks: ["0.0.0.0/0"] };
const ALL_PORTS: [number, number] = [0, 0];

/** Makes the security group of the control plane, with leave to go anywhere. */
export function createControlPlaneGroup(
  name: string,
  { vpcId, tags, clusterSecurityGroupTags }: ClusterInputs,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const groupName = `${name}-eksClusterSecurityGroup`;
  const allTags = pulumi
    .all([tags, clusterSecurityGroupTags])
    .apply(([common, own]) => ({ Name: groupName, ...own, ...common }));
  const group = new aws.ec2.SecurityGroup(groupName, { vpcId, revokeRulesOnDelete: true, tags: allTags }, { parent });
  createRule(`${name}-eksClusterInternetEgressRule`, "egress", group, ANYWHERE, ALL_PORTS, parent);
  return group;
}

/** Makes the security group of nodes, with the rules between them and the control plane. */
export function createNodeGroup(
  name: string,
  { vpcId, tags, nodeSecurityGroupTags }: ClusterInputs,
  cluster: aws.eks.Cluster,
  controlPlane: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): NodeGroup {
  const groupName = `${name}-nodeSecurityGroup`;
  const allTags = pulumi.all([tags, nodeSecurityGroupTags, cluster.name]).apply(([common, own, clusterName]) => ({
    Name: groupName,
    [`kubernetes.io/cluster/${clusterName}`]: "owned",
    ...own,
    ...common,
  }));
  const group = new aws.ec2.SecurityGroup(groupName, { vpcId, revokeRulesOnDelete: true, tags: allTags }, { parent });
  const [nodes, masters]: Peer[] = [{ sourceSecurityGroupId: group.id }, { sourceSecurityGroupId: controlPlane.id }];
  createRule(`${name}-eksNodeIngressRule`, "ingress", group, { self: true }, ALL_PORTS, parent);
  createRule(`${name}-eksNodeClusterIngressRule`, "ingress", group, masters!, [1025, 65535], parent);
  createRule(`${name}-eksExtApiServerClusterIngressRule`, "ingress", group, masters!, [443, 443], parent);
  createRule(`${name}-eksNodeInternetEgressRule`, "egress", group, ANYWHERE, ALL_PORTS, parent);
  const ingressRule = createRule(`${name}-eksClusterIngressRule`, "ingress", controlPlane, nodes!, [443, 443], parent);
  return { group, ingressRule };
}

function createRule(
  name: string,
  type: "ingress" | "egress",
  { id: securityGroupId }: aws.ec2.SecurityGroup,
  peer: Peer,
  [fromPort, toPort]: [number, number],
  parent: pulumi.Resource,
): aws.ec2.SecurityGroupRule {
  const protocol = toPort === 0 ? "-1" : "tcp";
  return new aws.ec2.SecurityGroupRule(
    name,
    { type, securityGroupId, fromPort, toPort, protocol, ...peer },
    { parent },
  );
}
