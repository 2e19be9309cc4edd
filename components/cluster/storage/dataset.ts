import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { ebsDriverOf } from "../eks/ebs-driver";
import { BucketAccess, bucketStatements } from "./bucket-rights";
import { DEFAULT_IMPORT_GIB, type DatasetArgs, DatasetKind, validateDataset } from "./dataset-args";
import { createLustreFileSystem, lustreVolume } from "./lustre-file-system";
import { createSnapshotVolume } from "./snapshot-volume";
import { createStaticVolume, type StaticVolume } from "./static-volume";
import { grantWorkloadRights, type RolesByIdentity } from "./workload-rights";

/** Kubernetes wants a size of every volume; a bucket has none. */
const BUCKET_GIB = 1;

/**
 * Data that the pods of a namespace read and cannot change.
 *
 * Creates for `s3-mount` a PersistentVolume with its claim, and for each service account the right to read, with a role
 * where it has none yet; for `fsx-import` a Lustre file system with its security group and log group, the link to
 * the bucket, a PersistentVolume and its claim; for `ebs-snapshot` a VolumeSnapshot with its content and a claim for each copy.
 */
export class Dataset extends pulumi.ComponentResource {
  /** Names of the claims that pods mount; one, but for a snapshot with several copies. */
  public readonly claimNames: pulumi.Output<string[]>;
  /** Names of the roles by which pods read a mounted bucket, by `namespace/serviceAccount`; none for other kinds. */
  public readonly roleNames: pulumi.Output<Record<string, string>>;

  /**
   * @throws pulumi.InputPropertiesError when settings are missing or belong to another kind, when a name, prefix, region
   * or snapshot id is misspelt, when a mounted bucket has no readers, or when a size is none that AWS offers.
   */
  constructor(name: string, args: DatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateDataset(name, args);
    super("mlstack:index:Dataset", name, checkedInputs("Dataset", name, args, errors), opts);

    const { claimNames, roleNames } = create[args.kind](this, name, args);
    this.claimNames = pulumi.all(claimNames);
    this.roleNames = pulumi.all(roleNames);
    this.registerOutputs({ claimNames: this.claimNames, roleNames: this.roleNames });
  }
}

interface CreatedDataset {
  claimNames: pulumi.Output<string>[];
  roleNames: RolesByIdentity;
}

const create: Record<DatasetKind, (parent: Dataset, name: string, args: DatasetArgs) => CreatedDataset> = {
  [DatasetKind.s3Mount]: mountBucket,
  [DatasetKind.fsxImport]: importBucket,
  [DatasetKind.ebsSnapshot]: copySnapshot,
};

function mountBucket(parent: Dataset, name: string, args: DatasetArgs): CreatedDataset {
  const { eks, namespace, roleNames = {} } = args;
  const { bucketName, prefix, region = eks.region, serviceAccounts = [] } = args.bucket!;
  // A key is of use in its own region only.
  const { kmsKeyArn = region === eks.region ? eks.kmsKeyArn : undefined } = args.bucket!;
  const rights = compact({ region, bucketName, prefix, access: BucketAccess.read, kmsKeyArn });
  const workloads = serviceAccounts.map((serviceAccount) => ({
    namespace,
    serviceAccount,
    statements: bucketStatements([rights]),
  }));
  const roles = grantWorkloadRights(name, eks, workloads, roleNames, parent);
  const claim = createStaticVolume(name, bucketVolume(name, args), { parent, dependsOn: [] });
  return { claimNames: [claim.metadata.name], roleNames: roles };
}

/**
 * How pods mount a bucket: by the rights of their own service account rather than those of the driver, which every pod of
 * the cluster shares.
 *
 * @see https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md (version 2)
 * @see https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md for the options
 */
export function bucketVolume(name: string, { eks, namespace, claimName = name, bucket }: DatasetArgs): StaticVolume {
  const { bucketName, prefix, region = eks.region } = bucket!;
  return {
    namespace,
    claimName,
    accessMode: "ReadOnlyMany",
    sizeGib: BUCKET_GIB,
    // Only the user that mounts could read otherwise, and that is not the one of the pod.
    mountOptions: [
      "read-only",
      "allow-other",
      `region ${region}`,
      ...(prefix === undefined ? [] : [`prefix ${prefix}`]),
    ],
    driver: "s3.csi.aws.com",
    // The driver takes two volumes with the same handle for one; neither part can have a dot in it.
    volumeHandle: `${namespace}.${claimName}`,
    volumeAttributes: { bucketName, authenticationSource: "pod" },
  };
}

function importBucket(parent: Dataset, name: string, args: DatasetArgs): CreatedDataset {
  const { eks, namespace, claimName = name, sizeGib = DEFAULT_IMPORT_GIB, lustre: settings = {} } = args;
  const { bucketName, prefix = "" } = args.bucket!;
  // The bucket has the data: no backups, and nothing is lost with the file system.
  const disposable = { backups: false, protect: false, imports: true };
  const fileSystem = createLustreFileSystem(
    name,
    compact({ eks, sizeGib, settings, kmsKeyArn: eks.kmsKeyArn, ...disposable }),
    parent,
  );
  const link = new aws.fsx.DataRepositoryAssociation(
    `${name}-import`,
    {
      fileSystemId: fileSystem.id,
      fileSystemPath: "/",
      dataRepositoryPath: pulumi.interpolate`s3://${bucketName}/${prefix}`,
      batchImportMetaDataOnCreate: true,
      // Without an export policy nothing ever goes back to the bucket.
      s3: { autoImportPolicy: { events: ["NEW", "CHANGED", "DELETED"] } },
      tags: { ...eks.tags, Name: `${name}-import` },
    },
    { parent },
  );
  const volume = lustreVolume(fileSystem, { namespace, claimName, accessMode: "ReadOnlyMany", sizeGib });
  const claim = createStaticVolume(name, volume, { parent, dependsOn: [link] });
  return { claimNames: [claim.metadata.name], roleNames: {} };
}

function copySnapshot(parent: Dataset, name: string, args: DatasetArgs): CreatedDataset {
  const { eks, namespace, claimName = name, sizeGib = 0 } = args;
  const driver = ebsDriverOf(eks);
  const { snapshotId, copies = 1, storageClassName } = args.snapshot!;
  const snapshotName = pulumi.interpolate`${claimName}-${snapshotId}`;
  const volume = compact({ namespace, claimName, driver, snapshotId, snapshotName, copies, sizeGib, storageClassName });
  return { claimNames: createSnapshotVolume(name, volume, parent), roleNames: {} };
}
