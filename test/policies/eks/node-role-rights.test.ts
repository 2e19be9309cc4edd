import { describe, expect, it } from "vitest";
import { STACK_POLICY } from "../../../policies/engine/policy-name";
import { nodeRoleRights } from "../../../policies/eks/node-role-rights";
import { analyzeStack, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { notKnownInStack } from "./resources";

function attached(policy: unknown, role: unknown = "lab-node", name = "it"): TestResource {
  const policyArn = typeof policy === "string" && !policy.includes("-") ? `arn:aws:iam::aws:policy/${policy}` : policy;
  return { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, props: { role, policyArn } };
}

function inline(role: unknown): TestResource {
  return { type: "aws:iam/rolePolicy:RolePolicy", name: "it", props: { role, policy: "{}" } };
}

const NODE = attached("AmazonEKSWorkerNodePolicy", "lab-node", "node");
const OF_ACCOUNT = "arn:aws:iam::123456789012:policy/data";

function messageFor(object: string, path: string, observed: string): string {
  return (
    `advisory [EKS-06] ${object}: ${path} is ${observed} on the role of nodes; allowed: what nodes themselves need. ` +
    "Give the rights to the pods that need them, by EKS Pod Identity."
  );
}

describe("EKS-06 rights of nodes", () => {
  it.each<[string, TestResource[]]>([
    ["what nodes need", [NODE, attached("AmazonEC2ContainerRegistryPullOnly"), attached("AmazonEKS_CNI_Policy")]],
    ["rights of another role", [NODE, attached("AmazonS3ReadOnlyAccess", "trainer"), inline("trainer")]],
    ["rights of a role that is none of nodes", [attached("AmazonS3ReadOnlyAccess"), inline("lab-node")]],
    ["rights of another role that are not known", [NODE, attached(UNKNOWN_STRING, "trainer")]],
    [
      "other resources that name the role",
      [NODE, { ...attached("AmazonS3ReadOnlyAccess"), type: "aws:iam/instanceProfile:InstanceProfile" }],
    ],
    [
      "a role of nodes by what is no attachment",
      [{ ...NODE, type: "aws:iam/userPolicyAttachment:UserPolicyAttachment" }, inline("lab-node")],
    ],
    ["what nodes need, whoever has it", [NODE, attached("AmazonEKS_CNI_Policy", UNKNOWN_STRING)]],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([nodeRoleRights], resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "another policy of AWS",
      [NODE, attached("AmazonS3ReadOnlyAccess")],
      messageFor("RolePolicyAttachment it", "policyArn", "AmazonS3ReadOnlyAccess"),
    ],
    [
      "a policy of the account",
      [attached(OF_ACCOUNT), NODE],
      messageFor("RolePolicyAttachment it", "policyArn", "a policy of the account"),
    ],
    ["a policy of its own", [NODE, inline("lab-node")], messageFor("RolePolicy it", "policy", "a policy of its own")],
    [
      "nodes of EKS Auto Mode",
      [attached("AmazonEKSWorkerNodeMinimalPolicy"), inline("lab-node")],
      messageFor("RolePolicy it", "policy", "a policy of its own"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(lines(analyzeStack([nodeRoleRights], resources))).toEqual([message]);
  });

  it.each([
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
  ])("lets nodes have %s", (policy) => {
    expect(analyzeStack([nodeRoleRights], [NODE, attached(policy)])).toEqual([]);
  });

  it("lets pass what configuration names, and nothing else", () => {
    const rules = { "EKS-06": { nodePolicies: ["AmazonEKSWorkerNodePolicy", "AmazonS3ReadOnlyAccess"] } };
    const resources = [NODE, attached("AmazonS3ReadOnlyAccess"), attached("AmazonEKS_CNI_Policy")];
    const config = { [STACK_POLICY]: { rules } };

    expect(lines(analyzeStack([nodeRoleRights], resources, config))).toEqual([
      messageFor("RolePolicyAttachment it", "policyArn", "AmazonEKS_CNI_Policy"),
    ]);
  });

  it.each<[string, TestResource[], string, string]>([
    ["the role of a policy", [NODE, inline(UNKNOWN_STRING)], "RolePolicy it", "role"],
    [
      "the role of nodes",
      [attached("AmazonEKSWorkerNodePolicy", UNKNOWN_STRING), inline("lab-node")],
      "RolePolicy it",
      "role",
    ],
    [
      "whether the role is one of nodes",
      [attached(UNKNOWN_STRING), inline("lab-node")].reverse(),
      "RolePolicy it",
      "role",
    ],
    ["what the role is given", [NODE, attached(UNKNOWN_STRING)], "RolePolicyAttachment it", "policyArn"],
  ])("leaves it to the update while %s is not known", (_case, resources, object, path) => {
    expect(lines(analyzeStack([nodeRoleRights], resources))).toContain(notKnownInStack(object, path, nodeRoleRights));
  });
});
