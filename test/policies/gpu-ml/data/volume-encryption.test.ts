import { describe, expect, it } from "vitest";
import { volumeEncryption } from "../../../../policies/gpu-ml/data/volume-encryption";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown } from "../helm/charts";
import { fixesOf } from "./fixes";

function storageClass(
  parameters: unknown,
  provisioner: unknown = "ebs.csi.aws.com",
  kind = "StorageClass",
): TestResource {
  const props = { apiVersion: "storage.k8s.io/v1", kind, metadata: { name: "fast" }, provisioner, parameters };
  return { type: `kubernetes:storage.k8s.io/v1:${kind}`, name: "fast", props };
}

function volume(props: object): TestResource {
  return { type: "aws:ebs/volume:Volume", name: "data", props };
}

function fileSystem(props: object): TestResource {
  return { type: "aws:efs/fileSystem:FileSystem", name: "data", props };
}

function launchTemplate(blockDeviceMappings: unknown): TestResource {
  return { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "gpu", props: { blockDeviceMappings } };
}

function nodeClass(blockDeviceMappings: unknown, kind = "EC2NodeClass"): TestResource {
  const props = { apiVersion: "karpenter.k8s.aws/v1", kind, metadata: { name: "gpu" }, spec: { blockDeviceMappings } };
  return { type: `kubernetes:karpenter.k8s.aws/v1:${kind}`, name: "gpu", props };
}

const WAY_OUT =
  "allowed: true. Set it, and name a KMS key of your own where the default one of the account will not do.";
const UNDECIDED = notKnown("Volumes are encrypted at rest");
/** What AWS replaces, with all data, to encrypt it. */
const REPLACED = ["aws:ebs/volume:Volume", "aws:efs/fileSystem:FileSystem"];
const AUTO_MODE = "ebs.csi.eks.amazonaws.com";

