import { childAt, isUnknown } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import { allOf, not, type Truth } from "../engine/truth";

const KEY = "remoteAccess.ec2SshKey";
const SOURCES = "remoteAccess.sourceSecurityGroupIds";

/**
 * EKS-05: nodes that can be logged in to by SSH say from where.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
 */
export const nodeSsh: ResourceRule = {
  id: "EKS-05",
  title: "SSH to nodes is open to named security groups only",
  why: "With a key and no source, EKS opens port 22 of every node of the group to the internet.",
  remediation: "Name `sourceSecurityGroupIds`, or leave `remoteAccess` out and use Systems Manager.",
  url: "https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: system
properties:
  remoteAccess: { ec2SshKey: operators }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: system
properties:
  remoteAccess: { ec2SshKey: operators, sourceSecurityGroupIds: [sg-0a1b2c3d] }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/nodeGroup:NodeGroup") return;
    const access = childAt(tree, "remoteAccess");
    const [key, sources] = [childAt(access, "ec2SshKey"), childAt(access, "sourceSecurityGroupIds")];
    const hasKey: Truth = isUnknown(key) ? key : typeof key === "string" && key !== "";
    const isNamed: Truth = isUnknown(sources) ? sources : Array.isArray(sources) && sources.length > 0;
    const isOpen = allOf([hasKey, not(isNamed)]);
    if (isUnknown(isOpen)) yield undecided(isUnknown(key) ? KEY : SOURCES);
    if (isOpen === true) {
      yield {
        path: SOURCES,
        observed: "empty, which opens port 22 to 0.0.0.0/0",
        allowed: "at least one security group beside an ec2SshKey",
        remedy: "Name the security groups to log in from, or remove remoteAccess.",
      };
    }
  },
};
