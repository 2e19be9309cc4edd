import { describe, expect, it } from "vitest";
import { keptData } from "../../../policies/eks/kept-data";
import { levelIn } from "../../../policies/engine/rule";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, notKnown } from "./resources";

function resource(type: string, props: object) {
  return { type, name: "data", props };
}

describe("EKS-08 data outlive deletions", () => {
  it.each([
    ["a bucket that keeps its objects", resource("aws:s3/bucket:Bucket", { forceDestroy: false })],
    ["a bucket that says nothing", resource("aws:s3/bucket:Bucket", {})],
    ["a resource of another type", cluster({ forceDestroy: true })],
  ])("accepts %s", (_case, each) => {
    expect(analyze([keptData], each)).toEqual([]);
  });

  it.each([
    ["aws:s3/bucket:Bucket", "Bucket", "forceDestroy"],
    ["aws:s3/bucketV2:BucketV2", "BucketV2", "forceDestroy"],
    ["aws:ecr/repository:Repository", "Repository", "forceDelete"],
    ["aws:rds/cluster:Cluster", "Cluster", "skipFinalSnapshot"],
    ["aws:rds/instance:Instance", "Instance", "skipFinalSnapshot"],
  ])("refuses %s", (type, kind, field) => {
    expect(lines(analyze([keptData], resource(type, { [field]: true })))).toEqual([
      `advisory [EKS-08] ${kind} data: ${field} is true; allowed: false or absent. Remove it.`,
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    const found = lines(analyze([keptData], resource("aws:s3/bucket:Bucket", { forceDestroy: UNKNOWN_STRING })));

    expect(found).toEqual([notKnown("Bucket data", "forceDestroy", keptData)]);
  });

  it("is not asked for in experiments", () => {
    expect(levelIn(keptData, "dev")).toBe("disabled");
  });
});
