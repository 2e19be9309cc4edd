import { beforeEach, describe, expect, it } from "vitest";
import {
  ArtifactBucket,
  type ArtifactBucketArgs,
  BucketAccess,
  BucketStorageClass,
  validateArtifactBucket,
} from "../../../../components/cluster/storage";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts, keyless } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const args: ArtifactBucketArgs = { eks: eksFacts };
const trainer = { namespace: "ml", serviceAccount: "trainer" };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("ArtifactBucket", () => {
  it("creates a bucket with its settings, and no rights for anybody", async () => {
    new ArtifactBucket("artifacts", args);
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:s3/bucket:Bucket artifacts-bucket < artifacts",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration artifacts-lifecycle < artifacts",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls artifacts-ownership < artifacts",
      "aws:s3/bucketPolicy:BucketPolicy artifacts-policy < artifacts",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock artifacts-public-access < artifacts",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration artifacts-encryption < artifacts",
      "aws:s3/bucketVersioning:BucketVersioning artifacts-versioning < artifacts",
      "mlstack:index:ArtifactBucket artifacts",
    ]);
  });

  it.each<[string, string, object]>([
    [
      "is never public",
      "artifacts-public-access",
      { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    ],
    ["keeps versions", "artifacts-versioning", { versioningConfiguration: { status: "Enabled" } }],
    ["owns what others write", "artifacts-ownership", { rule: { objectOwnership: "BucketOwnerEnforced" } }],
    [
      "encrypts by the cluster's key, with few calls of KMS",
      "artifacts-encryption",
      {
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: eksFacts.kmsKeyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
    ],
    [
      "drops abandoned uploads after a week and old versions after a month",
      "artifacts-lifecycle",
      {
        rules: [
          {
            id: "clean-up",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
    ],
  ])("%s", async (_behaviour, name, inputs) => {
    new ArtifactBucket("artifacts", args);
    expect(await program.inputsOf(name)).toEqual({ bucket: "artifacts-bucket-auto", ...inputs });
  });

  it("answers only to TLS 1.2 and later", async () => {
    new ArtifactBucket("artifacts", { ...args, bucketName: "acme-artifacts" });
    const denied = {
      Effect: "Deny",
      Principal: { AWS: ["*"] },
      Action: ["s3:*"],
      Resource: ["arn:aws:s3:::acme-artifacts", "arn:aws:s3:::acme-artifacts/*"],
    };
    expect(await policyOf(program, "artifacts-policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "TlsOnly", ...denied, Condition: { Bool: { "aws:SecureTransport": ["false"] } } },
        { Sid: "NoOldTls", ...denied, Condition: { NumericLessThan: { "s3:TlsVersion": ["1.2"] } } },
      ],
    });
  });

  it("makes settings that depend on one another one after the other", async () => {
    new ArtifactBucket("artifacts", args);
    expect((await program.resource("artifacts-policy")).dependsOn).toContain("artifacts-public-access");
    expect((await program.resource("artifacts-lifecycle")).dependsOn).toContain("artifacts-versioning");
  });

  it.each<[string, ArtifactBucketArgs, boolean]>([
    ["is protected by default, and then not even emptied", args, true],
    ["goes with all objects where that is said", { ...args, protect: false }, false],
  ])("%s", async (_behaviour, given, protect) => {
    new ArtifactBucket("artifacts", given);
    expect(await program.inputsOf("artifacts-bucket")).toEqual({
      forceDestroy: !protect,
      tags: { "mlstack:cluster": "lab", Name: "artifacts-bucket" },
    });
    expect((await program.resource("artifacts-bucket")).protect).toBe(protect);
  });

  it("passes on what is said of it", async () => {
    new ArtifactBucket("artifacts", {
      eks: keyless,
      bucketName: "acme-artifacts",
      noncurrentDays: 90,
      transition: { afterDays: 60, storageClass: BucketStorageClass.standardIa },
      accessLog: { bucketName: "acme-logs" },
    });
    expect(await program.inputsOf("artifacts-bucket")).toMatchObject({ bucket: "acme-artifacts" });
    expect(await program.inputsOf("artifacts-encryption")).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
    });
    expect(await program.inputsOf("artifacts-lifecycle")).toMatchObject({
      rules: [
        { noncurrentVersionExpiration: { noncurrentDays: 90 } },
        { id: "cheaper-storage", transitions: [{ days: 60, storageClass: "STANDARD_IA" }] },
      ],
    });
    expect(await program.inputsOf("artifacts-access-log")).toEqual({
      bucket: "acme-artifacts",
      targetBucket: "acme-logs",
      targetPrefix: "artifacts/",
    });
  });

  it("tells its name and ARN, which nobody knows in a preview", async () => {
    const bucket = new ArtifactBucket("artifacts", { ...args, bucketName: "acme-artifacts" });
    expect(await valueOf(bucket.bucketName)).toBe("acme-artifacts");
    expect(await valueOf(bucket.bucketArn)).toBe("arn:aws:s3:::acme-artifacts");
    await startMocks({ preview: true });
    expect(await isKnown(new ArtifactBucket("artifacts", args).bucketName)).toBe(false);
  });
});

