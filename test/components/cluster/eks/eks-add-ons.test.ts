import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import { EksAddOns, validateEksAddOns } from "../../../../components/cluster/eks/eks-add-ons";
import { EksAddOn, type EksAddOnsArgs } from "../../../../components/cluster/eks/eks-add-ons-args";
import { policyOf } from "../../../support/aws-rights";
import { autoFacts, eksFacts as eks, keyless } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const settingsOf = async (addOn: string) =>
  JSON.parse((await program.inputsOf(`storage-${addOn}`))["configurationValues"] as string) as unknown;

describe("EksAddOns", () => {
  it("installs DNS, drivers, snapshots and monitoring with their roles, and the default StorageClass", async () => {
    new EksAddOns("storage", { eks });
    const children = [
      "aws:eks/addon:Addon storage-snapshot-controller",
      "aws:eks/addon:Addon storage-coredns",
      "aws:eks/addon:Addon storage-aws-ebs-csi-driver",
      "aws:iam/role:Role storage-aws-ebs-csi-driver-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment storage-aws-ebs-csi-driver-role-policy-0",
      "aws:iam/rolePolicy:RolePolicy storage-aws-ebs-csi-driver-role-rights",
      "aws:eks/addon:Addon storage-aws-efs-csi-driver",
      "aws:iam/role:Role storage-aws-efs-csi-driver-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment storage-aws-efs-csi-driver-role-policy-0",
      "aws:eks/addon:Addon storage-aws-fsx-csi-driver",
      "aws:iam/role:Role storage-aws-fsx-csi-driver-role",
      "aws:iam/rolePolicy:RolePolicy storage-aws-fsx-csi-driver-role-rights",
      "aws:eks/addon:Addon storage-aws-mountpoint-s3-csi-driver",
      "aws:eks/addon:Addon storage-eks-node-monitoring-agent",
      "kubernetes:storage.k8s.io/v1:StorageClass storage-gp3",
    ].map((child) => `${child} < storage`);
    expect(childList(await program.resources()).sort()).toEqual(
      ["mlstack:index:EksAddOns storage", ...children].sort(),
    );
  });

  it("installs what is named alone, in the versions that are named", async () => {
    const addOns = new EksAddOns("storage", {
      eks,
      addOns: [EksAddOn.metricsServer, EksAddOn.coredns],
      versions: { coredns: "v1.13.2-eksbuild.1" },
    });
    expect(await valueOf(addOns.addOns)).toEqual(["coredns", "metrics-server"]);
    expect(addOns.storageClassName).toBeUndefined();
    expect(await program.inputsOf("storage-coredns")).toEqual({
      clusterName: "lab",
      addonName: "coredns",
      addonVersion: "v1.13.2-eksbuild.1",
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      preserve: false,
      tags: { "mlstack:cluster": "lab", Name: "storage-coredns" },
    });
  });

  it("puts drivers and monitoring onto GPU nodes too, and tags the volumes that they make", async () => {
    new EksAddOns("storage", { eks });
    expect(await settingsOf("aws-ebs-csi-driver")).toEqual({
      controller: { extraVolumeTags: { "mlstack:cluster": "lab" } },
      node: { tolerateAllTaints: true },
    });
    expect(await settingsOf("aws-mountpoint-s3-csi-driver")).toEqual({ node: { tolerateAllTaints: true } });
    expect(await settingsOf("eks-node-monitoring-agent")).toEqual({
      nodeAgent: { tolerations: [{ operator: "Exists" }] },
      dcgmAgent: { tolerations: [{ operator: "Exists" }] },
    });
  });

  it("gives every service account of a driver the driver's role", async () => {
    new EksAddOns("storage", { eks });
    const roleArn = "arn:aws:test:us-east-1:123456789012:storage-aws-efs-csi-driver-role";
    expect((await program.inputsOf("storage-aws-efs-csi-driver"))["podIdentityAssociations"]).toEqual([
      { serviceAccount: "efs-csi-controller-sa", roleArn },
      { serviceAccount: "efs-csi-node-sa", roleArn },
    ]);
  });

  it("lets the driver for S3 read the buckets that are named, and nothing else", async () => {
    new EksAddOns("storage", { eks, datasetBucketArns: ["arn:aws:s3:::corpus"] });
    const rights = (await policyOf(program, "storage-aws-mountpoint-s3-csi-driver-role-rights")).Statement;
    expect(rights.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::corpus"] },
      { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::corpus/*"] },
      { Action: ["kms:Decrypt"], Resource: ["arn:aws:kms:us-east-1:123456789012:key/lab"] },
    ]);
  });

  it("lets the driver for FSx change and delete only what it made itself", async () => {
    new EksAddOns("storage", { eks });
    const rights = (await policyOf(program, "storage-aws-fsx-csi-driver-role-rights")).Statement;
    expect(rights.find(({ Sid }) => Sid === "ChangeOwn")).toEqual({
      Sid: "ChangeOwn",
      Effect: "Allow",
      Action: ["fsx:DeleteFileSystem", "fsx:UpdateFileSystem"],
      Resource: ["arn:aws:fsx:us-east-1:*:file-system/*"],
      Condition: { Null: { "aws:ResourceTag/CSIVolumeName": ["false"] } },
    });
  });

  it("needs no rights for a key where AWS's own keys are used", async () => {
    new EksAddOns("storage", { eks: keyless });
    const names = (await program.resources()).map(({ name }) => name);
    expect(names).not.toContain("storage-aws-ebs-csi-driver-role-rights");
    expect((await program.inputsOf("storage-gp3"))["parameters"]).toEqual({
      type: "gp3",
      encrypted: "true",
      "csi.storage.k8s.io/fstype": "ext4",
    });
  });

  it("makes claims get encrypted volumes in the zone of their pod", async () => {
    const addOns = new EksAddOns("storage", { eks });
    expect(await program.inputsOf("storage-gp3")).toMatchObject({
      metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/lab" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
    });
    expect(await valueOf(addOns.storageClassName!)).toBe("gp3");
  });

  it("waits with the StorageClass for the driver, and with the driver for snapshots", async () => {
    new EksAddOns("storage", { eks });
    expect((await program.resource("storage-gp3")).dependsOn).toEqual(["storage-aws-ebs-csi-driver"]);
    expect((await program.resource("storage-aws-ebs-csi-driver")).dependsOn).toContain("storage-snapshot-controller");
  });

  it("leaves out what EKS Auto Mode brings, and uses its driver and its way to tag volumes", async () => {
    const addOns = new EksAddOns("storage", { eks: autoFacts });
    expect(await valueOf(addOns.addOns)).toEqual([
      "snapshot-controller",
      "aws-efs-csi-driver",
      "aws-fsx-csi-driver",
      "aws-mountpoint-s3-csi-driver",
    ]);
    expect(await program.inputsOf("storage-gp3")).toMatchObject({
      provisioner: "ebs.csi.eks.amazonaws.com",
      parameters: { tagSpecification_1: "mlstack:cluster=lab" },
    });
  });

  it("uses the providers that it is given for every child", async () => {
    const providers = [new aws.Provider("account", {}), new k8s.Provider("lab", {})];
    new EksAddOns("storage", { eks }, { providers });
    const children = (await program.resources()).filter(({ parent }) => parent === "storage");
    const byPackage = (prefix: string) => children.filter(({ type }) => type.startsWith(prefix));
    expect(new Set(byPackage("aws:").map(({ provider }) => provider))).toEqual(new Set(["account"]));
    expect(new Set(byPackage("kubernetes:").map(({ provider }) => provider))).toEqual(new Set(["lab"]));
  });

  it("plans the same in a preview, before roles are known", async () => {
    program = await startMocks({ preview: true });
    const addOns = new EksAddOns("storage", { eks });
    expect(await isKnown(addOns.addOns)).toBe(true);
    expect((await program.resources()).filter(({ type }) => type === "aws:eks/addon:Addon")).toHaveLength(7);
  });

  it("lets two clusters have them side by side", async () => {
    for (const name of ["storage", "other"]) new EksAddOns(name, { eks: { ...eks, name } });
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("EksAddOns: checks", () => {
  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new EksAddOns("storage", { eks, addOns: ["dns" as EksAddOn] }));
    expect(message).toBe('EksAddOns "storage": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, EksAddOnsArgs]>([
    ["a cluster alone", { eks }],
    ["a StorageClass with the driver of Auto Mode", { eks: autoFacts, storageClass: true, addOns: [] }],
    ["no StorageClass", { eks, storageClass: false }],
  ])("accepts %s", (_given, args) => {
    expect(validateEksAddOns("storage", args)).toEqual([]);
  });

  it.each<[string, EksAddOnsArgs, string]>([
    [
      "an add-on that there is not",
      { eks, addOns: ["dns" as EksAddOn] },
      'addOns[0] is "dns"; allowed: coredns, aws-ebs-csi-driver, aws-efs-csi-driver, aws-fsx-csi-driver, ' +
        "aws-mountpoint-s3-csi-driver, snapshot-controller, eks-node-monitoring-agent, metrics-server. " +
        "Set addOns[0] to one of these.",
    ],
    [
      "an add-on that is named twice",
      { eks, addOns: [EksAddOn.coredns, EksAddOn.coredns] },
      'addOns[1] is "coredns"; allowed: each add-on once. Remove one.',
    ],
    [
      "a second DNS in Auto Mode",
      { eks: autoFacts, addOns: [EksAddOn.coredns] },
      'addOns[0] is "coredns"; allowed: none that EKS Auto Mode brings. Remove it: the cluster has it already.',
    ],
    [
      "a version of an add-on that is not installed",
      { eks, addOns: [EksAddOn.coredns], versions: { "metrics-server": "v0.8.0-eksbuild.2" } },
      'versions["metrics-server"] is "v0.8.0-eksbuild.2"; allowed: versions of coredns. ' +
        "Correct the name, or remove it.",
    ],
    [
      "a version that cannot be one",
      { eks, versions: { coredns: "latest" } },
      'versions["coredns"] is "latest"; allowed: a version such as v1.48.0-eksbuild.1. ' +
        "`aws eks describe-addon-versions` lists those that there are.",
    ],
    [
      "a path in place of a bucket",
      { eks, datasetBucketArns: ["arn:aws:s3:::corpus/images"] },
      'datasetBucketArns[0] is "arn:aws:s3:::corpus/images"; ' +
        "allowed: the ARN of a bucket, such as arn:aws:s3:::data. Give the bucket itself, without a path.",
    ],
    [
      "an alias in place of the key of a snapshot",
      { eks, snapshotKeyArns: ["alias/shared"] },
      'snapshotKeyArns[0] is "alias/shared"; allowed: the ARN of a KMS key, such as ' +
        "arn:aws:kms:us-east-1:123456789012:key/…. Give the key itself, not an alias of it.",
    ],
    [
      "keys of snapshots for the driver of Auto Mode",
      { eks: autoFacts, snapshotKeyArns: ["arn:aws:kms:us-east-1:999999999999:key/shared"] },
      "snapshotKeyArns is 1; allowed: none without the add-on aws-ebs-csi-driver. " +
        "Add it; in EKS Auto Mode, let the role of the control plane use the keys by their own policies.",
    ],
    [
      "buckets that nothing mounts",
      { eks, addOns: [EksAddOn.coredns], datasetBucketArns: ["arn:aws:s3:::corpus"] },
      "datasetBucketArns is 1; allowed: none without the driver. " +
        "Add aws-mountpoint-s3-csi-driver to addOns, or remove the buckets.",
    ],
    [
      "a StorageClass without a driver",
      { eks, addOns: [EksAddOn.coredns], storageClass: true },
      "storageClass is true; allowed: false without a driver for EBS. " +
        "Add aws-ebs-csi-driver to addOns, or leave storageClass out.",
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateEksAddOns("storage", args).map((problem) => problem.reason)).toEqual([reason]);
  });
});
