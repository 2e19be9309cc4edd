import { childAt, isUnknown } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";

/** Types of resources that hold data, with the switch that lets a deletion take these along. */
const SWITCHES = new Map([
  ["aws:s3/bucket:Bucket", "forceDestroy"],
  ["aws:s3/bucketV2:BucketV2", "forceDestroy"],
  ["aws:ecr/repository:Repository", "forceDelete"],
  ["aws:rds/cluster:Cluster", "skipFinalSnapshot"],
  ["aws:rds/instance:Instance", "skipFinalSnapshot"],
]);

/**
 * EKS-08: data outlive a deletion of what holds them.
 *
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/ "forceDestroy" (7.48)
 */
export const keptData: ResourceRule = {
  id: "EKS-08",
  title: "Deletions take no data along",
  why: "Models, runs and images cannot be had back once their bucket, database or repository has gone with them.",
  remediation: "Leave `forceDestroy`, `forceDelete` and `skipFinalSnapshot` off where data matter.",
  url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
  severity: "medium",
  level: "advisory",
  levels: { dev: "disabled" },
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:s3/bucket:Bucket
name: models
properties: { forceDestroy: true }
`,
    good: `
type: aws:s3/bucket:Bucket
name: models
properties: { forceDestroy: false }
`,
  },
  *judge({ type, tree }) {
    const path = SWITCHES.get(type);
    if (path === undefined) return;
    const takesDataAlong = childAt(tree, path);
    if (isUnknown(takesDataAlong)) yield undecided(path);
    if (takesDataAlong === true) {
      yield { path, observed: "true", allowed: "false or absent", remedy: "Remove it." };
    }
  },
};
