import { arrayAt, childAt, isUnknown, nodeAt, type Tree } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import type { Subject } from "../engine/subject";

/**
 * EKS-05: nodes have no addresses in the internet.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#specassociatepublicipaddress (Karpenter 1.14)
 */
export const publicAddresses: ResourceRule = {
  id: "EKS-05",
  title: "Nodes have no public addresses",
  why: "A node with a public address is one wrong rule of a security group away from the internet.",
  remediation: "Start nodes in private subnets without public addresses; they reach out by a NAT gateway or endpoints.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "5.4.3" }],
  examples: {
    bad: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: system
properties:
  networkInterfaces: [{ associatePublicIpAddress: "true" }]
`,
    good: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: system
properties:
  networkInterfaces: [{ associatePublicIpAddress: "false" }]
`,
  },
  *judge(subject) {
    for (const [path, leaf] of switchesOf(subject)) {
      if (isUnknown(leaf)) yield undecided(path);
      if (leaf === true || leaf === "true") {
        yield { path, observed: "true", allowed: "false", remedy: "Set it to false, and use private subnets." };
      }
    }
  },
};

/** Where each kind of object that describes nodes may give them public addresses. */
function switchesOf(subject: Subject): [path: string, leaf: Tree][] {
  const { tree } = subject;
  if (subject.is("karpenter.k8s.aws/EC2NodeClass")) return [switchAt(tree, "spec.associatePublicIPAddress")];
  if (subject.is("eks.amazonaws.com/NodeClass")) {
    return [switchAt(tree, "spec.advancedNetworking.associatePublicIPAddress")];
  }
  if (subject.type !== "aws:ec2/launchTemplate:LaunchTemplate") return [];
  if (isUnknown(childAt(tree, "networkInterfaces"))) return [switchAt(tree, "networkInterfaces")];
  return arrayAt(tree, "networkInterfaces").map((each, index) => [
    `networkInterfaces[${index}].associatePublicIpAddress`,
    childAt(each, "associatePublicIpAddress"),
  ]);
}

function switchAt(tree: Tree, path: string): [path: string, leaf: Tree] {
  return [path, nodeAt(tree, path)];
}
