import { beforeEach, describe, expect, it } from "vitest";
import { Dataset, type DatasetArgs, DatasetKind, validateDataset } from "../../../../components/cluster/storage";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts, keyless } from "../../../support/eks-facts";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const common = { eks: eksFacts, namespace: "ml" };
const bucket = { bucketName: "corpus" };
const readers = { ...bucket, serviceAccounts: ["trainer"] };
const mounted: DatasetArgs = { ...common, kind: DatasetKind.s3Mount, bucket: readers };
const imported: DatasetArgs = { ...common, kind: DatasetKind.fsxImport, bucket };
const snapshot = { snapshotId: "snap-0123456789abcdef0" };
const copied: DatasetArgs = { ...common, kind: DatasetKind.ebsSnapshot, snapshot, sizeGib: 500 };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const list = async () => childList(await program.resources()).sort();

describe("Dataset that is mounted from a bucket", () => {
  it("creates a volume with its claim, and a role for each service account that reads", async () => {
    new Dataset("corpus", mounted);
    expect(await list()).toEqual([
      "aws:eks/podIdentityAssociation:PodIdentityAssociation corpus-ml-trainer-association < corpus-ml-trainer",
      "aws:iam/role:Role corpus-ml-trainer-role < corpus-ml-trainer",
      "aws:iam/rolePolicy:RolePolicy corpus-ml-trainer-role-rights < corpus-ml-trainer",
      "kubernetes:core/v1:PersistentVolume corpus-volume < corpus",
      "kubernetes:core/v1:PersistentVolumeClaim corpus-claim < corpus",
      "mlstack:index:Dataset corpus",
      "mlstack:index:PodIdentityRole corpus-ml-trainer < corpus",
    ]);
  });

  it("grants listing and reading of the prefix, and the use of the key for nothing else", async () => {
    new Dataset("corpus", { ...mounted, bucket: { ...readers, prefix: "images/2026/" } });
    expect(await policyOf(program, "corpus-ml-trainer-role-rights")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Objects",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::corpus/images/2026/*"],
        },
        {
          Sid: "List",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::corpus"],
          Condition: { StringLike: { "s3:prefix": ["images/2026/*"] } },
        },
        {
          Sid: "Key",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [eksFacts.kmsKeyArn],
          Condition: {
            StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] },
            StringLike: {
              "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::corpus", "arn:aws:s3:::corpus/*"],
            },
          },
        },
      ],
    });
  });

  it("asks for no rights to a key that is AWS's own", async () => {
    new Dataset("corpus", { ...mounted, eks: keyless });
    expect(await policyOf(program, "corpus-ml-trainer-role-rights")).toMatchObject({
      Statement: [{ Sid: "Objects" }, { Sid: "List" }],
    });
  });

  it("writes ARNs and endpoints as its partition does", async () => {
    new Dataset("corpus", { ...mounted, eks: { ...eksFacts, region: "cn-north-1" } });
    expect(await policyOf(program, "corpus-ml-trainer-role-rights")).toMatchObject({
      Statement: [
        { Resource: ["arn:aws-cn:s3:::corpus/*"] },
        { Resource: ["arn:aws-cn:s3:::corpus"] },
        { Condition: { StringEquals: { "kms:ViaService": ["s3.cn-north-1.amazonaws.com.cn"] } } },
      ],
    });
  });

  it("takes the key for one of the bucket's region", async () => {
    const bucket = { ...readers, region: "eu-west-1" };
    new Dataset("far", { ...mounted, bucket });
    new Dataset("farther", { ...mounted, bucket: { ...bucket, kmsKeyArn: "key" } });
    const key = {
      Resource: ["key"],
      Condition: { StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com"] } },
    };
    expect(await policyOf(program, "far-ml-trainer-role-rights")).toMatchObject({ Statement: [{}, {}] });
    expect(await policyOf(program, "farther-ml-trainer-role-rights")).toMatchObject({ Statement: [{}, {}, key] });
  });

  it("adds the right to a role that the service account has already, as it cannot have two", async () => {
    const dataset = new Dataset("corpus", { ...mounted, roleNames: { "ml/trainer": "trainer-role" } });
    expect(await list()).toEqual([
      "aws:iam/rolePolicy:RolePolicy corpus-ml-trainer-rights < corpus",
      "kubernetes:core/v1:PersistentVolume corpus-volume < corpus",
      "kubernetes:core/v1:PersistentVolumeClaim corpus-claim < corpus",
      "mlstack:index:Dataset corpus",
    ]);
    expect(await program.inputsOf("corpus-ml-trainer-rights")).toMatchObject({ role: "trainer-role" });
    expect(await valueOf(dataset.roleNames)).toEqual({ "ml/trainer": "trainer-role" });
  });

  it("tells its claim and the roles of those who read", async () => {
    const dataset = new Dataset("corpus", { ...mounted, claimName: "data" });
    expect(await valueOf(dataset.claimNames)).toEqual(["data"]);
    expect(await valueOf(dataset.roleNames)).toEqual({ "ml/trainer": "corpus-ml-trainer-role-auto" });
  });
});

