import { describe, expect, it } from "vitest";
import type { Tree, TreeObject } from "../../../components/model/tree";
import { UNKNOWN } from "../../../components/model/unknown";
import { LABELS, MACHINES, node, TAINT } from "./objects";

describe("poolShapeOf a Node", () => {
  const known = {
    ...MACHINES,
    name: "train",
    capacityType: "on-demand",
    availabilityZones: ["us-east-1a"],
    usdPerNodeHour: 5.672,
    taints: [TAINT],
  };

  it("reads labels and taints, and the machine by its type", () => {
    expect(node()).toMatchObject(known);
    expect(node()).not.toHaveProperty("maxNodes");
  });

  it("reads what a simulated node announces", () => {
    const capacity = {
      cpu: "8",
      memory: "64Gi",
      "ephemeral-storage": "200Gi",
      "nvidia.com/gpu": "2",
      "vpc.amazonaws.com/efa": "1",
    };
    const annotations = { "mlstack.dev/simulated-resources": JSON.stringify({ capacity, allocatable: capacity }) };
    expect(node({ metadata: { annotations, labels: LABELS } })).toEqual({
      name: "train",
      capacityType: "on-demand",
      gpuResource: "nvidia.com/gpu",
      gpusPerNode: 2,
      gpuModel: "a10g",
      vcpus: 8,
      memoryGib: 64,
      ephemeralStorageGib: 200,
      efaInterfaces: 1,
      labels: LABELS,
      taints: [TAINT],
    });
  });

  it("believes in no GPUs where the kubelet reports none and no label tells of any", () => {
    const metadata = { labels: { "node.kubernetes.io/instance-type": "g5.12xlarge" } };
    const shape = node({ metadata, status: { capacity: { memory: "188Gi", "nvidia.com/gpu": "0" } } });
    expect(shape).toMatchObject({ gpusPerNode: 0, memoryGib: 192, efaInterfaces: 0 });
    expect(shape).not.toHaveProperty("gpuResource");
  });

  it.each<[string, TreeObject]>([
    ["slices of GPUs", { status: { allocatable: { "nvidia.com/mig-1g.5gb": 7 } } }],
    ["the label that device plugins look for", { metadata: { labels: { "nvidia.com/gpu.present": "true" } } }],
  ])("tells of GPUs by %s", (_case, change) => {
    expect(node(change)).toHaveProperty("gpuResource", expect.stringMatching(/^nvidia\.com\//) as string);
  });

  it.each<Tree>([UNKNOWN, { capacity: UNKNOWN }, { capacity: { "nvidia.com/gpu": UNKNOWN } }])(
    "marks GPUs as unknown under an unknown status",
    (status) => {
      expect(node({ status, metadata: { labels: { "mlstack.dev/pool": "train" } } })?.gpuResource).toBe(UNKNOWN);
    },
  );

  it("does not stumble over an announcement that is no JSON", () => {
    expect(node({ metadata: { annotations: { "mlstack.dev/simulated-resources": "{" } } })).toEqual({
      taints: [TAINT],
    });
  });
});