describe("ArtifactBucket: rights", () => {
  const object = "arn:aws:s3:::acme-artifacts/*";
  const bucket = "arn:aws:s3:::acme-artifacts";
  const key = eksFacts.kmsKeyArn;

  it.each<[BucketAccess, [string[], unknown][]]>([
    [
      BucketAccess.read,
      [
        [["s3:GetObject"], object],
        [["s3:ListBucket"], bucket],
        [["kms:Decrypt"], key],
      ],
    ],
    [
      BucketAccess.write,
      [
        [["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], object],
        [["kms:Decrypt", "kms:GenerateDataKey"], key],
      ],
    ],
    [
      BucketAccess.readWrite,
      [
        [
          ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:DeleteObject"],
          object,
        ],
        [["s3:ListBucket"], bucket],
        [["kms:Decrypt", "kms:GenerateDataKey"], key],
      ],
    ],
  ])("%s is these actions on these resources, and no others", async (access, rights) => {
    new ArtifactBucket("artifacts", { ...args, bucketName: "acme-artifacts", grants: [{ ...trainer, access }] });
    expect(await policyOf(program, "artifacts-ml-trainer-role-rights")).toMatchObject({
      Statement: rights.map(([Action, resource]) => ({ Effect: "Allow", Action, Resource: [resource] })),
    });
  });

  it("puts everything that a service account is granted into one role", async () => {
    const created = new ArtifactBucket("artifacts", {
      ...args,
      bucketName: "acme-artifacts",
      grants: [
        { ...trainer, access: BucketAccess.readWrite, prefix: "runs/" },
        { ...trainer, access: BucketAccess.read, prefix: "models/" },
        { namespace: "serving", serviceAccount: "predictor", access: BucketAccess.read, prefix: "models/" },
      ],
    });
    expect(await valueOf(created.roleNames)).toEqual({
      "ml/trainer": "artifacts-ml-trainer-role-auto",
      "serving/predictor": "artifacts-serving-predictor-role-auto",
    });
    expect(await policyOf(program, "artifacts-ml-trainer-role-rights")).toMatchObject({
      Statement: [
        { Sid: "Objects", Resource: [`${bucket}/runs/*`] },
        { Sid: "List", Condition: { StringLike: { "s3:prefix": ["runs/*"] } } },
        { Sid: "Key" },
        { Sid: "Objects2", Resource: [`${bucket}/models/*`] },
        { Sid: "List2", Condition: { StringLike: { "s3:prefix": ["models/*"] } } },
        { Sid: "Key2" },
      ],
    });
    expect(await program.inputsOf("artifacts-serving-predictor-association")).toMatchObject({
      clusterName: "lab",
      namespace: "serving",
      serviceAccount: "predictor",
    });
  });

  it("adds rights to a role that the service account has already", async () => {
    const grants = [{ ...trainer, access: BucketAccess.write }];
    const bucket = new ArtifactBucket("artifacts", { ...args, grants, roleNames: { "ml/trainer": "trainer-role" } });
    expect(await program.inputsOf("artifacts-ml-trainer-rights")).toMatchObject({ role: "trainer-role" });
    expect(await valueOf(bucket.roleNames)).toEqual({ "ml/trainer": "trainer-role" });
    expect((await program.resources()).filter(({ type }) => type === "aws:iam/role:Role")).toEqual([]);
  });
});

describe("ArtifactBucket: checks", () => {
  const named = { ...args, bucketName: "acme-artifacts" };
  const read = { ...trainer, access: BucketAccess.read };
  const transition = { afterDays: 1, storageClass: BucketStorageClass.intelligentTiering };

  it.each<[string, ArtifactBucketArgs]>([
    ["nothing but a cluster", args],
    [
      "two prefixes of one service account",
      {
        ...named,
        grants: [
          { ...read, prefix: "a/" },
          { ...read, prefix: "b/" },
        ],
      },
    ],
    ["a transition on the first day", { ...named, transition }],
  ])("accepts %s", (_given, given) => {
    expect(validateArtifactBucket("artifacts", given)).toEqual([]);
  });

  it.each<[string, ArtifactBucketArgs, string]>([
    [
      "a bucket name with dots",
      { ...args, bucketName: "acme.artifacts" },
      'bucketName is "acme.artifacts"; allowed: 3 to 63 lower-case letters, digits and inner hyphens. ' +
        "Set bucketName to such a name.",
    ],
    [
      "a misspelt namespace",
      { ...named, grants: [{ ...read, namespace: "ML" }] },
      'grants[0].namespace is "ML"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set grants[0].namespace to such a name.",
    ],
    [
      "a misspelt service account",
      { ...named, grants: [{ ...read, serviceAccount: "" }] },
      'grants[0].serviceAccount is ""; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set grants[0].serviceAccount to such a name.",
    ],
    [
      "an unknown access",
      { ...named, grants: [{ ...trainer, access: "admin" as BucketAccess }] },
      'grants[0].access is "admin"; allowed: read, write, read-write. Set grants[0].access to one of these.',
    ],
    [
      "a prefix without a slash behind it",
      { ...named, grants: [{ ...read, prefix: "runs" }] },
      `grants[0].prefix is "runs"; allowed: folders of letters, digits and any of !_.'()=-, ` +
        'each with a slash behind it. Write it like "runs/2026/".',
    ],
    [
      "two grants of the same",
      { ...named, grants: [read, { ...trainer, access: BucketAccess.write }] },
      'grants[1] is "ml/trainer"; allowed: each service account and prefix once. Merge it with grants[0].',
    ],
    [
      "a role that cannot be named",
      { ...named, grants: [{ ...read, serviceAccount: "a".repeat(40) }] },
      "grants[0] is the reason for a role name of 58 characters; allowed: at most 56. " +
        "Shorten the name of the component, the namespace or the service account, or list a role in roleNames.",
    ],
    [
      "a role of somebody else",
      { ...named, grants: [read], roleNames: { trainer: "trainer-role" } },
      'roleNames["trainer"] is of nobody who is granted anything; allowed: ml/trainer. ' +
        "Write it as namespace/serviceAccount, or remove it.",
    ],
    [
      "versions that are not kept",
      { ...named, noncurrentDays: 0 },
      "noncurrentDays is 0; allowed: a whole number from 1 to 3650. Set noncurrentDays within that range.",
    ],
    [
      "a transition that S3 makes later",
      { ...named, transition: { afterDays: 7, storageClass: BucketStorageClass.standardIa } },
      "transition.afterDays is 7; allowed: a whole number from 30 to 3650. Set transition.afterDays within that range.",
    ],
    [
      "an unknown storage class",
      { ...named, transition: { afterDays: 7, storageClass: "GLACIER" as BucketStorageClass } },
      'transition.storageClass is "GLACIER"; allowed: INTELLIGENT_TIERING, STANDARD_IA, GLACIER_IR. ' +
        "Set transition.storageClass to one of these.",
    ],
    [
      "a misspelt prefix for logs",
      { ...named, accessLog: { bucketName: "acme-logs", prefix: "/" } },
      `accessLog.prefix is "/"; allowed: folders of letters, digits and any of !_.'()=-, ` +
        'each with a slash behind it. Write it like "runs/2026/".',
    ],
  ])("refuses %s", (_given, given, reason) => {
    expect(validateArtifactBucket("artifacts", given).map((problem) => problem.reason)).toEqual([reason]);
  });

  it("asks for a name of the bucket where that of the component cannot be one", async () => {
    const { message, reasons } = problemsOf(() => new ArtifactBucket("Artifacts", args));
    expect(message).toBe('ArtifactBucket "Artifacts": 1 invalid input');
    expect(reasons).toEqual([
      'bucketName is missing; allowed: a name; without one the component\'s, "Artifacts", would have to be at most 48 ' +
        "lower-case letters, digits and inner hyphens. Set bucketName, or rename the component.",
    ]);
    expect(await program.resources()).toEqual([]);
  });
});