describe("Dataset that is imported into Lustre", () => {
  it("links a file system to the bucket, from which it fetches and to which it never writes", async () => {
    new Dataset("corpus", { ...imported, bucket: { ...bucket, prefix: "images/" } });
    expect(await program.inputsOf("corpus-import")).toEqual({
      fileSystemId: "corpus-file-system-id",
      fileSystemPath: "/",
      dataRepositoryPath: "s3://corpus/images/",
      batchImportMetaDataOnCreate: true,
      s3: { autoImportPolicy: { events: ["NEW", "CHANGED", "DELETED"] } },
      tags: { "mlstack:cluster": "lab", Name: "corpus-import" },
    });
  });

  it("keeps no copies of what the bucket has, and logs what cannot be imported", async () => {
    new Dataset("corpus", { ...imported, sizeGib: 2400, lustre: { availabilityZone: "us-east-1b" } });
    expect(await program.inputsOf("corpus-file-system")).toMatchObject({
      storageCapacity: 2400,
      subnetIds: "subnet-b",
      kmsKeyId: eksFacts.kmsKeyArn,
      automaticBackupRetentionDays: 0,
      skipFinalBackup: true,
      logConfiguration: { level: "WARN_ERROR", destination: "arn:aws:test:us-east-1:123456789012:corpus-logs" },
    });
    expect(await program.inputsOf("corpus-logs")).toEqual({
      name: "/aws/fsx/lab/corpus",
      retentionInDays: 90,
      tags: { "mlstack:cluster": "lab", Name: "/aws/fsx/lab/corpus" },
    });
    expect((await program.resource("corpus-file-system")).protect).toBe(false);
  });

  it("says nothing of tags of backups, which FSx refuses where a bucket is linked", async () => {
    new Dataset("corpus", imported);
    expect(await program.inputsOf("corpus-file-system")).not.toHaveProperty("copyTagsToBackups");
  });

  it("is mounted read-only, once the bucket is linked, with no rights for anybody", async () => {
    const dataset = new Dataset("corpus", imported);
    expect(await program.inputsOf("corpus-volume")).toMatchObject({
      spec: {
        accessModes: ["ReadOnlyMany"],
        capacity: { storage: "1200Gi" },
        mountOptions: ["ro", "flock"],
        csi: { driver: "fsx.csi.aws.com", volumeHandle: "corpus-file-system-id", readOnly: true },
      },
    });
    expect((await program.resource("corpus-volume")).dependsOn).toContain("corpus-import");
    expect((await program.resources()).filter(({ type }) => type.startsWith("aws:iam"))).toEqual([]);
    expect(await valueOf(dataset.claimNames)).toEqual(["corpus"]);
    expect(await valueOf(dataset.roleNames)).toEqual({});
  });
});

