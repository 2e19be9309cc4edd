import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { policyDocument } from "../identity/iam-policy";
import { refusePlainText } from "../identity/plain-text";
import { type ArtifactBucketArgs, validateArtifactBucket } from "./artifact-bucket-args";
import { bucketArn, bucketStatements } from "./bucket-rights";
import { grantWorkloadRights, identityOf } from "./workload-rights";

/** Days after which S3 drops the parts of an upload that nobody has finished. */
const ABANDONED_UPLOAD_DAYS = 7;

/**
 * A bucket for what comes out of machine learning: models, metrics, event logs, results.
 *
 * It keeps overwritten and deleted versions for a while, encrypts by KMS, belongs to its account whoever writes, is never
 * public, and answers only to TLS 1.2 and later.
 *
 * Creates the bucket with its settings and its policy, and for each service account the rights that it is granted, with
 * a role where it has none yet.
 */
export class ArtifactBucket extends pulumi.ComponentResource {
  /** Name of the bucket, known once it has all its settings. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket, known once it has all its settings. */
  public readonly bucketArn: pulumi.Output<string>;
  /** Names of the roles by which pods use the bucket, by `namespace/serviceAccount`. */
  public readonly roleNames: pulumi.Output<Record<string, string>>;

  /**
   * @throws pulumi.InputPropertiesError when a name or prefix is misspelt, when a service account is granted the same
   * prefix twice, when days are out of range, or when a role is listed for somebody who is granted nothing.
   */
  constructor(name: string, args: ArtifactBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateArtifactBucket(name, args);
    super("mlstack:index:ArtifactBucket", name, checkedInputs("ArtifactBucket", name, args, errors), opts);

    const { eks, protect = true } = args;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      compact({
        bucket: args.bucketName,
        forceDestroy: !protect,
        tags: { ...eks.tags, Name: `${name}-bucket` },
      }),
      { parent: this, protect },
    );
    const settings = createSettings(this, name, args, bucket.bucket);
    const roles = grantWorkloadRights(name, eks, workloadsOf(args, bucket.bucket), args.roleNames ?? {}, this);

    this.bucketName = pulumi.all([bucket.bucket, ...settings.map(({ id }) => id)]).apply(([bucketName]) => bucketName!);
    this.bucketArn = bucketArn(eks.region, this.bucketName);
    this.roleNames = pulumi.all(roles);
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, roleNames: this.roleNames });
  }
}

function createSettings(
  parent: ArtifactBucket,
  name: string,
  args: ArtifactBucketArgs,
  bucket: pulumi.Output<string>,
): pulumi.CustomResource[] {
  const { eks, kmsKeyArn = eks.kmsKeyArn, accessLog } = args;
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    { parent },
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  return [
    publicAccess,
    versioning,
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent },
    ),
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: compact({ sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn }),
            // One call of KMS serves many objects, which saves most of what KMS costs.
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent },
    ),
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket, rules: lifecycleRules(args) },
      // What becomes of older versions can be said only where there are any.
      { parent, dependsOn: [versioning] },
    ),
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket, policy: encryptedTransport(bucketArn(eks.region, bucket)) },
      // S3 refuses two changes at a time to what decides about access.
      { parent, dependsOn: [publicAccess] },
    ),
    ...(accessLog === undefined
      ? []
      : [
          new aws.s3.BucketLogging(
            `${name}-access-log`,
            { bucket, targetBucket: accessLog.bucketName, targetPrefix: accessLog.prefix ?? `${name}/` },
            { parent },
          ),
        ]),
  ];
}

function lifecycleRules({ noncurrentDays = 30, transition }: ArtifactBucketArgs) {
  const rule = { status: "Enabled", filter: { prefix: "" } };
  const cleaning = {
    ...rule,
    id: "clean-up",
    abortIncompleteMultipartUpload: { daysAfterInitiation: ABANDONED_UPLOAD_DAYS },
    noncurrentVersionExpiration: { noncurrentDays },
    expiration: { expiredObjectDeleteMarker: true },
  };
  if (transition === undefined) return [cleaning];
  const { afterDays: days, storageClass } = transition;
  return [cleaning, { ...rule, id: "cheaper-storage", transitions: [{ days, storageClass }] }];
}

/**
 * Refuses what comes without TLS or with an old one, whoever asks.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
function encryptedTransport(arn: pulumi.Output<string>): pulumi.Output<string> {
  const plainText = refusePlainText("s3", [arn, pulumi.interpolate`${arn}/*`]);
  const oldTls = { NumericLessThan: { "s3:TlsVersion": ["1.2"] } };
  return policyDocument([plainText, { ...plainText, sid: "NoOldTls", conditions: oldTls }]);
}

/** Grants by workload identity, as all that one is granted goes into one role. */
function workloadsOf(args: ArtifactBucketArgs, bucketName: pulumi.Output<string>) {
  const { eks, grants = [], kmsKeyArn = eks.kmsKeyArn } = args;
  const { region } = eks;
  const identities = [...new Set(grants.map(identityOf))];
  return identities.map((identity) => {
    const own = grants.filter((grant) => identityOf(grant) === identity);
    const { namespace, serviceAccount } = own[0]!;
    const rights = own.map(({ access, prefix }) => compact({ region, bucketName, prefix, access, kmsKeyArn }));
    return { namespace, serviceAccount, statements: bucketStatements(rights) };
  });
}
