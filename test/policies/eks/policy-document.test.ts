import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { itemsOf, statementsOf } from "../../../policies/eks/policy-document";
import { subjectsOf } from "../../../policies/engine/written-resource";

function statementsIn(type: string, properties: TreeObject) {
  return statementsOf(subjectsOf([{ type, name: "it", properties }])[0]!);
}

const DENY = { Effect: "Deny" };

describe("IAM policies", () => {
  it.each([
    ["text", JSON.stringify({ Statement: [DENY, DENY] }), ["policy#Statement[0]", "policy#Statement[1]"]],
    ["one statement as text", JSON.stringify({ Statement: DENY }), ["policy#Statement"]],
    ["an object", { Statement: [DENY] }, ["policy.Statement[0]"]],
    ["one statement of an object", { Statement: DENY }, ["policy.Statement"]],
    ["null for statements", { Statement: null }, []],
    ["an object without statements", {}, []],
    ["text that is no JSON", "{", []],
    ["text that is null", "null", []],
    ["no policy", undefined, []],
  ])("reads the statements of %s", (_case, policy, paths) => {
    const statements = statementsIn("aws:iam/policy:Policy", { policy });

    expect(statements).toEqual(paths.map((path) => ({ path, statement: DENY })));
  });

  it.each<[string, TreeObject, string]>([
    ["a policy", { policy: UNKNOWN }, "policy"],
    ["statements", { policy: { Statement: UNKNOWN } }, "policy.Statement"],
    ["a statement", { policy: { Statement: [UNKNOWN] } }, "policy.Statement[0]"],
  ])("knows nothing of %s not known yet", (_case, properties, path) => {
    expect(statementsIn("aws:iam/policy:Policy", properties)).toEqual([{ path, statement: UNKNOWN }]);
  });

  it.each([
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
  ])("reads %s", (type) => {
    expect(statementsIn(type, { policy: { Statement: DENY } })).toHaveLength(1);
  });

  it("knows nothing of the policies of a role that are not known yet", () => {
    expect(statementsIn("aws:iam/role:Role", { inlinePolicies: UNKNOWN })).toEqual([
      { path: "inlinePolicies", statement: UNKNOWN },
    ]);
  });

  it("reads the policies of roles, and of nothing else that lists some", () => {
    const properties = { inlinePolicies: [{ policy: { Statement: DENY } }] };

    expect(statementsIn("aws:iam/role:Role", properties)).toEqual([
      { path: "inlinePolicies[0].policy.Statement", statement: DENY },
    ]);
    expect(statementsIn("aws:kms/key:Key", properties)).toEqual([]);
  });

  it.each([
    [undefined, []],
    [null, []],
    ["s3:*", ["s3:*"]],
    [
      ["s3:*", "ec2:*"],
      ["s3:*", "ec2:*"],
    ],
    [[], []],
  ])("lists the items of %j", (field, items) => {
    expect(itemsOf(field)).toEqual(items);
  });
});
