import * as k8s from "@pulumi/kubernetes";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  EfsPerformanceMode,
  EfsThroughputMode,
  SharedVolume,
  type SharedVolumeArgs,
  SharedVolumeKind,
  validateSharedVolume,
} from "../../../../components/cluster/storage";
import { REPLACEMENTS } from "../../../../rehearsal/stand-ins/aws/replacements";
import { differences } from "../../../../rehearsal/stand-ins/differences";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts, keyless } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const efs: SharedVolumeArgs = { eks: eksFacts, namespace: "ml" };
const lustre: SharedVolumeArgs = { ...efs, kind: SharedVolumeKind.fsxLustre };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("SharedVolume on EFS", () => {
  it("creates a file system that every zone reaches, and a claim that is bound to it", async () => {
    new SharedVolume("checkpoints", efs);
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:ec2/securityGroup:SecurityGroup checkpoints-security-group < checkpoints",
      "aws:efs/accessPoint:AccessPoint checkpoints-access-point < checkpoints",
      "aws:efs/backupPolicy:BackupPolicy checkpoints-backup < checkpoints",
      "aws:efs/fileSystem:FileSystem checkpoints-file-system < checkpoints",
      "aws:efs/fileSystemPolicy:FileSystemPolicy checkpoints-policy < checkpoints",
      "aws:efs/mountTarget:MountTarget checkpoints-mount-target-us-east-1a < checkpoints",
      "aws:efs/mountTarget:MountTarget checkpoints-mount-target-us-east-1b < checkpoints",
      "aws:efs/mountTarget:MountTarget checkpoints-mount-target-us-east-1c < checkpoints",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule checkpoints-nodes-to-servers-2049-in < checkpoints",
      "kubernetes:core/v1:PersistentVolume checkpoints-volume < checkpoints",
      "kubernetes:core/v1:PersistentVolumeClaim checkpoints-claim < checkpoints",
      "mlstack:index:SharedVolume checkpoints",
    ]);
  });

  it("encrypts by the cluster's key, bills by use, and moves idle files to cheaper storage", async () => {
    new SharedVolume("checkpoints", efs);
    expect(await program.inputsOf("checkpoints-file-system")).toEqual({
      encrypted: true,
      kmsKeyId: eksFacts.kmsKeyArn,
      throughputMode: "elastic",
      performanceMode: "generalPurpose",
      lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
      tags: { "mlstack:cluster": "lab", Name: "checkpoints-file-system" },
    });
  });

  it("passes on what is said of EFS", async () => {
    new SharedVolume("checkpoints", {
      ...efs,
      eks: keyless,
      efs: {
        throughputMode: EfsThroughputMode.provisioned,
        provisionedMibps: 256,
        performanceMode: EfsPerformanceMode.maxIo,
        uid: 500,
        gid: 0,
        infrequentAccessAfterDays: 0,
      },
    });
    expect(await program.inputsOf("checkpoints-file-system")).toEqual({
      encrypted: true,
      throughputMode: "provisioned",
      provisionedThroughputInMibps: 256,
      performanceMode: "maxIO",
      tags: { "mlstack:cluster": "lab", Name: "checkpoints-file-system" },
    });
    expect(await program.inputsOf("checkpoints-access-point")).toMatchObject({ posixUser: { uid: 500, gid: 0 } });
  });

  it("writes a single day as AWS does", async () => {
    new SharedVolume("checkpoints", { ...efs, efs: { infrequentAccessAfterDays: 1 } });
    const { lifecyclePolicies } = await program.inputsOf("checkpoints-file-system");
    expect(lifecyclePolicies).toContainEqual({ transitionToIa: "AFTER_1_DAY" });
  });

  it("lets every pod act as one user, who owns the files", async () => {
    new SharedVolume("checkpoints", efs);
    expect(await program.inputsOf("checkpoints-access-point")).toEqual({
      fileSystemId: "checkpoints-file-system-id",
      posixUser: { uid: 1000, gid: 1000 },
      rootDirectory: { path: "/shared", creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0750" } },
      tags: { "mlstack:cluster": "lab", Name: "checkpoints-access-point" },
    });
  });

  it("can be mounted only through its access point, from the network of the nodes, and encrypted", async () => {
    new SharedVolume("checkpoints", efs);
    const Resource = ["arn:aws:test:us-east-1:123456789012:checkpoints-file-system"];
    expect(await policyOf(program, "checkpoints-policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "MountThroughTheAccessPoint",
          Effect: "Allow",
          Principal: { AWS: ["*"] },
          Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
          Resource,
          Condition: {
            Bool: { "elasticfilesystem:AccessedViaMountTarget": ["true"] },
            StringEquals: {
              "elasticfilesystem:AccessPointArn": ["arn:aws:test:us-east-1:123456789012:checkpoints-access-point"],
            },
          },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: { AWS: ["*"] },
          Action: ["elasticfilesystem:*"],
          Resource,
          Condition: { Bool: { "aws:SecureTransport": ["false"] } },
        },
      ],
    });
    expect(await program.inputsOf("checkpoints-nodes-to-servers-2049-in")).toMatchObject({
      ipProtocol: "tcp",
      fromPort: 2049,
      toPort: 2049,
      securityGroupId: "checkpoints-security-group-id",
      referencedSecurityGroupId: "sg-cluster",
    });
  });

  it("has one mount target in a zone with several subnets", async () => {
    const subnets = [...eksFacts.subnets, { availabilityZone: "us-east-1a", subnetId: "subnet-second" }];
    new SharedVolume("checkpoints", { ...efs, eks: { ...eksFacts, subnets } });
    const targets = (await program.resources()).filter(({ type }) => type === "aws:efs/mountTarget:MountTarget");
    expect(targets.map(({ inputs }) => inputs["subnetId"])).toEqual(["subnet-a", "subnet-b", "subnet-c"]);
  });

  it("binds the claim to the access point once that can be reached, and lets the file system outlive the claim", async () => {
    new SharedVolume("checkpoints", { ...efs, claimName: "shared", sizeGib: 50 });
    expect(await program.inputsOf("checkpoints-volume")).toMatchObject({
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "50Gi" },
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace: "ml", name: "shared" },
        csi: {
          driver: "efs.csi.aws.com",
          volumeHandle: "checkpoints-file-system-id::checkpoints-access-point-id",
          volumeAttributes: { encryptInTransit: "true" },
        },
      },
    });
    expect((await program.resource("checkpoints-volume")).dependsOn).toEqual(
      expect.arrayContaining([
        "checkpoints-mount-target-us-east-1a",
        "checkpoints-nodes-to-servers-2049-in",
        "checkpoints-policy",
      ]),
    );
    expect(await program.inputsOf("checkpoints-claim")).toMatchObject({
      metadata: { name: "shared", namespace: "ml" },
      spec: {
        storageClassName: "",
        volumeName: "checkpoints-volume-auto",
        resources: { requests: { storage: "1Gi" } },
      },
    });
  });

  it.each<[string, SharedVolumeArgs, boolean, string]>([
    ["by default", efs, true, "ENABLED"],
    ["where it is said", { ...efs, protect: false, backups: true }, false, "ENABLED"],
    ["not where its files may go", { ...efs, protect: false }, false, "DISABLED"],
  ])("is protected and backed up %s", async (_case, args, protect, status) => {
    new SharedVolume("checkpoints", args);
    expect(await program.inputsOf("checkpoints-backup")).toMatchObject({ backupPolicy: { status } });
    expect((await program.resource("checkpoints-file-system")).protect).toBe(protect);
    expect((await program.resource("checkpoints-claim")).protect).toBe(false);
  });

  it("tells its claim and its file system", async () => {
    const volume = new SharedVolume("checkpoints", efs);
    expect(await valueOf(volume.claimName)).toBe("checkpoints");
    expect(await valueOf(volume.fileSystemId)).toBe("checkpoints-file-system-id");
  });
});

