import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  AmiFamily,
  CapacityType,
  GpuNodePool,
  type GpuNodePoolArgs,
  PoolPurpose,
  SystemNodePool,
  TaintEffect,
} from "../../../../components";
import { eksFacts } from "../../../support/eks-facts";
import { childList, type MockedProgram, type Registered, startMocks, valueOf } from "../../../support/mocks";

const onEks: GpuNodePoolArgs = { maxNodes: 3, eks: eksFacts, availabilityZones: ["us-east-1a"] };
const g5: GpuNodePoolArgs = { ...onEks, instanceType: "g5.12xlarge" };
const oneZone = ["us-east-1b"];
const reservation = { capacityReservationId: "cr-0123456789abcdef0", availabilityZones: oneZone };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

async function inputsOf(type: string): Promise<Registered["inputs"]> {
  return (await program.resources()).find((resource) => resource.type === type)!.inputs;
}

function nodeGroup() {
  return inputsOf("aws:eks/nodeGroup:NodeGroup");
}

describe("a managed pool of GPU nodes", () => {
  it("is a node group, its launch template and the tags that the autoscaler needs", async () => {
    new GpuNodePool("train", g5);
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:GpuNodePool train",
      "aws:ec2/launchTemplate:LaunchTemplate train-template < train",
      "aws:eks/nodeGroup:NodeGroup train-nodes < train",
      "aws:autoscaling/tag:Tag train-tag-mlstack:cluster < train",
      "aws:autoscaling/tag:Tag train-tag-mlstack.dev/pool < train",
      "aws:autoscaling/tag:Tag train-tag-Name < train",
      "aws:autoscaling/tag:Tag train-label-k8s.amazonaws.com/accelerator < train",
      "aws:autoscaling/tag:Tag train-label-mlstack.dev/pool < train",
      "aws:autoscaling/tag:Tag train-label-mlstack.dev/capacity-type < train",
      "aws:autoscaling/tag:Tag train-label-nvidia.com/gpu.present < train",
      "aws:autoscaling/tag:Tag train-label-mlstack.dev/gpu-model < train",
      "aws:autoscaling/tag:Tag train-label-topology.ebs.csi.aws.com/zone < train",
      "aws:autoscaling/tag:Tag train-label-topology.kubernetes.io/zone < train",
      "aws:autoscaling/tag:Tag train-taint-nvidia.com/gpu < train",
      "aws:autoscaling/tag:Tag train-resources-ephemeral-storage < train",
      "aws:autoscaling/tag:Tag train-resources-nvidia.com/gpu < train",
      "aws:autoscaling/tag:Tag train-autoscaling-options-scaledowngpuutilizationthreshold < train",
    ]);
  });

  it("joins the cluster with its role, version and private subnets, and is repaired by EKS", async () => {
    new GpuNodePool("train", g5);
    expect(await nodeGroup()).toMatchObject({
      clusterName: "lab",
      nodeRoleArn: "arn:aws:iam::123456789012:role/lab-node",
      version: "1.35",
      amiType: "AL2023_x86_64_NVIDIA",
      capacityType: "ON_DEMAND",
      instanceTypes: ["g5.12xlarge"],
      subnetIds: ["subnet-a"],
      scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
      nodeRepairConfig: { enabled: true },
      forceUpdateVersion: false,
      launchTemplate: { id: "train-template-id" },
      tags: { "mlstack:cluster": "lab", "mlstack.dev/pool": "train", Name: "train-nodes" },
    });
  });

  it("declares what pods see of it, but not what kubelet and AWS say themselves", async () => {
    new GpuNodePool("train", { ...g5, labels: { "example.com/team": "vision" } });
    expect(await nodeGroup()).toMatchObject({
      labels: {
        "example.com/team": "vision",
        "k8s.amazonaws.com/accelerator": "nvidia-a10g",
        "mlstack.dev/capacity-type": "on-demand",
        "mlstack.dev/gpu-model": "a10g",
        "mlstack.dev/pool": "train",
        "nvidia.com/gpu.present": "true",
      },
    });
    expect(Object.keys((await nodeGroup())["labels"] as object)).toHaveLength(6);
  });

  it.each<[TaintEffect, string]>([
    [TaintEffect.noSchedule, "NO_SCHEDULE"],
    [TaintEffect.preferNoSchedule, "PREFER_NO_SCHEDULE"],
    [TaintEffect.noExecute, "NO_EXECUTE"],
  ])("spells the taint effect %s as EKS does", async (effect, spelt) => {
    new GpuNodePool("train", { ...g5, taints: [{ key: "example.com/team", effect }] });
    expect((await nodeGroup())["taints"]).toEqual([
      { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" },
      { key: "example.com/team", effect: spelt },
    ]);
  });

  it.each<[string, GpuNodePoolArgs, object]>([
    ["on demand", g5, { capacityType: "ON_DEMAND", instanceTypes: ["g5.12xlarge"] }],
    [
      "on spot capacity, of every type",
      { maxNodes: 3, eks: eksFacts, instanceTypes: ["g5.xlarge", "g6.xlarge"], capacityType: CapacityType.spot },
      { capacityType: "SPOT", instanceTypes: ["g5.xlarge", "g6.xlarge"] },
    ],
    [
      "out of a reservation",
      { ...g5, ...reservation, capacityType: CapacityType.reserved },
      { capacityType: "ON_DEMAND", instanceTypes: ["g5.12xlarge"], subnetIds: ["subnet-b"] },
    ],
    [
      "out of a capacity block",
      { ...onEks, ...reservation, instanceType: "p5.48xlarge", capacityType: CapacityType.capacityBlock },
      { capacityType: "CAPACITY_BLOCK", subnetIds: ["subnet-b"] },
    ],
  ])("buys machines %s", async (_how, args, expected) => {
    new GpuNodePool("train", args);
    expect(await nodeGroup()).toMatchObject(expected);
  });

  it("leaves the instance type of a capacity block to the launch template, as EKS takes it from one place only", async () => {
    const capacityType = CapacityType.capacityBlock;
    new GpuNodePool("train", { ...onEks, ...reservation, instanceType: "p5.48xlarge", capacityType });
    expect(await nodeGroup()).not.toHaveProperty("instanceTypes");
    expect(await inputsOf("aws:ec2/launchTemplate:LaunchTemplate")).toMatchObject({ instanceType: "p5.48xlarge" });
  });

  it("has nodes in the named zones only", async () => {
    new GpuNodePool("train", { ...g5, purpose: PoolPurpose.serving, availabilityZones: ["us-east-1c", "us-east-1a"] });
    expect(await nodeGroup()).toMatchObject({ subnetIds: ["subnet-a", "subnet-c"] });
  });

  it("takes the newest image when it is made, or the named one", async () => {
    new GpuNodePool("train", g5);
    expect(await nodeGroup()).not.toHaveProperty("releaseVersion");
    program = await startMocks();
    new GpuNodePool("train", { ...g5, amiFamily: AmiFamily.bottlerocket, amiVersion: "1.60.0-abcdef12" });
    expect(await nodeGroup()).toMatchObject({
      amiType: "BOTTLEROCKET_x86_64_NVIDIA",
      releaseVersion: "1.60.0-abcdef12",
    });
  });

  it("leaves the number of nodes to the autoscaler once the group is there", async () => {
    const ignored = new Map<string, string[] | undefined>();
    const remember: pulumi.ResourceTransformation = ({ name, opts }) => {
      ignored.set(name, (opts as pulumi.CustomResourceOptions).ignoreChanges);
      return undefined;
    };
    new GpuNodePool("train", { ...g5, minNodes: 1, desiredNodes: 2 }, { transformations: [remember] });
    expect(await nodeGroup()).toMatchObject({ scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 2 } });
    expect(ignored.get("train-nodes")).toEqual(["scalingConfig.desiredSize"]);
    expect(ignored.get("train-template")).toBeUndefined();
  });

  it("lets an old node go before its successor comes, as machines with GPUs are scarce", async () => {
    new GpuNodePool("train", g5);
    expect(await nodeGroup()).toMatchObject({ updateConfig: { maxUnavailable: 1, updateStrategy: "MINIMAL" } });
  });

  it("names no node, as AWS makes them later", async () => {
    expect(await valueOf(new GpuNodePool("train", g5).nodeNames)).toEqual([]);
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new aws.Provider("account", { region: "us-east-1" });
    new GpuNodePool("train", { ...g5, placementGroup: true, availabilityZones: oneZone }, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "train");
    expect(children.length).toBeGreaterThan(10);
    expect(new Set(children.map((child) => child.provider))).toEqual(new Set(["account"]));
  });

  it("tells all but ids in a preview, where neither cluster nor network are there yet", async () => {
    program = await startMocks({ preview: true });
    const later = new aws.ec2.Vpc("later", { cidrBlock: "10.0.0.0/16" }).id;
    const subnets = eksFacts.subnets.map((subnet) => ({ ...subnet, subnetId: later }));
    const eks = { ...eksFacts, clusterName: later, nodeRoleArn: later, clusterSecurityGroupId: later, subnets };
    const pool = new GpuNodePool("train", {
      ...g5,
      eks,
      schedules: [{ name: "day", from: "08:00", to: "18:00", nodes: 1 }],
    });
    expect(await valueOf(pool.nodeNames)).toEqual([]);
    const names = (await program.resources()).map(({ name }) => name);
    expect(names).toContain("train-nodes");
    expect(names).toContain("train-taint-nvidia.com/gpu");
    expect(names).toContain("train-day-up");
    expect(await nodeGroup()).toMatchObject({
      instanceTypes: ["g5.12xlarge"],
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    });
  });
});

describe("a managed system pool", () => {
  it("has an image without drivers, no taint, and no word about GPUs", async () => {
    new SystemNodePool("system", { eks: eksFacts });
    expect(await nodeGroup()).toMatchObject({
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["m7i.xlarge"],
      taints: [],
      labels: { "mlstack.dev/pool": "system", "mlstack.dev/capacity-type": "on-demand" },
      scalingConfig: { minSize: 2, maxSize: 2, desiredSize: 2 },
    });
    expect(JSON.stringify((await program.resources()).map(({ inputs }) => inputs))).not.toMatch(/nvidia|accelerator/);
  });

  it("starts a new node before an old one goes", async () => {
    new SystemNodePool("system", { eks: eksFacts });
    expect(await nodeGroup()).toMatchObject({ updateConfig: { maxUnavailable: 1, updateStrategy: "DEFAULT" } });
  });

  it("has the image of its architecture", async () => {
    new SystemNodePool("system", { eks: eksFacts, instanceType: "m7g.xlarge", amiFamily: AmiFamily.bottlerocket });
    expect(await nodeGroup()).toMatchObject({ amiType: "BOTTLEROCKET_ARM_64" });
  });
});