describe("DATA-02 encryption of volumes", () => {
  it.each([
    ["an encrypted class", storageClass({ encrypted: "true" })],
    ["the switch in capitals", storageClass({ encrypted: "True" })],
    ["the switch as no text", storageClass({ encrypted: true })],
    ["a class of another provisioner", storageClass({}, "efs.csi.aws.com")],
    ["a class without provisioner", storageClass({}, null)],
    ["a class of Auto Mode, which encrypts by itself", storageClass({}, AUTO_MODE)],
    ["an encrypted class of Auto Mode", storageClass({ encrypted: "true" }, AUTO_MODE)],
    ["another kind of storage", storageClass({}, "ebs.csi.aws.com", "CSIDriver")],
    ["an encrypted volume", volume({ encrypted: true })],
    ["an encrypted volume from a snapshot", volume({ encrypted: true, snapshotId: "snap-1" })],
    ["a volume that is as its snapshot", volume({ snapshotId: "snap-1" })],
    ["an encrypted file system", fileSystem({ encrypted: true })],
    ["encrypted disks of nodes", launchTemplate([{ ebs: { encrypted: "true" } }])],
    ["disks that are as their snapshot", launchTemplate([{ ebs: { snapshotId: "snap-1" } }])],
    ["disks that are none of EBS", launchTemplate([{ virtualName: "ephemeral0" }, { ebs: null }])],
    ["encrypted disks of Karpenter's nodes", nodeClass([{ ebs: { encrypted: true } }])],
    ["disks of Karpenter's that are as their snapshot", nodeClass([{ ebs: { snapshotID: "snap-1" } }])],
    ["another kind of Karpenter's", nodeClass([{ ebs: {} }], "NodePool")],
    ["nodes with the disks of their image", launchTemplate(undefined)],
    ["disks of another type", launchTemplate("none")],
    ["a file system that AWS always encrypts", { type: "aws:fsx/lustreFileSystem:LustreFileSystem", props: {} }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([volumeEncryption], resource)).toEqual([]);
  });

  const refused: [string, TestResource, string, string, string | boolean][] = [
    [
      "a class",
      storageClass(undefined),
      "StorageClass fast: parameters.encrypted",
      "absent, which means no encryption",
      "true",
    ],
    [
      "a class of the older driver",
      storageClass({}, "kubernetes.io/aws-ebs"),
      "StorageClass fast: parameters.encrypted",
      "absent, which means no encryption",
      "true",
    ],
    [
      "a class that says null",
      storageClass({ encrypted: null }),
      "StorageClass fast: parameters.encrypted",
      "absent, which means no encryption",
      "true",
    ],
    [
      "a class that switches it off",
      storageClass({ encrypted: "false" }),
      "StorageClass fast: parameters.encrypted",
      "off",
      "true",
    ],
    [
      "a class of Auto Mode",
      storageClass({ encrypted: "false" }, AUTO_MODE),
      "StorageClass fast: parameters.encrypted",
      "off",
      "true",
    ],
    [
      "a volume from no snapshot",
      volume({ snapshotId: null }),
      "Volume data: encrypted",
      "absent, which means no encryption",
      true,
    ],
    [
      "a disk from no snapshot",
      launchTemplate([{ ebs: { snapshotId: null } }]),
      "LaunchTemplate gpu: blockDeviceMappings[0].ebs.encrypted",
      "absent, which means no encryption",
      "true",
    ],
    [
      "a disk of Karpenter's",
      nodeClass([{ ebs: { volumeSize: "100Gi" } }]),
      "EC2NodeClass gpu: spec.blockDeviceMappings[0].ebs.encrypted",
      "absent, which means no encryption",
      true,
    ],
    ["a volume", volume({}), "Volume data: encrypted", "absent, which means no encryption", true],
    [
      "a volume from a snapshot",
      volume({ encrypted: false, snapshotId: "snap-1" }),
      "Volume data: encrypted",
      "off",
      true,
    ],
    [
      "a volume from whatever snapshot",
      volume({ encrypted: false, snapshotId: UNKNOWN_STRING }),
      "Volume data: encrypted",
      "off",
      true,
    ],
    [
      "a file system",
      fileSystem({ encrypted: null }),
      "FileSystem data: encrypted",
      "absent, which means no encryption",
      true,
    ],
    [
      "a disk",
      launchTemplate([{}, { ebs: {} }]),
      "LaunchTemplate gpu: blockDeviceMappings[1].ebs.encrypted",
      "absent, which means no encryption",
      "true",
    ],
    [
      "a disk from a snapshot",
      launchTemplate([{ ebs: { encrypted: "false", snapshotId: "snap-1" } }]),
      "LaunchTemplate gpu: blockDeviceMappings[0].ebs.encrypted",
      "off",
      "true",
    ],
  ];

  it.each(refused)("finds %s that is not encrypted", (_case, resource, where, observed) => {
    expect(lines(analyze([volumeEncryption], resource))).toEqual([
      `advisory [DATA-02] ${where} is ${observed}; ${WAY_OUT}`,
    ]);
  });

  it.each(refused.filter(([, { type }]) => !REPLACED.includes(type)))(
    "offers to encrypt %s",
    (_case, resource, where, _observed, value) => {
      expect(fixesOf(volumeEncryption, resource)).toEqual([{ path: where.split(": ")[1], value }]);
    },
  );

  it("offers no change that would replace a volume with its data", () => {
    expect(fixesOf(volumeEncryption, volume({}))).toEqual([]);
    expect(fixesOf(volumeEncryption, fileSystem({ encrypted: false }))).toEqual([]);
  });

  it.each([
    ["the switch of a class", storageClass({ encrypted: UNKNOWN_STRING }), "StorageClass fast: parameters.encrypted"],
    ["the parameters of a class", storageClass(UNKNOWN_STRING, AUTO_MODE), "StorageClass fast: parameters.encrypted"],
    ["the provisioner", storageClass({}, UNKNOWN_STRING), "StorageClass fast: provisioner"],
    [
      "provisioner and switch",
      storageClass({ encrypted: UNKNOWN_STRING }, UNKNOWN_STRING),
      "StorageClass fast: parameters.encrypted",
    ],
    ["the switch of a volume", volume({ encrypted: UNKNOWN_STRING }), "Volume data: encrypted"],
    ["the snapshot of a volume", volume({ snapshotId: UNKNOWN_STRING }), "Volume data: snapshotId"],
    ["the disks", launchTemplate(UNKNOWN_STRING), "LaunchTemplate gpu: blockDeviceMappings"],
    [
      "the snapshot of a disk",
      launchTemplate([{ ebs: { snapshotId: UNKNOWN_STRING } }]),
      "LaunchTemplate gpu: blockDeviceMappings[0].ebs.snapshotId",
    ],
    ["the disks of Karpenter's nodes", nodeClass(UNKNOWN_STRING), "EC2NodeClass gpu: spec.blockDeviceMappings"],
    ["a disk", launchTemplate([UNKNOWN_STRING]), "LaunchTemplate gpu: blockDeviceMappings[0].ebs.encrypted"],
    [
      "the switch of a disk",
      launchTemplate([{ ebs: { encrypted: UNKNOWN_STRING } }]),
      "LaunchTemplate gpu: blockDeviceMappings[0].ebs.encrypted",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([volumeEncryption], resource))).toEqual([`advisory [DATA-02] ${where} ${UNDECIDED}`]);
  });

  it("needs not wait for what an encrypted class is of, nor for the snapshot of an encrypted volume", () => {
    expect(analyze([volumeEncryption], storageClass({ encrypted: "true" }, UNKNOWN_STRING))).toEqual([]);
    expect(analyze([volumeEncryption], volume({ encrypted: true, snapshotId: UNKNOWN_STRING }))).toEqual([]);
  });
});
