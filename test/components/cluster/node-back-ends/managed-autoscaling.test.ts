import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  AmiFamily,
  GpuNodePool,
  type GpuNodePoolArgs,
  PoolPurpose,
  TaintEffect,
  Weekday,
} from "../../../../components";
import { checkGroupTags } from "../../../../components/cluster/node-back-ends/managed/group-tags";
import { eksFacts } from "../../../support/eks-facts";
import { type MockedProgram, startMocks } from "../../../support/mocks";
import { planOf } from "./eks-plans";

const onEks: GpuNodePoolArgs = { maxNodes: 4, eks: eksFacts, availabilityZones: ["us-east-1a"] };
const g5: GpuNodePoolArgs = { ...onEks, instanceType: "g5.12xlarge" };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

/** Tags of the Auto Scaling group by key, without the part that all of those for the autoscaler begin with. */
async function tagsOf(args: GpuNodePoolArgs): Promise<Record<string, string>> {
  new GpuNodePool("train", args);
  const tags = (await program.resources())
    .filter(({ type }) => type === "aws:autoscaling/tag:Tag")
    .map(({ inputs }) => inputs["tag"] as { key: string; value: string });
  return Object.fromEntries(
    tags.map(({ key, value }) => [key.replace("k8s.io/cluster-autoscaler/node-template/", ""), value]),
  );
}

async function schedulesOf(args: GpuNodePoolArgs): Promise<Record<string, unknown>[]> {
  new GpuNodePool("train", args);
  const resources = await program.resources();
  return resources.filter(({ type }) => type === "aws:autoscaling/schedule:Schedule").map(({ inputs }) => inputs);
}

describe("the Auto Scaling group of a managed pool", () => {
  it("tells the autoscaler what a first node would be like, and carries the cost tags", async () => {
    expect(await tagsOf(g5)).toEqual({
      "mlstack:cluster": "lab",
      "mlstack.dev/pool": "train",
      Name: "lab-train",
      "label/k8s.amazonaws.com/accelerator": "nvidia-a10g",
      "label/mlstack.dev/capacity-type": "on-demand",
      "label/mlstack.dev/gpu-model": "a10g",
      "label/mlstack.dev/pool": "train",
      "label/nvidia.com/gpu.present": "true",
      "label/topology.ebs.csi.aws.com/zone": "us-east-1a",
      "label/topology.kubernetes.io/zone": "us-east-1a",
      "taint/nvidia.com/gpu": "present:NoSchedule",
      "resources/ephemeral-storage": "3185Gi",
      "resources/nvidia.com/gpu": "4",
      "autoscaling-options/scaledowngpuutilizationthreshold": "0.001",
    });
  });

  it("hands on to machines what tells their cost, and nothing that only the autoscaler reads", async () => {
    new GpuNodePool("train", { ...g5, eks: { ...eksFacts, tags: { ...eksFacts.tags, team: "vision" } } });
    const tags = (await program.resources())
      .filter(({ type }) => type === "aws:autoscaling/tag:Tag")
      .map(({ inputs }) => inputs["tag"] as { key: string; propagateAtLaunch: boolean });
    const handedOn = tags.filter(({ propagateAtLaunch }) => propagateAtLaunch).map(({ key }) => key);
    expect(handedOn).toEqual(["mlstack:cluster", "team", "mlstack.dev/pool", "Name"]);
    const kept = tags.filter(({ propagateAtLaunch }) => !propagateAtLaunch);
    expect(kept.every(({ key }) => key.startsWith("k8s.io/cluster-autoscaler/node-template/"))).toBe(true);
    expect(kept).toHaveLength(11);
  });

  it("tells of no zone where nodes may be in several", async () => {
    const availabilityZones = ["us-east-1a", "us-east-1b"];
    const tags = await tagsOf({ ...g5, purpose: PoolPurpose.serving, availabilityZones });
    expect(Object.keys(tags).filter((key) => key.includes("zone"))).toEqual([]);
  });

  it.each<[AmiFamily, string, string]>([
    [AmiFamily.al2023, "p5.48xlarge", "10256Mi"],
    [AmiFamily.al2023, "g5.8xlarge", "10256Mi"],
    [AmiFamily.bottlerocket, "p5.48xlarge", "42240Mi"],
    [AmiFamily.bottlerocket, "g5.8xlarge", "7040Mi"],
  ])(
    "tells of fabric adapters and the huge pages that %s sets aside for them on %s",
    async (amiFamily, instanceType, pages) => {
      const tags = await tagsOf({ ...g5, amiFamily, instanceType, efa: true });
      expect(tags["resources/vpc.amazonaws.com/efa"]).toBe(instanceType === "p5.48xlarge" ? "32" : "1");
      expect(tags["resources/hugepages-2Mi"]).toBe(pages);
      expect(tags["label/mlstack.dev/efa"]).toBe("true");
    },
  );

  it("tells of the root volume where that is the disk of pods, less what the kubelet keeps free", async () => {
    const tags = await tagsOf({ ...g5, localStorage: false, rootVolumeGib: 200 });
    expect(tags["resources/ephemeral-storage"]).toBe("180Gi");
  });

  it("spells taints as Kubernetes does, with and without value", async () => {
    const taints = [
      { key: "example.com/team", value: "vision", effect: TaintEffect.noExecute },
      { key: "example.com/slow", effect: TaintEffect.preferNoSchedule },
    ];
    expect(await tagsOf({ ...g5, taints })).toMatchObject({
      "taint/example.com/team": "vision:NoExecute",
      "taint/example.com/slow": ":PreferNoSchedule",
    });
  });

  it("has room for the first of several taints of one key", async () => {
    const taints = [{ key: "nvidia.com/gpu", effect: TaintEffect.noExecute }];
    expect(await tagsOf({ ...g5, taints })).toMatchObject({ "taint/nvidia.com/gpu": "present:NoSchedule" });
  });

  it.each([
    ["g4dn.xlarge", "nvidia-tesla-t4"],
    ["p3dn.24xlarge", "nvidia-tesla-v100"],
    ["p4d.24xlarge", "nvidia-tesla-a100"],
    ["g6.xlarge", "nvidia-l4"],
    ["g6e.xlarge", "nvidia-l40s"],
    ["p5.48xlarge", "nvidia-h100"],
  ])("names the accelerator of %s as the autoscaler does", async (instanceType, name) => {
    expect(await tagsOf({ ...g5, instanceType })).toMatchObject({ "label/k8s.amazonaws.com/accelerator": name });
  });

  it("names the accelerator of a mixed pool without its model", async () => {
    const tags = await tagsOf({ ...onEks, instanceTypes: ["g5.xlarge", "g6.xlarge"] });
    expect(tags["label/k8s.amazonaws.com/accelerator"]).toBe("nvidia");
  });

  it("lets the autoscaler pack serving tighter, as its replicas can move", async () => {
    expect(await tagsOf({ ...g5, purpose: PoolPurpose.serving })).not.toHaveProperty([
      "autoscaling-options/scaledowngpuutilizationthreshold",
    ]);
  });

  it.each([
    [0, true],
    [29, true],
    [30, false],
  ])("has room for what is told of a machine with EFA beside %i tags of the cluster: %s", (count, hasRoom) => {
    const tags = Object.fromEntries(Array.from({ length: count }, (_, index) => [`cost-${index}`, "1"]));
    const args = { ...g5, instanceType: "p5.48xlarge", efa: true };
    const problems = checkGroupTags(planOf(args, "train", { ...eksFacts, tags }));
    const reason =
      "eks.tags is 32 tags with those of pool and machines; allowed: at most 31, beside 14 for labels, taints and " +
      "resources. An Auto Scaling group has room for no more; remove some.";
    expect(problems.map((problem) => problem.reason)).toEqual(hasRoom ? [] : [reason]);
  });

  it("is the one that EKS made for the node group", async () => {
    const groups: unknown[] = [];
    const resources = [{ autoscalingGroups: [{ name: "eks-train-nodes-1" }] }];
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        if (type.startsWith("aws:autoscaling/"))
          groups.push((inputs as Record<string, unknown>)["autoscalingGroupName"]);
        return { id: name, state: { ...(inputs as object), resources } };
      },
    });
    new GpuNodePool("train", { ...g5, schedules: [{ name: "day", from: "08:00", to: "18:00", nodes: 1 }] });
    await pulumi.runtime.disconnect();
    expect(groups).toHaveLength(16);
    expect(new Set(groups)).toEqual(new Set(["eks-train-nodes-1"]));
  });
});

