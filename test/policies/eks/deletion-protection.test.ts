import { describe, expect, it } from "vitest";
import { deletionProtection } from "../../../policies/eks/deletion-protection";
import { judgementsOf } from "../judgements";
import { levelIn } from "../../../policies/engine/rule";
import { Subject } from "../../../policies/engine/subject";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

function resource(type: string, props: object = {}): TestResource {
  return { type, name: "data", props };
}

function judgedWith(isProtected: boolean | undefined, { type, props }: TestResource) {
  const facts = { type, name: "data", urn: "urn", props, ...(isProtected === undefined ? {} : { isProtected }) };
  return judgementsOf(deletionProtection, [new Subject(facts)], {});
}

const EFS = resource("aws:efs/fileSystem:FileSystem");

describe("EKS-08 protection from deletion", () => {
  it.each([
    ["a protected cluster", cluster({ deletionProtection: true })],
    ["a protected database", resource("aws:rds/instance:Instance", { deletionProtection: true })],
    ["a protected table", resource("aws:dynamodb/table:Table", { deletionProtectionEnabled: true })],
    ["what holds nothing", nodeGroup({})],
  ])("accepts %s", (_case, each) => {
    expect(analyze([deletionProtection], each)).toEqual([]);
  });

  it.each([cluster({}), resource("aws:rds/instance:Instance"), EFS])(
    "accepts what Pulumi refuses to delete: $type",
    (each) => {
      expect(judgedWith(true, each)).toEqual([]);
    },
  );

  it("says nothing of a file system where nobody tells whether Pulumi protects it", () => {
    expect(judgedWith(undefined, EFS)).toEqual([]);
  });

  it.each([
    [cluster({ deletionProtection: false }), "Cluster lab: deletionProtection is false"],
    [cluster({}), "Cluster lab: deletionProtection is absent, which means false"],
    [resource("aws:rds/cluster:Cluster"), "Cluster data: deletionProtection is absent, which means false"],
    [resource("aws:rds/instance:Instance"), "Instance data: deletionProtection is absent, which means false"],
    [resource("aws:dynamodb/table:Table"), "Table data: deletionProtectionEnabled is absent, which means false"],
  ])("refuses a resource without it: $type", (each, finding) => {
    expect(lines(analyze([deletionProtection], each))).toEqual([
      `advisory [EKS-08] ${finding}; allowed: true. Set it to true, or protect the resource in Pulumi.`,
    ]);
  });

  it.each([EFS, resource("aws:fsx/lustreFileSystem:LustreFileSystem")])(
    "refuses a file system that Pulumi does not protect: $type",
    (each) => {
      expect(lines(analyze([deletionProtection], each))).toEqual([
        `advisory [EKS-08] ${each.type.split(":").at(-1)!} data: protect is off; allowed: on for what cannot be had ` +
          "back. Set the resource option protect.",
      ]);
    },
  );

  it("leaves it to the update while it is not known", () => {
    expect(lines(analyze([deletionProtection], cluster({ deletionProtection: UNKNOWN_STRING })))).toEqual([
      notKnown("Cluster lab", "deletionProtection", deletionProtection),
    ]);
  });

  it("is not asked for in experiments", () => {
    expect(levelIn(deletionProtection, "dev")).toBe("disabled");
  });
});
