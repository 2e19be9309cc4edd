import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
} from "../../internal";
import { awsRegion, nearestAwsRegion } from "../../model";
import type { EksFacts } from "../eks-facts";
import { checkBucketName, checkPrefix } from "./bucket-rights";
import { checkLustre, checkSubnets, type LustreSettings } from "./lustre-file-system";
import { checkRoleLength, checkRoleNames, identityOf } from "./workload-rights";

/** How pods get at the data. */
export const DatasetKind = {
  /** A bucket that is mounted by Mountpoint for S3: costs nothing by itself, good at reading large files from end to end. */
  s3Mount: "s3-mount",
  /**
   * A Lustre file system that fetches each file from a bucket when it is first read, and follows the bucket from then on:
   * for many small files, random access, and data that is read over and over.
   */
  fsxImport: "fsx-import",
  /**
   * Disks that are copies of an EBS snapshot. No disk is shared: each claim is for the pods of one node at a time, in the
   * zone where its first pod ran. For data of a fixed state that a few nodes read at the speed of a disk.
   */
  ebsSnapshot: "ebs-snapshot",
} as const;
/** How pods get at the data. */
export type DatasetKind = (typeof DatasetKind)[keyof typeof DatasetKind];

/** The part of a bucket that holds a dataset. */
export interface DatasetBucket {
  /** Name of the bucket. */
  bucketName: pulumi.Input<string>;
  /** Folder of the bucket to show, with a slash behind it; the whole bucket by default. */
  prefix?: string;
  /** Region of the bucket; the cluster's by default, and with `fsx-import` no other will do. */
  region?: string;
  /**
   * Service accounts of the namespace whose pods may read the bucket. Only for `s3-mount`, and required there, as nobody
   * else can: Lustre reads the bucket by a role of its own.
   */
  serviceAccounts?: string[];
  /**
   * KMS key that encrypts the objects; by default the cluster's in its own region, and else AWS's own. Only for
   * `s3-mount`: with `fsx-import` the key's policy must let FSx's own role decrypt.
   */
  kmsKeyArn?: pulumi.Input<string>;
}

/** A snapshot in EBS that holds a dataset. */
export interface DatasetSnapshot {
  /**
   * Id of the snapshot, for example `snap-0123456789abcdef0`. Where another key than the cluster's encrypts it, the driver
   * must be let use that one: list it in the `snapshotKeyArns` of the cluster's add-ons. With EKS Auto Mode the driver uses
   * keys through the role of the control plane, which the key's policy has to let do so.
   */
  snapshotId: pulumi.Input<string>;
  /** Disks to make from it, from 1 to 100: one for each node that reads at the same time; 1 by default. */
  copies?: number;
  /** StorageClass of the disks; the cluster's default class by default. */
  storageClassName?: string;
}

/** What a {@link Dataset} is made from. */
export interface DatasetArgs {
  /**
   * Cluster whose pods read the data. The CSI driver of the kind must be installed there, and for `ebs-snapshot` the
   * snapshot controller.
   */
  eks: EksFacts;
  /** How pods get at the data. */
  kind: DatasetKind;
  /** Namespace of the claims, hence of the pods. It must exist. */
  namespace: string;
  /**
   * Name of the claim; by default the name of the component. Where a snapshot has several copies, their claims are called
   * `<claimName>-0` and so on.
   */
  claimName?: string;
  /** Where the data is; for `s3-mount` and `fsx-import`. */
  bucket?: DatasetBucket;
  /** Where the data is; for `ebs-snapshot`. */
  snapshot?: DatasetSnapshot;
  /**
   * Size in GiB. With `fsx-import` that of the file system, 1200 (the default), 2400 or a multiple of 2400; files that do
   * not fit are dropped and fetched again. With `ebs-snapshot` that of each disk: required, and at least the snapshot's.
   */
  sizeGib?: number;
  /** Settings of Lustre; only for `fsx-import`. */
  lustre?: LustreSettings;
  /**
   * Names of roles that service accounts have already, by `namespace/serviceAccount`, for example the `roleNames` of an
   * ArtifactBucket. The right to read is added to these, as EKS lets a service account have one role; the others get one.
   */
  roleNames?: Record<string, pulumi.Input<string>>;
}

const EVERY_SETTING = ["bucket", "snapshot", "sizeGib", "lustre", "roleNames"] as const;
type Setting = (typeof EVERY_SETTING)[number];

/** What each kind must be told, and may be. */
const SETTINGS: Record<DatasetKind, { required: Setting[]; optional: Setting[] }> = {
  "s3-mount": { required: ["bucket"], optional: ["roleNames"] },
  "fsx-import": { required: ["bucket"], optional: ["sizeGib", "lustre"] },
  "ebs-snapshot": { required: ["snapshot", "sizeGib"], optional: [] },
};

/** What is said of a bucket only where pods read it by rights of their own. */
const RIGHTS = ["serviceAccounts", "kmsKeyArn"] as const;

/** Size of an imported dataset where nothing is said: the smallest of Lustre. */
export const DEFAULT_IMPORT_GIB = 1200;

/** @see https://docs.aws.amazon.com/ebs/latest/userguide/volume_constraints.html */
const LARGEST_DISK_GIB = 65_536;

