import type { BucketGrant } from "../../cluster/storage/artifact-bucket-args";
import type { BucketAccess } from "../../cluster/storage/bucket-rights";

/** A statement of a policy, as Amazon S3 has them. */
export interface PolicyStatement {
  Effect: "Allow";
  /** Whom it is about; in policies of a bucket only. */
  Principal?: { AWS: string[] };
  Action: string[];
  Resource: string[];
  Condition?: { StringLike: Record<string, string[]> };
}

/** Version of the language that policies are written in. */
export const POLICY_VERSION = "2012-10-17";

/** Actions on objects and on the bucket, by access: those of Amazon S3, which stores in the cluster take as they are. */
const ACTIONS: Record<BucketAccess, { object: string[]; bucket: string[] }> = {
  read: { object: ["s3:GetObject"], bucket: ["s3:ListBucket"] },
  write: { object: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], bucket: [] },
  "read-write": {
    object: [
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
    ],
    bucket: ["s3:ListBucket"],
  },
};

/** What somebody may do in a bucket, from everything that was granted. */
export function bucketStatements(bucket: string, grants: BucketGrant[]): PolicyStatement[] {
  const arn = `arn:aws:s3:::${bucket}`;
  const statements = grants.flatMap(({ access, prefix = "" }): PolicyStatement[] => {
    const { object, bucket: onBucket } = ACTIONS[access];
    const condition = prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": [`${prefix}*`] } } };
    return [
      { Effect: "Allow", Action: object, Resource: [`${arn}/${prefix}*`] },
      ...(onBucket.length === 0 ? [] : [{ Effect: "Allow" as const, Action: onBucket, Resource: [arn], ...condition }]),
    ];
  });
  return [...statements, { Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: [arn] }];
}
