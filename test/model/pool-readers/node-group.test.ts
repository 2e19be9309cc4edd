import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model/tree";
import { UNKNOWN } from "../../../components/model/unknown";
import { LABELS, MACHINES, nodeGroup, TAINT } from "./objects";

function userData(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("poolShapeOf a managed node group", () => {
  it("reads machines, scale, labels and taints, the latter in Kubernetes spelling", () => {
    expect(nodeGroup()).toEqual({
      ...MACHINES,
      name: "train",
      capacityType: "on-demand",
      efaInterfaces: 0,
      labels: LABELS,
      taints: [TAINT],
      minNodes: 0,
      maxNodes: 3,
    });
  });

  it("reads disk, adapters, zone and price from the launch template", () => {
    const template = {
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeType: "gp3" } },
        { deviceName: "/dev/xvdb", ebs: { volumeSize: 200 } },
      ],
      networkInterfaces: [{ deviceIndex: 0 }, { deviceIndex: 1, interfaceType: "efa-only" }],
      placement: { availabilityZone: "us-east-1b" },
    };
    expect(nodeGroup({}, template)).toMatchObject({
      ephemeralStorageGib: 200,
      efaInterfaces: 1,
      availabilityZones: ["us-east-1b"],
      usdPerNodeHour: 5.672,
    });
  });

  it.each([
    ["nodeadm", "spec:\n  instance:\n    localStorage:\n      strategy: RAID0\n"],
    ["nodeadm as JSON", '{"localStorage":{"strategy":"RAID0"}}'],
    ["Bottlerocket", 'commands = [["apiclient", "ephemeral-storage", "init"]]'],
  ])("takes the local disks for the nodes' disk where user data tell %s so", (_case, text) => {
    const template = { userData: userData(text), blockDeviceMappings: [{ ebs: { volumeSize: 100 } }] };
    expect(nodeGroup({}, template)?.ephemeralStorageGib).toBe(3539);
  });

  it.each([
    ["ON_DEMAND", {}, "on-demand"],
    ["SPOT", {}, "spot"],
    ["CAPACITY_BLOCK", { capacityReservationSpecification: { capacityReservationTarget: {} } }, "capacity-block"],
    ["ON_DEMAND", { capacityReservationSpecification: { capacityReservationTarget: {} } }, "reserved"],
  ])("reads capacity type %s with launch template %j as %s", (capacityType, template, expected) => {
    expect(nodeGroup({ capacityType }, template)?.capacityType).toBe(expected);
  });

  it("takes the label's word for a reservation where the launch template is not at hand", () => {
    const labels = { ...LABELS, "mlstack.dev/capacity-type": "reserved" };
    expect(nodeGroup({ labels })?.capacityType).toBe("reserved");
  });

  it("takes the label's word for adapters where the launch template is not at hand", () => {
    expect(nodeGroup({ labels: { ...LABELS, "mlstack.dev/efa": "true" } })?.efaInterfaces).toBe(1);
  });

  it("reads the instance type of a capacity block from the launch template", () => {
    expect(nodeGroup({ instanceTypes: undefined }, { instanceType: "p5.48xlarge" })).toMatchObject({
      instanceType: "p5.48xlarge",
      gpusPerNode: 8,
      gpuModel: "h100",
    });
  });

  it("reads figures of the smallest of several types, and the model where they share it", () => {
    expect(nodeGroup({ instanceTypes: ["g5.2xlarge", "g5.xlarge"] })).toMatchObject({
      instanceType: "g5.2xlarge",
      gpuModel: "a10g",
      vcpus: 4,
      memoryGib: 16,
    });
    expect(nodeGroup({ instanceTypes: ["g5.2xlarge", "g6.xlarge"] })).not.toHaveProperty("gpuModel");
  });

  it("tells of GPUs by the image where the instance types are hidden, and of no more", () => {
    const shape = nodeGroup({ instanceTypes: undefined });
    expect(shape).toMatchObject({ gpuResource: "nvidia.com/gpu", architecture: "amd64" });
    expect(shape).not.toHaveProperty("gpusPerNode");
  });

  it("reads a group without launch template by the disk that it names, else by that of EKS", () => {
    expect(nodeGroup({ launchTemplate: undefined, diskSize: 50 })?.ephemeralStorageGib).toBe(50);
    expect(nodeGroup({ launchTemplate: undefined })?.ephemeralStorageGib).toBe(20);
  });

  it("reads a group of machines without GPUs", () => {
    const shape = nodeGroup({ instanceTypes: ["m7i.xlarge"], amiType: "AL2023_x86_64_STANDARD", taints: undefined });
    expect(shape).toMatchObject({ gpusPerNode: 0, vcpus: 4, memoryGib: 16, taints: [] });
    expect(shape).not.toHaveProperty("gpuResource");
  });

  it.each<[string, TreeObject, string]>([
    ["instance types", { instanceTypes: UNKNOWN, amiType: undefined }, "gpusPerNode"],
    ["an instance type", { instanceTypes: [UNKNOWN] }, "vcpus"],
    ["labels", { labels: UNKNOWN }, "labels"],
    ["pool label", { labels: { "mlstack.dev/pool": UNKNOWN } }, "name"],
    ["taints", { taints: UNKNOWN }, "taints"],
    ["capacity type", { capacityType: UNKNOWN }, "capacityType"],
    ["scale", { scalingConfig: UNKNOWN }, "maxNodes"],
  ])("marks what follows from unknown %s", (_case, change, property) => {
    expect(nodeGroup(change)).toHaveProperty(property, UNKNOWN);
  });

  it("keeps what is known of a taint", () => {
    expect(nodeGroup({ taints: [{ key: "a", value: UNKNOWN, effect: "NO_EXECUTE" }, UNKNOWN] })?.taints).toEqual([
      { key: "a", value: UNKNOWN, effect: "NoExecute" },
      UNKNOWN,
    ]);
  });
});