describe("the schedules of a managed pool", () => {
  it("raise the lower bound for their hours, and leave the rest to the autoscaler", async () => {
    const days = [Weekday.friday, Weekday.monday];
    const nightly = { name: "nightly", days, from: "22:30", to: "06:00", timeZone: "Europe/Berlin", nodes: 3 };
    const ofGroup = { autoscalingGroupName: "train-nodes-asg" };
    const unchanged = { maxSize: -1, desiredCapacity: -1, timeZone: "Europe/Berlin" };
    expect(await schedulesOf({ ...g5, minNodes: 1, schedules: [nightly] })).toEqual([
      { ...ofGroup, scheduledActionName: "nightly-up", recurrence: "30 22 * * 1,5", minSize: 3, ...unchanged },
      { ...ofGroup, scheduledActionName: "nightly-down", recurrence: "0 6 * * 2,6", minSize: 1, ...unchanged },
    ]);
  });

  it("name UTC as AWS does, which takes no aliases", async () => {
    const schedules = [{ name: "day", from: "08:00", to: "18:00", nodes: 1 }];
    const zones = (await schedulesOf({ ...g5, schedules })).map((inputs) => inputs["timeZone"]);
    expect(zones).toEqual(["Etc/UTC", "Etc/UTC"]);
  });

  it("are as many as the pool has", async () => {
    const schedules = [
      { name: "morning", from: "06:00", to: "08:00", nodes: 1 },
      { name: "evening", from: "18:00", to: "20:00", nodes: 2 },
    ];
    const names = (await schedulesOf({ ...g5, schedules })).map((inputs) => inputs["scheduledActionName"]);
    expect(names).toEqual(["morning-up", "morning-down", "evening-up", "evening-down"]);
  });

  it("are none by default", async () => {
    expect(await schedulesOf(g5)).toEqual([]);
  });
});