describe("Dataset that is copied from a snapshot", () => {
  it("creates the snapshot in Kubernetes and a claim for a disk", async () => {
    const dataset = new Dataset("corpus", copied);
    expect(await list()).toEqual([
      "kubernetes:core/v1:PersistentVolumeClaim corpus-claim-0 < corpus",
      "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshot corpus-snapshot < corpus",
      "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotContent corpus-snapshot-content < corpus",
      "mlstack:index:Dataset corpus",
    ]);
    expect(await valueOf(dataset.claimNames)).toEqual(["corpus"]);
    expect(await program.inputsOf("corpus-snapshot")).toMatchObject({
      metadata: { name: "corpus-snap-0123456789abcdef0", namespace: "ml" },
      spec: { source: { volumeSnapshotContentName: "corpus-snapshot-content-auto" } },
    });
  });

  it.each([
    ["of the add-on", false, "ebs.csi.aws.com"],
    ["of Auto Mode, where that is on", true, "ebs.csi.eks.amazonaws.com"],
  ])("is read by the driver %s", async (_whose, autoMode, driver) => {
    new Dataset("corpus", { ...copied, eks: { ...eksFacts, autoMode } });
    expect(await program.inputsOf("corpus-snapshot-content")).toMatchObject({ spec: { driver } });
  });

  it("makes new disks for another snapshot, as none can be changed", async () => {
    new Dataset("corpus", copied);
    expect(await program.resource("corpus-snapshot-content")).toMatchObject({
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: false,
    });
    expect(await program.resource("corpus-claim-0")).toMatchObject({
      replaceOnChanges: ["spec.dataSource"],
      deleteBeforeReplace: true,
    });
  });

  it("creates a claim for each copy, numbered as the pods of an indexed Job are", async () => {
    const copies = { ...snapshot, copies: 3 };
    const dataset = new Dataset("corpus", { ...copied, claimName: "data", snapshot: copies });
    expect(await valueOf(dataset.claimNames)).toEqual(["data-0", "data-1", "data-2"]);
    expect((await program.resource("corpus-claim-2")).dependsOn).toEqual(["corpus-snapshot"]);
  });
});

