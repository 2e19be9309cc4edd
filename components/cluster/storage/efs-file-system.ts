import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { checkEnum, checkWholeNumber, compact, type InputProblem, inputProblem } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { policyDocument } from "../identity/iam-policy";
import { refusePlainText } from "../identity/plain-text";
import { createFileSystemGroup, NFS_TRAFFIC } from "./file-system-traffic";

/** How the throughput of an EFS file system is paid for. */
export const EfsThroughputMode = {
  /** By what is read and written; as much as there is to move. */
  elastic: "elastic",
  /** By what is stored, which also bounds it. */
  bursting: "bursting",
  /** By the hour, used or not. */
  provisioned: "provisioned",
} as const;
/** How the throughput of an EFS file system is paid for. */
export type EfsThroughputMode = (typeof EfsThroughputMode)[keyof typeof EfsThroughputMode];

/** What an EFS file system is tuned for. */
export const EfsPerformanceMode = {
  /** Quick answers. */
  generalPurpose: "generalPurpose",
  /** More operations at a time, each of them slower. */
  maxIo: "maxIO",
} as const;
/** What an EFS file system is tuned for. */
export type EfsPerformanceMode = (typeof EfsPerformanceMode)[keyof typeof EfsPerformanceMode];

/** Settings of an EFS file system. */
export interface EfsSettings {
  /** How throughput is paid for; `elastic` by default, as training writes checkpoints in bursts and is idle between. */
  throughputMode?: EfsThroughputMode;
  /** Throughput in MiB/s, from 1 to 3414; only with `provisioned`, and required there. */
  provisionedMibps?: number;
  /** What the file system is tuned for; `generalPurpose` by default, and the only one with `elastic`. */
  performanceMode?: EfsPerformanceMode;
  /**
   * User that every file belongs to and every pod acts as, whatever it runs as, from 1 to 4294967295; 1000 by default. Root
   * has no rights on the file system.
   */
  uid?: number;
  /** Group that every file belongs to and every pod acts as, from 0 to 4294967295; 1000 by default. */
  gid?: number;
  /**
   * Days without access after which files move to cheaper storage: 1, 7, 14, 30, 60, 90, 180, 270 or 365; 0 for never. 30
   * by default. The first access brings a file back.
   */
  infrequentAccessAfterDays?: number;
}

/** @see https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html (API 2015-02-01) */
const IDLE_DAYS = [1, 7, 14, 30, 60, 90, 180, 270, 365];

const LARGEST_ID = 2 ** 32 - 1;

/** How an EFS file system is made. */
export interface EfsFileSystemArgs {
  eks: EksFacts;
  settings: EfsSettings;
  kmsKeyArn?: pulumi.Input<string>;
  backups: boolean;
  /** Whether Pulumi refuses to delete it. */
  protect: boolean;
}

/** An EFS file system with its only way in. */
export interface EfsFileSystem {
  fileSystem: aws.efs.FileSystem;
  accessPoint: aws.efs.AccessPoint;
  /** What must be there before it can be mounted. */
  network: pulumi.Resource[];
}

/** Creates an EFS file system that the nodes of the cluster can mount. */
export function createEfsFileSystem(name: string, args: EfsFileSystemArgs, parent: pulumi.Resource): EfsFileSystem {
  const { eks, settings, kmsKeyArn, backups, protect } = args;
  const { infrequentAccessAfterDays: idleDays = 30 } = settings;
  const tagged = (resource: string) => ({ ...eks.tags, Name: resource });
  const fileSystem = new aws.efs.FileSystem(
    `${name}-file-system`,
    compact({
      encrypted: true,
      kmsKeyId: kmsKeyArn,
      throughputMode: settings.throughputMode ?? EfsThroughputMode.elastic,
      provisionedThroughputInMibps: settings.provisionedMibps,
      performanceMode: settings.performanceMode ?? EfsPerformanceMode.generalPurpose,
      lifecyclePolicies: idleDays === 0 ? undefined : lifecyclePolicies(idleDays),
      tags: tagged(`${name}-file-system`),
    }),
    { parent, protect },
  );
  const fileSystemId = fileSystem.id;
  const status = backups ? "ENABLED" : "DISABLED";
  new aws.efs.BackupPolicy(`${name}-backup`, { fileSystemId, backupPolicy: { status } }, { parent });
  const accessPoint = new aws.efs.AccessPoint(
    `${name}-access-point`,
    { fileSystemId, ...ownership(settings), tags: tagged(`${name}-access-point`) },
    { parent },
  );
  const policy = new aws.efs.FileSystemPolicy(
    `${name}-policy`,
    { fileSystemId, policy: accessPolicy(fileSystem.arn, accessPoint.arn) },
    { parent },
  );
  const group = createFileSystemGroup(name, eks, NFS_TRAFFIC, parent);
  const mountTargets = subnetPerZone(eks).map(
    ({ availabilityZone, subnetId }) =>
      new aws.efs.MountTarget(
        `${name}-mount-target-${availabilityZone}`,
        { fileSystemId, subnetId, securityGroups: [group.id] },
        { parent },
      ),
  );
  return { fileSystem, accessPoint, network: [policy, ...group.rules, ...mountTargets] };
}

