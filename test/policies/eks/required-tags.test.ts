import { describe, expect, it } from "vitest";
import { requiredTags } from "../../../policies/eks/required-tags";
import { judgementsOf } from "../judgements";
import { subjectsOf } from "../../../policies/engine/written-resource";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { notKnown } from "./resources";

function bucket(tags: unknown, type = "aws:s3/bucket:Bucket"): TestResource {
  return { type, name: "models", props: { tags } };
}

function judged(resource: TestResource, tags: object = { team: "", "cost:centre": "" }): string[] {
  return lines(analyze([requiredTags], resource, { eks: { rules: { "EKS-08": { level: "mandatory", tags } } } }));
}

function messageFor(path: string): string {
  return `mandatory [EKS-08] Bucket models: ${path} is absent; allowed: a value. Set the tag.`;
}

describe("EKS-08 tags", () => {
  it.each([
    ["all tags", bucket({ team: "vision", "cost:centre": "42", other: "" })],
    ["a type without tags", bucket({}, "aws:s3/bucketPolicy:BucketPolicy")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(resource)).toEqual([]);
  });

  it.each([
    ["no tags", undefined, ["tags.team", 'tags["cost:centre"]']],
    ["null", null, ["tags.team", 'tags["cost:centre"]']],
    ["one tag", { team: "vision" }, ['tags["cost:centre"]']],
    ["an empty tag", { team: "", "cost:centre": "42" }, ["tags.team"]],
    ["a tag that is null", { team: null, "cost:centre": "42" }, ["tags.team"]],
  ])("refuses %s", (_case, tags, paths) => {
    expect(judged(bucket(tags))).toEqual(paths.map(messageFor));
  });

  it("is off until configuration asks for it", () => {
    expect(analyze([requiredTags], bucket({}))).toEqual([]);
  });

  it.each([
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:dynamodb/table:Table",
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:eks/addon:Addon",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:kms/key:Key",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:sqs/queue:Queue",
  ])("asks for tags of %s", (type) => {
    expect(judged(bucket({ team: "vision" }, type))).toHaveLength(1);
  });

  it("adds a tag only where configuration gives it a value", () => {
    const [subject] = subjectsOf([{ type: "aws:s3/bucket:Bucket", name: "models", properties: {} }]);

    const judgements = judgementsOf(requiredTags, [subject!], { tags: { team: "", "managed-by": "pulumi" } });

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([
      undefined,
      [{ path: "tags.managed-by", value: "pulumi" }],
    ]);
  });

  it.each([
    [{ team: "" }, true],
    [{}, true],
    [{ team: 1 }, false],
    [["team"], false],
    ["team", false],
  ])("tells whether %j are tags", (value, accepted) => {
    expect(requiredTags.parameters.tags.accepts(value)).toBe(accepted);
  });

  it.each([
    ["the tags", UNKNOWN_STRING, "tags.team"],
    ["a tag", { team: UNKNOWN_STRING }, "tags.team"],
  ])("leaves it to the update while %s is not known", (_case, tags, path) => {
    expect(judged(bucket(tags), { team: "" })).toEqual([notKnown("Bucket models", path, requiredTags)]);
  });
});
