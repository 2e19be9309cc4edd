import { childAt, isUnknown } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";

/** What a bucket blocks of access by the public. */
const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Canned access lists that let anybody in, or anybody with an account of AWS. */
const OPEN_LISTS = ["public-read", "public-read-write", "authenticated-read"];

/** Types of resources with a canned access list. */
const WITH_LISTS = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketAclV2:BucketAclV2",
];

/**
 * DATA-02, buckets: buckets of S3 are closed to the public.
 *
 * Every new bucket is: so a block of public access weakens it where a switch is off, and otherwise a canned list does.
 * Encryption needs no rule, as S3 encrypts every object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
export const publicBucket: ResourceRule = {
  id: "DATA-02",
  title: "Buckets of S3 are closed to the public",
  why: "An open bucket gives data sets and models to whoever finds its name.",
  remediation: "Switch on all four blocks of public access, and grant rights to roles.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "platform",
  parameters: {},
  frameworks: [{ name: "CIS AWS Foundations Benchmark", version: "3.0.0", reference: "2.1.4" }],
  fix: "switches the block on",
  examples: {
    bad: `
type: aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock
name: datasets
properties:
  bucket: acme-datasets
  blockPublicAcls: true
  blockPublicPolicy: true
  ignorePublicAcls: true
`,
    good: `
type: aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock
name: datasets
properties:
  bucket: acme-datasets
  blockPublicAcls: true
  blockPublicPolicy: true
  ignorePublicAcls: true
  restrictPublicBuckets: true
`,
  },
  *judge({ type, tree }) {
    for (const path of type === "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock" ? BLOCKS : []) {
      const block = childAt(tree, path);
      if (isUnknown(block)) yield undecided(path);
      else if (block !== true) {
        yield {
          path,
          observed: block === false ? "false" : "absent, which means false",
          allowed: "true",
          remedy: "Set it to true.",
          fix: [{ path, value: true }],
        };
      }
    }
    const acl = WITH_LISTS.includes(type) ? childAt(tree, "acl") : undefined;
    const open = OPEN_LISTS.find((one) => one === acl);
    if (isUnknown(acl)) yield undecided("acl");
    if (open !== undefined) {
      yield {
        path: "acl",
        observed: open,
        allowed: "private or absent",
        remedy: "Remove it, and grant rights to roles.",
      };
    }
  },
};
