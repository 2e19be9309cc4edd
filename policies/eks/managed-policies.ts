import { arrayAt, childAt, isUnknown, type Tree } from "../../components/model";
import { textList } from "../engine/parameters";
import { undecided, type ResourceRule } from "../engine/rule";
import type { Subject } from "../engine/subject";

/** Where a policy is kept says who maintains it; those of AWS have no account. */
const OF_AWS = /^arn:[\w-]+:iam::aws:policy\/(?:[\w-]+\/)*(?<name>[^/]+)$/;

/** Policies of AWS that grant all or most of what an account or a service has. */
const TOO_WIDE = /^(AdministratorAccess.*|PowerUserAccess|SystemAdministrator|.*FullAccess(V\d+)?)$/;

const policies = textList(
  "a list of the names of AWS policies that roles may have although they grant a whole service",
  // What AWS documents for the CSI driver of FSx for Lustre.
  ["AmazonFSxFullAccess"],
);

/**
 * EKS-06: roles hold no policies of AWS that make them administrators of the account or of a service.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
 */
export const managedPolicies: ResourceRule<{ policies: string[] }> = {
  id: "EKS-06",
  title: "Roles are administrators of nothing",
  why: "Such policies include rights to delete data, to read all of it, and often to make oneself further rights.",
  remediation: "Write a policy with the actions that the program calls, on the resources that it works on.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: { policies },
  examples: {
    bad: `
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: trainer
properties: { role: trainer, policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }
`,
    good: `
type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
name: trainer
properties: { role: trainer, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
`,
  },
  *judge(subject, { policies }) {
    for (const [path, arn] of arnsOf(subject)) {
      if (isUnknown(arn)) yield undecided(path);
      const name = nameOfAwsPolicy(arn) ?? "";
      if (TOO_WIDE.test(name) && !policies.includes(name)) {
        yield {
          path,
          observed: name,
          allowed: "policies without full access",
          remedy: "Attach a policy with the actions that are needed, on the resources that are needed.",
        };
      }
    }
  },
};

/** The name of a policy that AWS maintains; undefined for policies of an account. */
export function nameOfAwsPolicy(arn: Tree): string | undefined {
  return typeof arn === "string" ? OF_AWS.exec(arn)?.groups?.["name"] : undefined;
}

/** Resources that hand one policy to someone. */
const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
];

/** Resources that hand several policies to a role, with the field that lists them. */
const LISTS = new Map([
  ["aws:iam/role:Role", "managedPolicyArns"],
  ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns"],
]);

function arnsOf({ type, tree }: Subject): [path: string, arn: Tree][] {
  if (ATTACHMENTS.includes(type)) return [["policyArn", childAt(tree, "policyArn")]];
  const field = LISTS.get(type);
  if (field === undefined) return [];
  if (isUnknown(childAt(tree, field))) return [[field, childAt(tree, field)]];
  return arrayAt(tree, field).map((arn, index) => [`${field}[${index}]`, arn]);
}
