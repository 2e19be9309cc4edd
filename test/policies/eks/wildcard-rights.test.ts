import { describe, expect, it } from "vitest";
import { wildcardRights } from "../../../policies/eks/wildcard-rights";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { notKnown } from "./resources";

const ARN = "arn:aws:s3:::runs/*";

function policy(statement: unknown, type = "aws:iam/rolePolicy:RolePolicy"): TestResource {
  const document = { Version: "2012-10-17", Statement: statement };
  return { type, name: "trainer", props: { policy: JSON.stringify(document) } };
}

function allow(fields: object): object {
  return { Effect: "Allow", Resource: "*", ...fields };
}

function messageFor(object: string, path: string, observed: string): string {
  return (
    `mandatory [EKS-06] ${object}: ${path} is ${observed} on all resources; allowed: single actions, or a service on ` +
    "named resources. List the actions that the program calls, and the ARNs of what it works on."
  );
}

describe("EKS-06 wildcard rights", () => {
  it.each<[string, TestResource]>([
    ["single actions on all resources", policy([allow({ Action: ["ec2:DescribeImages", "ec2:Describe*"] })])],
    ["a service on named resources", policy([allow({ Action: "s3:*", Resource: [ARN] })])],
    ["everything on named resources", policy([allow({ Action: "*", Resource: ARN })])],
    [
      "a service on all resources under a condition",
      policy([allow({ Action: "ec2:*", Condition: { Bool: { a: "b" } } })]),
    ],
    ["what is denied", policy([allow({ Effect: "Deny", Action: "*" }), allow({ Effect: "Deny", NotAction: "iam:*" })])],
    ["nothing but an effect", policy([allow({})])],
    ["actions without resources", policy([{ Effect: "Allow", Action: "*" }])],
    ["an empty exception from resources", policy([{ Effect: "Allow", Action: "*", NotResource: [] }])],
    ["actions that are no text", policy([allow({ Action: [1, null, {}, ["*"]] })])],
    [
      "null for what is absent",
      policy([allow({ Action: "s3:GetObject", NotAction: null, NotResource: null, Condition: null })]),
    ],
    [
      "a service on named resources beside null for what is absent",
      policy([allow({ Action: "s3:*", Resource: ARN, NotResource: null })]),
    ],
    ["statements that are none", policy([null, "Allow"])],
    ["one that is none", policy("Allow")],
    ["no statements", policy(undefined)],
    ["text that is no JSON", { type: "aws:iam/policy:Policy", props: { policy: "{" } }],
    ["no policy", { type: "aws:iam/policy:Policy", props: {} }],
    [
      "a role without policies of its own",
      { type: "aws:iam/role:Role", props: { policy: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' } },
    ],
    ["the policy of a key, which is about that key", policy([allow({ Action: "kms:*" })], "aws:kms/key:Key")],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([wildcardRights], resource)).toEqual([]);
  });

  it.each<[string, TestResource, string, string]>([
    ["everything", policy(allow({ Action: "*" })), "policy#Statement.Action", '"*"'],
    ["everything of every service", policy([allow({ Action: "*:*" })]), "policy#Statement[0].Action", '"*:*"'],
    [
      "everything under a condition",
      policy([allow({ Action: "*", Condition: { Bool: {} } })]),
      "policy#Statement[0].Action",
      '"*"',
    ],
    ["a service", policy([allow({ Action: ["s3:*"], Resource: ["*"] })]), "policy#Statement[0].Action", '"s3:*"'],
    ["a service with two asterisks", policy([allow({ Action: "s3:**" })]), "policy#Statement[0].Action", '"s3:**"'],
    [
      "a service with an empty condition",
      policy([allow({ Action: "s3:*", Condition: {} })]),
      "policy#Statement[0].Action",
      '"s3:*"',
    ],
    [
      "a service on all resources beside one",
      policy([{}, allow({ Action: "s3:*", Resource: [ARN, "*"] })]),
      "policy#Statement[1].Action",
      '"s3:*"',
    ],
    [
      "a service on all resources but some",
      policy([{ Effect: "Allow", Action: "s3:*", NotResource: ARN }]),
      "policy#Statement[0].Action",
      '"s3:*"',
    ],
    [
      "all but some actions",
      policy([allow({ NotAction: ["iam:*"] })]),
      "policy#Statement[0].NotAction",
      "all but some actions",
    ],
    [
      "all but one action",
      policy([allow({ NotAction: "iam:*" })]),
      "policy#Statement[0].NotAction",
      "all but some actions",
    ],
  ])("refuses %s", (_case, resource, path, observed) => {
    expect(lines(analyze([wildcardRights], resource))).toEqual([messageFor("RolePolicy trainer", path, observed)]);
  });

  it.each(["aws:iam/policy:Policy", "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy"])(
    "reads policies of type %s",
    (type) => {
      expect(analyze([wildcardRights], policy([allow({ Action: "*" })], type))).toHaveLength(1);
    },
  );

  it("reads policies inside roles, and such as are no text", () => {
    const Statement = [allow({ Action: "s3:*" })];
    const inlinePolicies = [{}, { policy: JSON.stringify({ Statement }) }, { policy: { Statement } }];
    const role = { type: "aws:iam/role:Role", name: "trainer", props: { inlinePolicies } };

    expect(lines(analyze([wildcardRights], role))).toEqual([
      messageFor("Role trainer", "inlinePolicies[1].policy#Statement[0].Action", '"s3:*"'),
      messageFor("Role trainer", "inlinePolicies[2].policy.Statement[0].Action", '"s3:*"'),
    ]);
  });

  it("names each action", () => {
    const found = lines(analyze([wildcardRights], policy([allow({ Action: ["s3:*", "s3:GetObject", "ec2:*"] })])));

    expect(found).toEqual(
      ['"s3:*"', '"ec2:*"'].map((action) => messageFor("RolePolicy trainer", "policy#Statement[0].Action", action)),
    );
  });

  it("lets pass what configuration names", () => {
    const config = { eks: { rules: { "EKS-06": { actions: ["ec2:*"] } } } };
    const found = lines(analyze([wildcardRights], policy([allow({ Action: ["ec2:*", "s3:*"] })]), config));

    expect(found).toEqual([messageFor("RolePolicy trainer", "policy#Statement[0].Action", '"s3:*"')]);
  });

  it.each<[string, TestResource, string]>([
    [
      "the policy",
      { type: "aws:iam/policy:Policy", name: "it", props: { policy: UNKNOWN_STRING } },
      "Policy it: policy",
    ],
    [
      "the statements of one that is no text",
      { type: "aws:iam/policy:Policy", name: "it", props: { policy: { Statement: UNKNOWN_STRING } } },
      "Policy it: policy.Statement",
    ],
    [
      "one statement",
      { type: "aws:iam/policy:Policy", name: "it", props: { policy: { Statement: [UNKNOWN_STRING] } } },
      "Policy it: policy.Statement[0]",
    ],
    [
      "an action",
      {
        type: "aws:iam/policy:Policy",
        name: "it",
        props: { policy: { Statement: [allow({ Action: UNKNOWN_STRING })] } },
      },
      "Policy it: policy.Statement[0].Action",
    ],
    [
      "the condition",
      {
        type: "aws:iam/policy:Policy",
        name: "it",
        props: { policy: { Statement: [allow({ Action: "s3:*", Condition: UNKNOWN_STRING })] } },
      },
      "Policy it: policy.Statement[0].Action",
    ],
    [
      "the policies of a role",
      { type: "aws:iam/role:Role", name: "it", props: { inlinePolicies: UNKNOWN_STRING } },
      "Role it: inlinePolicies",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    const [object = "", path = ""] = where.split(": ");

    expect(lines(analyze([wildcardRights], resource))).toEqual([notKnown(object, path, wildcardRights)]);
  });
});