describe("Dataset: checks", () => {
  it.each<[string, DatasetArgs]>([
    ["a bucket to mount", mounted],
    [
      "a folder of a bucket in another region",
      { ...mounted, bucket: { ...readers, prefix: "a/b.c/", region: "eu-west-1" } },
    ],
    ["a bucket to import", { ...imported, sizeGib: 4800, bucket: { ...bucket, region: "us-east-1" } }],
    ["a snapshot", { ...copied, snapshot: { ...snapshot, copies: 100, storageClassName: "io2" } }],
  ])("accepts %s", (_given, args) => {
    expect(validateDataset("corpus", args)).toEqual([]);
  });

  it.each<[string, DatasetArgs, string]>([
    [
      "an unknown kind",
      { ...common, kind: "nfs" as DatasetKind },
      'kind is "nfs"; allowed: s3-mount, fsx-import, ebs-snapshot. Set kind to one of these.',
    ],
    [
      "a mount of no bucket",
      { ...common, kind: DatasetKind.s3Mount },
      "bucket is missing; allowed: what s3-mount must be told. The kind s3-mount takes bucket, roleNames.",
    ],
    [
      "an import of no bucket",
      { ...common, kind: DatasetKind.fsxImport },
      "bucket is missing; allowed: what fsx-import must be told. The kind fsx-import takes bucket, sizeGib, lustre.",
    ],
    [
      "a copy of no snapshot",
      { ...common, kind: DatasetKind.ebsSnapshot, sizeGib: 1 },
      "snapshot is missing; allowed: what ebs-snapshot must be told. The kind ebs-snapshot takes snapshot, sizeGib.",
    ],
    [
      "a copy of unknown size",
      { ...common, kind: DatasetKind.ebsSnapshot, snapshot },
      "sizeGib is missing; allowed: what ebs-snapshot must be told. The kind ebs-snapshot takes snapshot, sizeGib.",
    ],
    [
      "a snapshot to mount",
      { ...mounted, snapshot },
      "snapshot is given for the kind s3-mount; allowed: bucket, roleNames. Remove snapshot.",
    ],
    [
      "settings of Lustre for a disk",
      { ...copied, lustre: {} },
      "lustre is given for the kind ebs-snapshot; allowed: snapshot, sizeGib. Remove lustre.",
    ],
    [
      "readers of an import",
      { ...imported, bucket: readers },
      "bucket.serviceAccounts is given for the kind fsx-import; allowed: nothing but with s3-mount. " +
        "Remove bucket.serviceAccounts; pods read the file system, and FSx reads the bucket by a role of its own.",
    ],
    [
      "a key of an import",
      { ...imported, bucket: { ...bucket, kmsKeyArn: "key" } },
      "bucket.kmsKeyArn is given for the kind fsx-import; allowed: nothing but with s3-mount. " +
        "Remove bucket.kmsKeyArn; pods read the file system, and FSx reads the bucket by a role of its own.",
    ],
    [
      "a mount that nobody may read",
      { ...mounted, bucket },
      "bucket.serviceAccounts is []; allowed: at least one service account. " +
        "Name those whose pods read the data; nobody else can.",
    ],
    [
      "a reader twice",
      { ...mounted, bucket: { ...bucket, serviceAccounts: ["a", "a"] } },
      'bucket.serviceAccounts[1] is "a"; allowed: each service account once. Remove one.',
    ],
    [
      "a misspelt reader",
      { ...mounted, bucket: { ...bucket, serviceAccounts: ["A"] } },
      'bucket.serviceAccounts[0] is "A"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set bucket.serviceAccounts[0] to such a name.",
    ],
    [
      "a reader whose role cannot be named",
      { ...mounted, bucket: { ...bucket, serviceAccounts: ["a".repeat(50)] } },
      "bucket.serviceAccounts[0] is the reason for a role name of 65 characters; allowed: at most 56. " +
        "Shorten the name of the component, the namespace or the service account, or list a role in roleNames.",
    ],
    [
      "a role of somebody else",
      { ...mounted, roleNames: { "ml/analyst": "analyst-role" } },
      'roleNames["ml/analyst"] is of nobody who is granted anything; allowed: ml/trainer. ' +
        "Write it as namespace/serviceAccount, or remove it.",
    ],
    [
      "a misspelt bucket",
      { ...mounted, bucket: { ...readers, bucketName: "My.Bucket" } },
      'bucket.bucketName is "My.Bucket"; allowed: 3 to 63 lower-case letters, digits and inner hyphens. ' +
        "Set bucket.bucketName to such a name.",
    ],
    ...["images", "/images/", "a//", "../", "a/../", "*/", "a?/", "${aws:username}/"].map(
      (prefix): [string, DatasetArgs, string] => [
        `the prefix ${prefix}`,
        { ...mounted, bucket: { ...readers, prefix } },
        `bucket.prefix is ${JSON.stringify(prefix)}; allowed: folders of letters, digits and any of !_.'()=-, ` +
          'each with a slash behind it. Write it like "runs/2026/".',
      ],
    ),
    [
      "an unknown region",
      { ...mounted, bucket: { ...readers, region: "us-east-9" } },
      'bucket.region is "us-east-9"; allowed: a region of AWS. Did you mean "us-east-1"?',
    ],
    [
      "an import from another region",
      { ...imported, bucket: { ...bucket, region: "eu-west-1" } },
      'bucket.region is "eu-west-1"; allowed: us-east-1. ' +
        "Lustre follows buckets of its own region only; copy the data there, or mount the bucket.",
    ],
    [
      "an import of a size that Lustre is not sold in",
      { ...imported, sizeGib: 100 },
      "sizeGib is 100; allowed: 1200, 2400 and multiples of 2400. Set sizeGib to 1200.",
    ],
    [
      "an import without a subnet",
      { ...imported, eks: { ...eksFacts, subnets: [] } },
      "eks.subnets is []; allowed: at least one subnet. List the private subnets of the nodes.",
    ],
    [
      "a disk beyond the largest",
      { ...copied, sizeGib: 70_000 },
      "sizeGib is 70000; allowed: a whole number from 1 to 65536. Set sizeGib within that range.",
    ],
    [
      "no copies",
      { ...copied, snapshot: { ...snapshot, copies: 0 } },
      "snapshot.copies is 0; allowed: a whole number from 1 to 100. Set snapshot.copies within that range.",
    ],
    [
      "a volume for a snapshot",
      { ...copied, snapshot: { snapshotId: "vol-0123456789abcdef0" } },
      'snapshot.snapshotId is "vol-0123456789abcdef0"; allowed: the id of a snapshot in EBS. ' +
        'Write it like "snap-0123456789abcdef0".',
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateDataset("corpus", args).map((problem) => problem.reason)).toEqual([reason]);
  });

  it("leaves a role's length alone where the role is there already", () => {
    const serviceAccount = "a".repeat(50);
    const args = { ...mounted, bucket: { ...bucket, serviceAccounts: [serviceAccount] } };
    expect(validateDataset("corpus", { ...args, roleNames: { [`ml/${serviceAccount}`]: "role" } })).toEqual([]);
  });

  it("registers nothing when there is a problem, and tells all of them", async () => {
    const { message, reasons } = problemsOf(() => new Dataset("Corpus", { ...common, kind: DatasetKind.s3Mount }));
    expect(message).toBe('Dataset "Corpus": 2 invalid inputs');
    expect(reasons).toHaveLength(2);
    expect(await program.resources()).toEqual([]);
  });
});
