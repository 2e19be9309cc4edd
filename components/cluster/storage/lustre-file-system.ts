import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact, type InputProblem, inputProblem } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { DEFAULT_LOG_RETENTION_DAYS } from "../eks/log-retention";
import { createFileSystemGroup, LUSTRE_TRAFFIC } from "./file-system-traffic";
import type { StaticVolume } from "./static-volume";

/** Settings of an FSx for Lustre file system. */
export interface LustreSettings {
  /**
   * Throughput in MB/s for each TiB of storage: 125, 250, 500 or 1000. 125 by default, the cheapest; a file system of
   * 4800 GiB then moves 600 MB/s.
   */
  throughputPerTib?: number;
  /**
   * Availability zone of the servers, one of those of the cluster's subnets; the first of them by default. Mounting works
   * from every zone, but traffic between zones is slower and costs, so name the zone of the training pool.
   */
  availabilityZone?: string;
  /** Whether files are compressed by LZ4 on their way to the disks; true by default, as it costs nothing. */
  compression?: boolean;
}

/**
 * What FSx sells as `PERSISTENT_2` on SSD.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html "StorageCapacity" (API 2018-03-01)
 * @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystemLustreConfiguration.html (API 2018-03-01)
 */
const SMALLEST_GIB = 1200;
const STEP_GIB = 2400;
const THROUGHPUTS = [125, 250, 500, 1000];

/** How long FSx keeps its daily backups. */
const BACKUP_DAYS = 7;

/** How a Lustre file system is made. */
export interface LustreFileSystemArgs {
  eks: EksFacts;
  sizeGib: number;
  settings: LustreSettings;
  kmsKeyArn?: pulumi.Input<string>;
  /** Whether FSx makes a backup each day. */
  backups: boolean;
  /** Whether Pulumi refuses to delete it; if it is deleted nonetheless, FSx makes a last backup. */
  protect: boolean;
  /** Whether a bucket is to be linked to it: what cannot be read from there is then logged, in CloudWatch. */
  imports?: boolean;
}

/** Creates a Lustre file system that the nodes of the cluster can mount. */
export function createLustreFileSystem(
  name: string,
  args: LustreFileSystemArgs,
  parent: pulumi.Resource,
): aws.fsx.LustreFileSystem {
  const { eks, sizeGib, settings, kmsKeyArn, backups, protect, imports } = args;
  const group = createFileSystemGroup(name, eks, LUSTRE_TRAFFIC, parent);
  const zone = settings.availabilityZone ?? eks.subnets[0]?.availabilityZone;
  return new aws.fsx.LustreFileSystem(
    `${name}-file-system`,
    compact({
      deploymentType: "PERSISTENT_2",
      storageType: "SSD",
      fileSystemTypeVersion: "2.15",
      storageCapacity: sizeGib,
      perUnitStorageThroughput: settings.throughputPerTib ?? 125,
      dataCompressionType: (settings.compression ?? true) ? "LZ4" : "NONE",
      subnetIds: eks.subnets.find((subnet) => subnet.availabilityZone === zone)!.subnetId,
      securityGroupIds: [group.id],
      kmsKeyId: kmsKeyArn,
      automaticBackupRetentionDays: backups ? BACKUP_DAYS : 0,
      // It cannot change later, so it follows from nothing that may; where a bucket is linked, FSx does not take it.
      copyTagsToBackups: imports ? undefined : true,
      skipFinalBackup: !protect,
      logConfiguration: imports ? importLog(name, eks, parent) : undefined,
      tags: { ...eks.tags, Name: `${name}-file-system` },
    }),
    // FSx refuses to create a file system whose servers could not talk to one another.
    { parent, protect, dependsOn: group.rules },
  );
}

/** FSx would make the group itself, without tags and for ever; it takes only those under `/aws/fsx/`. */
function importLog(name: string, eks: EksFacts, parent: pulumi.Resource) {
  const logGroupName = `/aws/fsx/${eks.name}/${name}`;
  const group = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    {
      name: logGroupName,
      retentionInDays: DEFAULT_LOG_RETENTION_DAYS,
      tags: { ...eks.tags, Name: logGroupName },
    },
    { parent },
  );
  return { level: "WARN_ERROR", destination: group.arn };
}

/** How pods mount a Lustre file system; `flock` as frameworks lock their files. */
export function lustreVolume(
  fileSystem: aws.fsx.LustreFileSystem,
  volume: Pick<StaticVolume, "namespace" | "claimName" | "accessMode" | "sizeGib">,
): StaticVolume {
  return {
    ...volume,
    mountOptions: volume.accessMode === "ReadOnlyMany" ? ["ro", "flock"] : ["flock"],
    driver: "fsx.csi.aws.com",
    volumeHandle: fileSystem.id,
    volumeAttributes: { dnsname: fileSystem.dnsName, mountname: fileSystem.mountName },
  };
}

/** Checks size, throughput and zone of a Lustre file system. */
export function checkLustre(
  sizePath: string,
  sizeGib: number,
  eks: EksFacts,
  settings: LustreSettings = {},
): InputProblem[] {
  return [
    ...checkSize(sizePath, sizeGib),
    ...checkThroughput(settings.throughputPerTib),
    ...checkZone(eks, settings.availabilityZone),
  ];
}

function checkSize(path: string, sizeGib: number): InputProblem[] {
  if (sizeGib === SMALLEST_GIB || (sizeGib > 0 && sizeGib % STEP_GIB === 0)) return [];
  const steps = Math.max(1, Math.ceil(sizeGib / STEP_GIB));
  const next = sizeGib < SMALLEST_GIB || !Number.isFinite(steps) ? SMALLEST_GIB : steps * STEP_GIB;
  const allowed = `${SMALLEST_GIB}, ${STEP_GIB} and multiples of ${STEP_GIB}`;
  return [inputProblem(path, sizeGib, allowed, `Set ${path} to ${next}.`)];
}

function checkThroughput(throughput: number | undefined): InputProblem[] {
  if (throughput === undefined || THROUGHPUTS.includes(throughput)) return [];
  const path = "lustre.throughputPerTib";
  return [inputProblem(path, throughput, THROUGHPUTS.join(", "), `Set ${path} to one of these.`)];
}

function checkZone(eks: EksFacts, zone: string | undefined): InputProblem[] {
  const zones = [...new Set(eks.subnets.map(({ availabilityZone }) => availabilityZone))];
  if (zones.length === 0 || zone === undefined || zones.includes(zone)) return [];
  const remedy = "Name a zone that the cluster has a subnet in, or add one to the cluster.";
  return [inputProblem("lustre.availabilityZone", zone, zones.join(", "), remedy)];
}

/** Checks that there is a subnet to put a file system in. */
export function checkSubnets(eks: EksFacts): InputProblem[] {
  if (eks.subnets.length > 0) return [];
  return [inputProblem("eks.subnets", [], "at least one subnet", "List the private subnets of the nodes.")];
}
