import { describe, expect, it } from "vitest";
import { managedPolicies } from "../../../policies/eks/managed-policies";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { notKnown } from "./resources";

function attached(policyArn: unknown, type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"): TestResource {
  return { type, name: "trainer", props: { role: "trainer", policyArn } };
}

function role(managedPolicyArns: unknown): TestResource {
  return { type: "aws:iam/role:Role", name: "trainer", props: { managedPolicyArns } };
}

function messageFor(object: string, path: string, name: string): string {
  return (
    `mandatory [EKS-06] ${object}: ${path} is ${name}; allowed: policies without full access. ` +
    "Attach a policy with the actions that are needed, on the resources that are needed."
  );
}

describe("EKS-06 policies of AWS", () => {
  it.each([
    ["a policy that reads", attached("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")],
    ["one that AWS made for nodes", attached("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy")],
    ["one that AWS documents for a driver", attached("arn:aws:iam::aws:policy/AmazonFSxFullAccess")],
    ["one of the account, whatever its name", attached("arn:aws:iam::123456789012:policy/S3FullAccess")],
    ["a name in the middle", attached("arn:aws:iam::aws:policy/AmazonS3FullAccessReader")],
    ["what is no ARN", attached("AdministratorAccess")],
    ["what is no text", attached(1)],
    ["a role without policies", role(undefined)],
    ["a role with others", role(["arn:aws:iam::aws:policy/ReadOnlyAccess"])],
    ["a resource of another type", attached("arn:aws:iam::aws:policy/AdministratorAccess", "aws:iam/policy:Policy")],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([managedPolicies], resource)).toEqual([]);
  });

  it.each([
    ["arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess"],
    ["arn:aws:iam::aws:policy/AdministratorAccess-Amplify", "AdministratorAccess-Amplify"],
    ["arn:aws-cn:iam::aws:policy/PowerUserAccess", "PowerUserAccess"],
    ["arn:aws-us-gov:iam::aws:policy/job-function/SystemAdministrator", "SystemAdministrator"],
    ["arn:aws:iam::aws:policy/AmazonS3FullAccess", "AmazonS3FullAccess"],
    ["arn:aws:iam::aws:policy/AWSLambda_FullAccess", "AWSLambda_FullAccess"],
    ["arn:aws:iam::aws:policy/CloudWatchFullAccessV2", "CloudWatchFullAccessV2"],
  ])("refuses %s", (arn, name) => {
    expect(lines(analyze([managedPolicies], attached(arn)))).toEqual([
      messageFor("RolePolicyAttachment trainer", "policyArn", name),
    ]);
  });

  it.each([
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  ])("reads %s", (type) => {
    expect(analyze([managedPolicies], attached("arn:aws:iam::aws:policy/IAMFullAccess", type))).toHaveLength(1);
  });

  it("reads what roles list themselves, or exclusively", () => {
    const arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/IAMFullAccess"];
    const exclusive = {
      type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      name: "all",
      props: { policyArns: arns },
    };

    expect(lines([...analyze([managedPolicies], role(arns)), ...analyze([managedPolicies], exclusive)])).toEqual([
      messageFor("Role trainer", "managedPolicyArns[1]", "IAMFullAccess"),
      messageFor("RolePolicyAttachmentsExclusive all", "policyArns[1]", "IAMFullAccess"),
    ]);
  });

  it("lets pass what configuration names, and nothing else", () => {
    const config = { eks: { rules: { "EKS-06": { policies: ["AmazonS3FullAccess"] } } } };

    expect(analyze([managedPolicies], attached("arn:aws:iam::aws:policy/AmazonS3FullAccess"), config)).toEqual([]);
    expect(analyze([managedPolicies], attached("arn:aws:iam::aws:policy/AmazonFSxFullAccess"), config)).toHaveLength(1);
  });

  it.each([
    ["the policy", attached(UNKNOWN_STRING), "RolePolicyAttachment trainer", "policyArn"],
    ["the policies of a role", role(UNKNOWN_STRING), "Role trainer", "managedPolicyArns"],
    [
      "one of them",
      role(["arn:aws:iam::aws:policy/ReadOnlyAccess", UNKNOWN_STRING]),
      "Role trainer",
      "managedPolicyArns[1]",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([managedPolicies], resource))).toEqual([notKnown(object, path, managedPolicies)]);
  });
});
