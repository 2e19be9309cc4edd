import { childAt, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import { textList } from "../engine/parameters";
import { undecided, type StackRule } from "../engine/rule";
import type { Subject } from "../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../engine/truth";
import { nameOfAwsPolicy } from "./managed-policies";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const INLINE_POLICY = "aws:iam/rolePolicy:RolePolicy";

/** Whatever role has one of these is one of nodes. */
const MARKS = ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"];

const nodePolicies = textList("a list of the names of AWS policies that the roles of nodes may have", [
  ...MARKS,
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEKS_CNI_Policy",
  "AmazonSSMManagedInstanceCore",
  "CloudWatchAgentServerPolicy",
]);

/**
 * EKS-06, over the stack: the role of nodes has the rights of a node, and pods have roles of their own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export const nodeRoleRights: StackRule<{ nodePolicies: string[] }> = {
  id: "EKS-06",
  title: "Pods have rights of their own, not those of their node",
  why: "What the role of a node may do, every pod on it that reaches the node's metadata may do as well.",
  remediation: "Give the rights to a role for the service account, by EKS Pod Identity or IRSA.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
  severity: "high",
  level: "advisory",
  family: "eks",
  parameters: { nodePolicies },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "5.2.1" }],
  examples: {
    bad: `
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: node
properties: { role: lab-node, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" }
---
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: data
properties: { role: lab-node, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
`,
    good: `
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: node
properties: { role: lab-node, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" }
---
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: data
properties: { role: trainer, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
`,
  },
  *judgeStack(subjects, { nodePolicies }) {
    const attachments = subjects.filter(({ type }) => type === ATTACHMENT);
    for (const subject of subjects) {
      const field = FIELDS.get(subject.type);
      if (field === undefined) continue;
      const role = childAt(subject.tree, "role");
      const others = attachments.filter((attachment) => attachment !== subject);
      const isOfNodes = anyOf(others.map((attachment) => marksAsNode(attachment, role)));
      const isForPods = allOf([isOfNodes, not(isForNodes(subject, nodePolicies))]);
      if (isUnknown(isForPods)) yield [subject, undecided(isUnknown(isOfNodes) ? "role" : field)];
      if (isForPods === true) {
        const observed = `${nameOf(subject)} on the role of nodes`;
        const remedy = "Give the rights to the pods that need them, by EKS Pod Identity.";
        yield [subject, { path: field, observed, allowed: "what nodes themselves need", remedy }];
      }
    }
  },
};

/** Where resources that give a role rights say which. */
const FIELDS = new Map([
  [ATTACHMENT, "policyArn"],
  [INLINE_POLICY, "policy"],
]);

function marksAsNode({ tree }: Subject, role: Tree): Truth {
  const arn = childAt(tree, "policyArn");
  const isMark: Truth = isUnknown(arn) ? UNKNOWN : MARKS.includes(nameOfAwsPolicy(arn) ?? "");
  return allOf([isMark, isOneOf(childAt(tree, "role"), role)]);
}

/** A policy that a role writes itself has no name that could be on the list. */
function isForNodes({ tree }: Subject, policies: string[]): Truth {
  const arn = childAt(tree, "policyArn");
  return isUnknown(arn) ? UNKNOWN : policies.includes(nameOfAwsPolicy(arn) ?? "");
}

function nameOf({ type, tree }: Subject): string {
  if (type === INLINE_POLICY) return "a policy of its own";
  return nameOfAwsPolicy(childAt(tree, "policyArn")) ?? "a policy of the account";
}
