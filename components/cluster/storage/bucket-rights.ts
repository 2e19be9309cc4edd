import * as pulumi from "@pulumi/pulumi";
import { type InputProblem, inputProblem } from "../../internal";
import { type IamStatement, partitionOf, viaService } from "../identity/iam-policy";

/** What pods may do with objects of a bucket. */
export const BucketAccess = {
  /** List and read. */
  read: "read",
  /** Add objects and new versions of them, and neither read nor delete: for results that others collect. */
  write: "write",
  /** List, read, add and delete; of a versioned bucket only the current version can be deleted. */
  readWrite: "read-write",
} as const;
/** What pods may do with objects of a bucket. */
export type BucketAccess = (typeof BucketAccess)[keyof typeof BucketAccess];

/** Objects of a bucket, and what may be done with them. */
export interface BucketRights {
  /** Region of the bucket. */
  region: string;
  bucketName: pulumi.Input<string>;
  /** Start of the objects' keys, as {@link checkPrefix} demands it; every object where undefined. */
  prefix?: string;
  access: BucketAccess;
  /** Key that the objects are encrypted with; undefined where it is AWS's own, which asks for no rights. */
  kmsKeyArn?: pulumi.Input<string>;
}

const READ_OBJECT = ["s3:GetObject"];
/** A large upload is made in parts: its parts are listed to resume it, and given up when it fails. */
const WRITE_OBJECT = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

/**
 * Actions on objects, on the bucket and on its key, by access.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html "Multipart upload API and permissions":
 * whoever uploads in parts must be able to decrypt them
 */
const ACTIONS: Record<BucketAccess, { object: string[]; bucket: string[]; key: string[] }> = {
  read: { object: READ_OBJECT, bucket: ["s3:ListBucket"], key: ["kms:Decrypt"] },
  write: { object: WRITE_OBJECT, bucket: [], key: ["kms:Decrypt", "kms:GenerateDataKey"] },
  "read-write": {
    object: [...READ_OBJECT, ...WRITE_OBJECT, "s3:DeleteObject"],
    bucket: ["s3:ListBucket"],
    key: ["kms:Decrypt", "kms:GenerateDataKey"],
  },
};

/** ARN of a bucket; in every partition it follows from the name. */
export function bucketArn(region: string, bucketName: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partitionOf(region)}:s3:::${bucketName}`;
}

/** Statements that grant rights to several parts of buckets, for one workload identity. */
export function bucketStatements(rights: BucketRights[]): IamStatement[] {
  return rights.flatMap((each, index) => statementsOf(each, index === 0 ? "" : String(index + 1)));
}

function statementsOf(rights: BucketRights, sidSuffix: string): IamStatement[] {
  const { region, bucketName, prefix = "", access, kmsKeyArn } = rights;
  const actions = ACTIONS[access];
  const bucket = bucketArn(region, bucketName);
  const ofPrefix = prefix === "" ? {} : { conditions: { StringLike: { "s3:prefix": [`${prefix}*`] } } };
  const listing = { sid: `List${sidSuffix}`, actions: actions.bucket, resources: [bucket], ...ofPrefix };
  return [
    {
      sid: `Objects${sidSuffix}`,
      actions: actions.object,
      resources: [pulumi.interpolate`${bucket}/${prefix}*`],
      wildcardReason: "Workloads choose the rest of the keys.",
    },
    ...(actions.bucket.length === 0 ? [] : [listing]),
    ...(kmsKeyArn === undefined ? [] : [keyStatement(region, bucket, actions.key, kmsKeyArn, sidSuffix)]),
  ];
}

/**
 * The key is of use only through S3 and for this bucket: S3 hands KMS the ARN of the bucket as context, or of the object
 * where that was written without a bucket key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
function keyStatement(
  region: string,
  bucket: pulumi.Output<string>,
  actions: string[],
  kmsKeyArn: pulumi.Input<string>,
  sidSuffix: string,
): IamStatement {
  return {
    sid: `Key${sidSuffix}`,
    actions,
    resources: [kmsKeyArn],
    conditions: {
      StringEquals: { "kms:ViaService": [viaService(region, "s3")] },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, pulumi.interpolate`${bucket}/*`] },
    },
  };
}

/**
 * Checks the start of keys: folders that end in a slash, of the characters that neither S3's clients nor IAM take for
 * anything else; undefined passes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html "Safe characters"
 */
export function checkPrefix(path: string, prefix: string | undefined): InputProblem[] {
  if (prefix === undefined || /^(?:(?!\.{1,2}\/)[A-Za-z0-9!_.'()=-]+\/)+$/.test(prefix)) return [];
  const allowed = "folders of letters, digits and any of !_.'()=-, each with a slash behind it";
  return [inputProblem(path, prefix, allowed, 'Write it like "runs/2026/".')];
}

/**
 * Checks the name of a bucket.
 *
 * Dots are refused although S3 takes them, as TLS certificates do not cover names that have one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(path: string, bucketName: string): InputProblem[] {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucketName)) return [];
  const allowed = "3 to 63 lower-case letters, digits and inner hyphens";
  return [inputProblem(path, bucketName, allowed, `Set ${path} to such a name.`)];
}