describe("SharedVolume", () => {
  it("puts the claim on the cluster whose provider it is given", async () => {
    const provider = new k8s.Provider("lab", {});
    new SharedVolume("checkpoints", efs, { providers: [provider] });
    const onCluster = (await program.resources()).filter(({ type }) => type.startsWith("kubernetes:core"));
    expect(onCluster.map((resource) => resource.provider)).toEqual(["lab", "lab"]);
  });

  it("shows the claim in a preview, and does not know the file system yet", async () => {
    await startMocks({ preview: true });
    const volume = new SharedVolume("checkpoints", efs);
    expect(await valueOf(volume.claimName)).toBe("checkpoints");
    expect(await isKnown(volume.fileSystemId)).toBe(false);
  });

  it("can be there twice in one stack", async () => {
    new SharedVolume("checkpoints", lustre);
    new SharedVolume("estimators", lustre);
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each([{ ...efs, kind: SharedVolumeKind.efs }, lustre])("SharedVolume of the kind $kind", (args) => {
  const settings = [true, false].flatMap((protect) => [true, false].map((backups) => ({ protect, backups })));

  it.each(settings)("keeps its files when it becomes one with protect: $protect, backups: $backups", async (after) => {
    const created = async (given: Partial<SharedVolumeArgs>) => {
      const { resources } = await startMocks();
      new SharedVolume("checkpoints", { ...args, ...given });
      return resources();
    };
    const earlier = await created({});
    const later = await created(after);
    expect(childList(later)).toEqual(childList(earlier));
    const replacing = later.flatMap(({ type, name, inputs }, index) => {
      const changed = differences(earlier[index]!.inputs, inputs).map(({ names }) => names.join("."));
      const replaces = (input: string) =>
        REPLACEMENTS[type]?.some((given) => given === "*" || given === input) ?? false;
      return changed.filter(replaces).map((input) => `${name}: ${input}`);
    });
    expect(replacing).toEqual([]);
  });
});

describe("SharedVolume on FSx for Lustre", () => {
  it("creates a file system whose servers and nodes may talk as Lustre does", async () => {
    new SharedVolume("scratch", lustre);
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:ec2/securityGroup:SecurityGroup scratch-security-group < scratch",
      "aws:fsx/lustreFileSystem:LustreFileSystem scratch-file-system < scratch",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scratch-servers-to-nodes-1018-out < scratch",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scratch-servers-to-nodes-988-out < scratch",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scratch-servers-to-servers-1018-out < scratch",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scratch-servers-to-servers-988-out < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-nodes-to-servers-1018-in < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-nodes-to-servers-988-in < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-servers-to-nodes-1018-in < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-servers-to-nodes-988-in < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-servers-to-servers-1018-in < scratch",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule scratch-servers-to-servers-988-in < scratch",
      "kubernetes:core/v1:PersistentVolume scratch-volume < scratch",
      "kubernetes:core/v1:PersistentVolumeClaim scratch-claim < scratch",
      "mlstack:index:SharedVolume scratch",
    ]);
  });

  const servers = "scratch-security-group-id";
  it.each([
    ["scratch-nodes-to-servers-988-in", servers, "sg-cluster", 988, 988],
    ["scratch-servers-to-nodes-1018-in", "sg-cluster", servers, 1018, 1023],
    ["scratch-servers-to-nodes-988-out", servers, "sg-cluster", 988, 988],
    ["scratch-servers-to-servers-1018-in", servers, servers, 1018, 1023],
    ["scratch-servers-to-servers-1018-out", servers, servers, 1018, 1023],
  ])("%s is a rule of %s for %s", async (name, securityGroupId, referencedSecurityGroupId, fromPort, toPort) => {
    new SharedVolume("scratch", lustre);
    const rule = { ipProtocol: "tcp", securityGroupId, referencedSecurityGroupId, fromPort, toPort };
    expect(await program.inputsOf(name)).toMatchObject(rule);
    expect((await program.resource("scratch-file-system")).dependsOn).toContain(name);
  });

  it("is the smallest and cheapest that there is, in the first zone, encrypted, compressed and backed up", async () => {
    new SharedVolume("scratch", lustre);
    expect(await program.inputsOf("scratch-file-system")).toEqual({
      deploymentType: "PERSISTENT_2",
      storageType: "SSD",
      fileSystemTypeVersion: "2.15",
      storageCapacity: 1200,
      perUnitStorageThroughput: 125,
      dataCompressionType: "LZ4",
      subnetIds: "subnet-a",
      securityGroupIds: ["scratch-security-group-id"],
      kmsKeyId: eksFacts.kmsKeyArn,
      automaticBackupRetentionDays: 7,
      copyTagsToBackups: true,
      skipFinalBackup: false,
      tags: { "mlstack:cluster": "lab", Name: "scratch-file-system" },
    });
    expect((await program.resource("scratch-file-system")).protect).toBe(true);
  });

  it("passes on what is said of Lustre, and leaves nothing behind where its files may go", async () => {
    const settings = { throughputPerTib: 1000, availabilityZone: "us-east-1c", compression: false };
    new SharedVolume("scratch", { ...lustre, sizeGib: 4800, protect: false, kmsKeyArn: "key", lustre: settings });
    expect(await program.inputsOf("scratch-file-system")).toMatchObject({
      storageCapacity: 4800,
      perUnitStorageThroughput: 1000,
      dataCompressionType: "NONE",
      subnetIds: "subnet-c",
      kmsKeyId: "key",
      automaticBackupRetentionDays: 0,
      skipFinalBackup: true,
    });
    expect((await program.resource("scratch-file-system")).protect).toBe(false);
  });

  it("is mounted by its name in the network", async () => {
    const volume = new SharedVolume("scratch", lustre);
    expect(await program.inputsOf("scratch-volume")).toMatchObject({
      spec: {
        accessModes: ["ReadWriteMany"],
        mountOptions: ["flock"],
        csi: {
          driver: "fsx.csi.aws.com",
          volumeHandle: "scratch-file-system-id",
          volumeAttributes: { dnsname: "scratch-file-system.fsx.us-east-1.amazonaws.com", mountname: "abcdefgh" },
        },
      },
    });
    expect(await valueOf(volume.fileSystemId)).toBe("scratch-file-system-id");
  });
});

describe("SharedVolume: checks", () => {
  it.each<[string, SharedVolumeArgs]>([
    ["nothing but a cluster and a namespace", efs],
    ["any size of EFS", { ...efs, sizeGib: 7 }],
    ["Lustre in two subnets of a zone", { ...lustre, sizeGib: 2400, lustre: { availabilityZone: "us-east-1b" } }],
    ["bursts with more operations", { ...efs, efs: { throughputMode: "bursting", performanceMode: "maxIO" } }],
  ])("accepts %s", (_given, args) => {
    expect(validateSharedVolume("shared", args)).toEqual([]);
  });

  it.each<[string, SharedVolumeArgs, string]>([
    [
      "an unknown kind",
      { ...efs, kind: "nfs" as SharedVolumeKind },
      'kind is "nfs"; allowed: efs, fsx-lustre. Set kind to one of these.',
    ],
    [
      "a misspelt namespace",
      { ...efs, namespace: "ML" },
      'namespace is "ML"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set namespace to such a name.",
    ],
    [
      "a misspelt claim",
      { ...efs, claimName: "my.claim" },
      'claimName is "my.claim"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set claimName to such a name.",
    ],
    [
      "a cluster without subnets",
      { ...efs, eks: { ...eksFacts, subnets: [] } },
      "eks.subnets is []; allowed: at least one subnet. List the private subnets of the nodes.",
    ],
    ["no size", { ...efs, sizeGib: 0 }, "sizeGib is 0; allowed: a whole number from 1. Set sizeGib within that range."],
    [
      "a size between those of Lustre",
      { ...lustre, sizeGib: 3000 },
      "sizeGib is 3000; allowed: 1200, 2400 and multiples of 2400. Set sizeGib to 4800.",
    ],
    [
      "a throughput that Lustre is not sold with",
      { ...lustre, lustre: { throughputPerTib: 200 } },
      "lustre.throughputPerTib is 200; allowed: 125, 250, 500, 1000. Set lustre.throughputPerTib to one of these.",
    ],
    [
      "a zone without a subnet",
      { ...lustre, lustre: { availabilityZone: "us-east-1f" } },
      'lustre.availabilityZone is "us-east-1f"; allowed: us-east-1a, us-east-1b, us-east-1c. ' +
        "Name a zone that the cluster has a subnet in, or add one to the cluster.",
    ],
    [
      "settings of EFS on Lustre",
      { ...lustre, efs: {} },
      "efs is given for the kind fsx-lustre; allowed: the settings of that kind alone. Remove efs.",
    ],
    [
      "settings of Lustre on EFS",
      { ...efs, lustre: {} },
      "lustre is given for the kind efs; allowed: the settings of that kind alone. Remove lustre.",
    ],
    [
      "an unknown throughput mode",
      { ...efs, efs: { throughputMode: "fast" as EfsThroughputMode } },
      'efs.throughputMode is "fast"; allowed: elastic, bursting, provisioned. Set efs.throughputMode to one of these.',
    ],
    [
      "an unknown performance mode",
      { ...efs, efs: { performanceMode: "fast" as EfsPerformanceMode } },
      'efs.performanceMode is "fast"; allowed: generalPurpose, maxIO. Set efs.performanceMode to one of these.',
    ],
    [
      "throughput that is provisioned but not said",
      { ...efs, efs: { throughputMode: "provisioned" } },
      "efs.provisionedMibps is missing; allowed: a whole number from 1 to 3414 with the throughput mode provisioned. " +
        "Say how much is needed, or choose elastic.",
    ],
    [
      "throughput that is said but not provisioned",
      { ...efs, efs: { provisionedMibps: 100 } },
      "efs.provisionedMibps is 100; allowed: nothing but with the throughput mode provisioned. " +
        "Remove it, or set efs.throughputMode to provisioned.",
    ],
    [
      "more throughput than there is",
      { ...efs, efs: { throughputMode: "provisioned", provisionedMibps: 4000 } },
      "efs.provisionedMibps is 4000; allowed: a whole number from 1 to 3414. " +
        "Set efs.provisionedMibps within that range.",
    ],
    [
      "more operations with elastic throughput",
      { ...efs, efs: { performanceMode: "maxIO" } },
      'efs.performanceMode is "maxIO"; allowed: generalPurpose with the throughput mode elastic. ' +
        "Remove it, or choose another throughput mode.",
    ],
    [
      "root, who has no rights",
      { ...efs, efs: { uid: 0 } },
      "efs.uid is 0; allowed: a whole number from 1 to 4294967295. Set efs.uid within that range.",
    ],
    [
      "a group beyond all",
      { ...efs, efs: { gid: 2 ** 32 } },
      "efs.gid is 4294967296; allowed: a whole number from 0 to 4294967295. Set efs.gid within that range.",
    ],
    [
      "days that EFS does not count",
      { ...efs, efs: { infrequentAccessAfterDays: 10 } },
      "efs.infrequentAccessAfterDays is 10; allowed: 0 for never, 1, 7, 14, 30, 60, 90, 180, 270, 365. " +
        "Set efs.infrequentAccessAfterDays to one of these.",
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateSharedVolume("shared", args).map((problem) => problem.reason)).toEqual([reason]);
  });

  it("proposes the next size that Lustre is sold in, which it accepts", () => {
    const size = fc.double({ min: -5000, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, (sizeGib) => {
        const [problem] = validateSharedVolume("shared", { ...lustre, sizeGib });
        if (problem === undefined) return sizeGib === 1200 || sizeGib % 2400 === 0;
        const proposed = Number(/Set sizeGib to (\d+)\.$/.exec(problem.reason)?.[1]);
        return proposed >= sizeGib && validateSharedVolume("shared", { ...lustre, sizeGib: proposed }).length === 0;
      }),
    );
  });

  it("registers nothing when there is a problem, and tells all of them", async () => {
    const { message, reasons } = problemsOf(() => new SharedVolume("Shared", { ...efs, sizeGib: 0.5 }));
    expect(message).toBe('SharedVolume "Shared": 2 invalid inputs');
    expect(reasons).toHaveLength(2);
    expect(await program.resources()).toEqual([]);
  });
});
