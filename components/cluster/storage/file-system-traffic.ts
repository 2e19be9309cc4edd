import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";

/** Who begins a connection, and who takes it. */
interface Flow {
  from: "nodes" | "servers";
  to: "nodes" | "servers";
}

interface PortRange {
  from: number;
  to: number;
}

/** What may pass between the nodes and the servers of a file system, all of it TCP. */
export interface FileSystemTraffic {
  flows: Flow[];
  ports: PortRange[];
}

/** @see https://docs.aws.amazon.com/efs/latest/ug/network-access.html: clients connect to NFS */
export const NFS_TRAFFIC: FileSystemTraffic = {
  flows: [{ from: "nodes", to: "servers" }],
  ports: [{ from: 2049, to: 2049 }],
};

/**
 * Lustre's servers talk among themselves and connect back to their clients.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html
 */
export const LUSTRE_TRAFFIC: FileSystemTraffic = {
  flows: [
    { from: "nodes", to: "servers" },
    { from: "servers", to: "servers" },
    { from: "servers", to: "nodes" },
  ],
  ports: [
    { from: 988, to: 988 },
    { from: 1018, to: 1023 },
  ],
};

/** A security group, and the rules without which it is shut. */
export interface FileSystemGroup {
  id: pulumi.Output<string>;
  rules: pulumi.Resource[];
}

/**
 * A security group for the servers of a file system that the nodes reach, and nobody else.
 *
 * What is not listed cannot leave it either. The group of the nodes lets everything out, as EKS makes it, but in only what
 * comes from its own members, so what servers begin is let into it.
 */
export function createFileSystemGroup(
  name: string,
  eks: EksFacts,
  traffic: FileSystemTraffic,
  parent: pulumi.Resource,
): FileSystemGroup {
  const group = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    {
      description: `File system ${name} of the cluster ${eks.name}`,
      vpcId: eks.vpcId,
      tags: { ...eks.tags, Name: `${name}-security-group` },
    },
    { parent },
  );
  const groupIds = { nodes: eks.clusterSecurityGroupId, servers: group.id };
  const rules = traffic.flows.flatMap((flow) =>
    traffic.ports.flatMap((range) => {
      const ruleName = `${name}-${flow.from}-to-${flow.to}-${range.from}`;
      const rule = (direction: string) => ({
        description: `${flow.from} to ${flow.to} of the file system ${name}`,
        ipProtocol: "tcp",
        fromPort: range.from,
        toPort: range.to,
        tags: { ...eks.tags, Name: `${ruleName}-${direction}` },
      });
      const [source, target] = [groupIds[flow.from], groupIds[flow.to]];
      const inbound = new aws.vpc.SecurityGroupIngressRule(
        `${ruleName}-in`,
        { ...rule("in"), securityGroupId: target, referencedSecurityGroupId: source },
        { parent },
      );
      if (flow.from === "nodes") return [inbound];
      const outbound = new aws.vpc.SecurityGroupEgressRule(
        `${ruleName}-out`,
        { ...rule("out"), securityGroupId: source, referencedSecurityGroupId: target },
        { parent },
      );
      return [inbound, outbound];
    }),
  );
  return { id: group.id, rules };
}