/** One policy says one thing, as the API demands it. */
function lifecyclePolicies(idleDays: number) {
  return [
    { transitionToIa: `AFTER_${idleDays}_DAY${idleDays === 1 ? "" : "S"}` },
    { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
  ];
}

/** Everybody is one user: pods with different users share the files all the same, and root is nobody special. */
function ownership({ uid = 1000, gid = 1000 }: EfsSettings) {
  const creationInfo = { ownerUid: uid, ownerGid: gid, permissions: "0750" };
  return { posixUser: { uid, gid }, rootDirectory: { path: "/shared", creationInfo } };
}

/**
 * Mounting needs no identity, as nodes cannot hand on that of a pod; the network says who may. It is possible only
 * through the access point, encrypted, and not as root.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
function accessPolicy(
  fileSystemArn: pulumi.Output<string>,
  accessPointArn: pulumi.Output<string>,
): pulumi.Output<string> {
  return policyDocument([
    {
      sid: "MountThroughTheAccessPoint",
      principals: { AWS: ["*"] },
      actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      resources: [fileSystemArn],
      conditions: {
        Bool: { "elasticfilesystem:AccessedViaMountTarget": ["true"] },
        StringEquals: { "elasticfilesystem:AccessPointArn": [accessPointArn] },
      },
    },
    refusePlainText("elasticfilesystem", [fileSystemArn]),
  ]);
}

/** EFS takes one mount target in each zone; it serves every subnet there. */
function subnetPerZone({ subnets }: EksFacts) {
  const zones = subnets.map(({ availabilityZone }) => availabilityZone);
  return subnets.filter(({ availabilityZone }, index) => zones.indexOf(availabilityZone) === index);
}

/** Checks the settings of an EFS file system. */
export function checkEfs(settings: EfsSettings = {}): InputProblem[] {
  const { throughputMode, provisionedMibps, performanceMode, uid, gid } = settings;
  return [
    ...checkEnum("efs.throughputMode", throughputMode, EfsThroughputMode),
    ...checkEnum("efs.performanceMode", performanceMode, EfsPerformanceMode),
    ...checkWholeNumber("efs.provisionedMibps", provisionedMibps, { min: 1, max: 3414 }),
    ...checkWholeNumber("efs.uid", uid, { min: 1, max: LARGEST_ID }),
    ...checkWholeNumber("efs.gid", gid, { min: 0, max: LARGEST_ID }),
    ...checkIdleDays(settings.infrequentAccessAfterDays),
    ...checkCombination(settings),
  ];
}

function checkIdleDays(days: number | undefined): InputProblem[] {
  if (days === undefined || days === 0 || IDLE_DAYS.includes(days)) return [];
  const path = "efs.infrequentAccessAfterDays";
  return [inputProblem(path, days, `0 for never, ${IDLE_DAYS.join(", ")}`, `Set ${path} to one of these.`)];
}

/** @see https://docs.aws.amazon.com/efs/latest/ug/performance.html */
function checkCombination(settings: EfsSettings): InputProblem[] {
  const { throughputMode = EfsThroughputMode.elastic, provisionedMibps, performanceMode } = settings;
  const provisioned = throughputMode === EfsThroughputMode.provisioned;
  const missing = inputProblem(
    "efs.provisionedMibps",
    undefined,
    "a whole number from 1 to 3414 with the throughput mode provisioned",
    "Say how much is needed, or choose elastic.",
  );
  const unused = inputProblem(
    "efs.provisionedMibps",
    provisionedMibps,
    "nothing but with the throughput mode provisioned",
    "Remove it, or set efs.throughputMode to provisioned.",
  );
  const tooFew = inputProblem(
    "efs.performanceMode",
    performanceMode,
    "generalPurpose with the throughput mode elastic",
    "Remove it, or choose another throughput mode.",
  );
  return [
    ...(provisioned && provisionedMibps === undefined ? [missing] : []),
    ...(!provisioned && provisionedMibps !== undefined ? [unused] : []),
    ...(throughputMode === EfsThroughputMode.elastic && performanceMode === EfsPerformanceMode.maxIo ? [tooFew] : []),
  ];
}