/** Checks a dataset's inputs. */
export function validateDataset(name: string, args: DatasetArgs): InputProblem[] {
  return [
    ...checkEnum("kind", args.kind, DatasetKind),
    ...checkDnsLabel("namespace", args.namespace),
    ...checkDnsLabel("claimName", args.claimName ?? name),
    ...checkSettings(args),
    ...(args.bucket === undefined ? [] : checkBucket(args, args.bucket)),
    ...(CHECKS[args.kind]?.(name, args) ?? []),
  ];
}

const CHECKS: Record<DatasetKind, (name: string, args: DatasetArgs) => InputProblem[]> = {
  "s3-mount": checkReaders,
  "fsx-import": (_name, { eks, sizeGib = DEFAULT_IMPORT_GIB, lustre }) => [
    ...checkSubnets(eks),
    ...checkLustre("sizeGib", sizeGib, eks, lustre),
  ],
  "ebs-snapshot": (_name, { sizeGib, snapshot }) => [
    ...checkWholeNumber("sizeGib", sizeGib, { min: 1, max: LARGEST_DISK_GIB }),
    ...checkWholeNumber("snapshot.copies", snapshot?.copies, { min: 1, max: 100 }),
    ...checkSnapshotId(snapshot?.snapshotId),
  ],
};

function checkSettings(args: DatasetArgs): InputProblem[] {
  // A kind that is unknown is reported as such; what belongs to it cannot be told.
  const { required, optional } = SETTINGS[args.kind] ?? { required: [], optional: EVERY_SETTING };
  const taken: Setting[] = [...required, ...optional];
  const missing = required.filter((setting) => args[setting] === undefined);
  const unused = EVERY_SETTING.filter((setting) => args[setting] !== undefined && !taken.includes(setting));
  const takes = taken.join(", ");
  return [
    ...missing.map((setting) =>
      inputProblem(setting, undefined, `what ${args.kind} must be told`, `The kind ${args.kind} takes ${takes}.`),
    ),
    ...unused.map((setting) => problemAt(setting, `given for the kind ${args.kind}`, takes, `Remove ${setting}.`)),
  ];
}

function checkBucket({ kind, eks }: DatasetArgs, bucket: DatasetBucket): InputProblem[] {
  const { bucketName, prefix, region } = bucket;
  const unused = RIGHTS.filter((setting) => kind === DatasetKind.fsxImport && bucket[setting] !== undefined);
  return [
    ...(isPlain(bucketName) ? checkBucketName("bucket.bucketName", bucketName) : []),
    ...checkPrefix("bucket.prefix", prefix),
    ...(region === undefined ? [] : checkRegion(kind, eks, region)),
    ...unused.map((setting) => {
      const path = `bucket.${setting}`;
      const remedy = `Remove ${path}; pods read the file system, and FSx reads the bucket by a role of its own.`;
      return problemAt(path, `given for the kind ${kind}`, "nothing but with s3-mount", remedy);
    }),
  ];
}

/** @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/overview-dra-data-repo.html "Region and account support" */
function checkRegion(kind: DatasetKind, eks: EksFacts, region: string): InputProblem[] {
  if (awsRegion(region) === undefined) {
    const remedy = `Did you mean "${nearestAwsRegion(region)}"?`;
    return [inputProblem("bucket.region", region, "a region of AWS", remedy)];
  }
  if (kind !== DatasetKind.fsxImport || region === eks.region) return [];
  const remedy = "Lustre follows buckets of its own region only; copy the data there, or mount the bucket.";
  return [inputProblem("bucket.region", region, eks.region, remedy)];
}

function checkReaders(name: string, { namespace, bucket, roleNames }: DatasetArgs): InputProblem[] {
  if (bucket === undefined) return [];
  const { serviceAccounts = [] } = bucket;
  const remedy = "Name those whose pods read the data; nobody else can.";
  const nobody = inputProblem("bucket.serviceAccounts", [], "at least one service account", remedy);
  const identities = serviceAccounts.map((serviceAccount) => identityOf({ namespace, serviceAccount }));
  return [
    ...(serviceAccounts.length === 0 ? [nobody] : []),
    ...serviceAccounts.flatMap((serviceAccount, index) => {
      const path = `bucket.serviceAccounts[${index}]`;
      const misspelt = checkDnsLabel(path, serviceAccount);
      if (misspelt.length > 0) return misspelt;
      if (serviceAccounts.indexOf(serviceAccount) < index) {
        return [inputProblem(path, serviceAccount, "each service account once", "Remove one.")];
      }
      const hasRole = roleNames?.[identities[index]!] !== undefined;
      return hasRole ? [] : checkRoleLength(path, name, { namespace, serviceAccount });
    }),
    ...checkRoleNames(roleNames, identities),
  ];
}

function checkSnapshotId(snapshotId: pulumi.Input<string> | undefined): InputProblem[] {
  if (!isPlain(snapshotId) || /^snap-[0-9a-f]{8,17}$/.test(snapshotId)) return [];
  const remedy = 'Write it like "snap-0123456789abcdef0".';
  return [inputProblem("snapshot.snapshotId", snapshotId, "the id of a snapshot in EBS", remedy)];
}
