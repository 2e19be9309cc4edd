import { childAt, isTreeObject, isUnknown } from "../../components/model";
import { pathBelow } from "../engine/path";
import { undecided, type Judgement, type Parameter, type ResourceRule } from "../engine/rule";

/** Types of resources that ML stacks are made of and that take tags. */
const TAGGABLE = new Set([
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
]);

const tags: Parameter<Record<string, string>> = {
  description: 'tags that resources must have, each with the value that a fix gives it, or with "" for no fix',
  default: { "managed-by": "pulumi" },
  schema: { type: "object", additionalProperties: { type: "string" } },
  accepts: (value) => isTreeObject(value) && Object.values(value).every((each) => typeof each === "string"),
};

/**
 * EKS-08: resources carry the tags that an organisation asks for; which ones, configuration says.
 *
 * Default tags of the provider count, as Pulumi adds them before policies see a resource.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
 */
export const requiredTags: ResourceRule<{ tags: Record<string, string> }> = {
  id: "EKS-08",
  title: "Resources carry the tags that are asked for",
  why: "Costs and owners of what has no tags can be told only by asking around.",
  remediation: "Set the tags on the resource, or once for all as `defaultTags` of the provider.",
  url: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  severity: "medium",
  level: "disabled",
  family: "eks",
  parameters: { tags },
  fix: "adds the tags that are missing, where configuration gives them a value",
  examples: {
    bad: `
type: aws:s3/bucket:Bucket
name: models
properties:
  tags: { team: vision }
`,
    good: `
type: aws:s3/bucket:Bucket
name: models
properties:
  tags: { team: vision, managed-by: pulumi }
`,
  },
  *judge({ type, tree }, { tags }) {
    if (!TAGGABLE.has(type)) return;
    for (const [tag, value] of Object.entries(tags)) {
      const path = pathBelow("tags", tag);
      const given = childAt(childAt(tree, "tags"), tag);
      if (isUnknown(given)) yield undecided(path);
      else if (given === undefined || given === null || given === "") yield missing(path, value);
    }
  },
};

function missing(path: string, value: string): Judgement {
  const violation = { path, observed: "absent", allowed: "a value", remedy: "Set the tag." };
  return value === "" ? violation : { ...violation, fix: [{ path, value }] };
}
