import { describe, expect, it } from "vitest";
import { publicBucket } from "../../../../policies/gpu-ml/data/public-bucket";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown } from "../helm/charts";
import { fixesOf } from "./fixes";

const BLOCKED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const UNDECIDED = notKnown("Buckets of S3 are closed to the public");

function block(props: object): TestResource {
  return { type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name: "datasets", props };
}

describe("DATA-02 access to buckets of S3", () => {
  it.each([
    ["all blocks", block(BLOCKED)],
    ["a private bucket", { type: "aws:s3/bucket:Bucket", props: { acl: "private" } }],
    ["a bucket for logs", { type: "aws:s3/bucketAcl:BucketAcl", props: { acl: "log-delivery-write" } }],
    ["a bucket without list", { type: "aws:s3/bucket:Bucket", props: {} }],
    ["a list of another type", { type: "aws:s3/bucket:Bucket", props: { acl: 5 } }],
    ["something else with such a list", { type: "aws:s3/bucketObject:BucketObject", props: { acl: "public-read" } }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([publicBucket], resource)).toEqual([]);
  });

  it.each(
    Object.keys(BLOCKED).flatMap(
      (field) =>
        [
          [field, false],
          [field, undefined],
          [field, null],
        ] as const,
    ),
  )("finds %s: %s", (field, value) => {
    const observed = value === false ? "false" : "absent, which means false";

    expect(lines(analyze([publicBucket], block({ ...BLOCKED, [field]: value })))).toEqual([
      `advisory [DATA-02] BucketPublicAccessBlock datasets: ${field} is ${observed}; allowed: true. Set it to true.`,
    ]);
  });

  it("offers to switch the blocks on", () => {
    expect(fixesOf(publicBucket, block({ blockPublicAcls: true, ignorePublicAcls: false }))).toEqual([
      { path: "blockPublicPolicy", value: true },
      { path: "ignorePublicAcls", value: true },
      { path: "restrictPublicBuckets", value: true },
    ]);
  });

  it.each([
    ["aws:s3/bucket:Bucket", "public-read"],
    ["aws:s3/bucketV2:BucketV2", "public-read-write"],
    ["aws:s3/bucketAcl:BucketAcl", "authenticated-read"],
    ["aws:s3/bucketAclV2:BucketAclV2", "public-read"],
  ])("finds %s with the list %s", (type, acl) => {
    const [, kind = ""] = /:(\w+)$/.exec(type) ?? [];

    expect(lines(analyze([publicBucket], { type, name: "datasets", props: { acl } }))).toEqual([
      `advisory [DATA-02] ${kind} datasets: acl is ${acl}; allowed: private or absent. ` +
        "Remove it, and grant rights to roles.",
    ]);
  });

  it.each([
    [
      "a block",
      block({ ...BLOCKED, blockPublicAcls: UNKNOWN_STRING }),
      "BucketPublicAccessBlock datasets: blockPublicAcls",
    ],
    ["the list", { type: "aws:s3/bucketAcl:BucketAcl", name: "a", props: { acl: UNKNOWN_STRING } }, "BucketAcl a: acl"],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([publicBucket], resource))).toEqual([`advisory [DATA-02] ${where} ${UNDECIDED}`]);
  });
});
