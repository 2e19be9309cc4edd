import { describe, expect, it } from "vitest";
import type { PoolShape } from "../../../components/model/pool-shape";
import { poolShapeOf } from "../../../components/model/pool-shape-of";
import type { Tree } from "../../../components/model/tree";
import { LABELS, MACHINES, TAINT } from "./objects";

describe("poolShapeOf a pool component", () => {
  const shape = {
    ...MACHINES,
    name: "train",
    capacityType: "spot",
    ephemeralStorageGib: 100,
    efaInterfaces: 0,
    availabilityZones: ["us-east-1a"],
    usdPerNodeHour: 5.672,
    labels: LABELS,
    taints: [TAINT],
    minNodes: 0,
    maxNodes: 3,
  } as PoolShape;

  it.each(["mlstack:index:GpuNodePool", "mlstack:index:SystemNodePool"])("reads the shape that a %s says", (type) => {
    expect(poolShapeOf({ type, properties: { shape: { ...shape } as unknown as Tree, instanceType: "x" } })).toEqual(
      shape,
    );
  });

  it("reads the arguments of a GPU pool, which taints its nodes by default", () => {
    const properties = {
      poolName: "train",
      instanceType: "g5.12xlarge",
      maxNodes: 3,
      taints: [{ key: "a", effect: "NoExecute" }],
    };
    expect(poolShapeOf({ type: "mlstack:index:GpuNodePool", properties })).toEqual({
      ...MACHINES,
      name: "train",
      taints: [TAINT, { key: "a", effect: "NoExecute" }],
      maxNodes: 3,
    });
  });

  it("knows that a GPU pool has GPUs whatever it says, and that a system pool has no taints", () => {
    expect(poolShapeOf({ type: "mlstack:index:GpuNodePool", properties: { gpuTaint: false } })).toEqual({
      gpuResource: "nvidia.com/gpu",
      taints: [],
    });
    expect(poolShapeOf({ type: "mlstack:index:SystemNodePool", properties: { instanceType: "m7i.xlarge" } })).toEqual({
      instanceType: "m7i.xlarge",
      instanceTypes: ["m7i.xlarge"],
      architecture: "amd64",
      gpusPerNode: 0,
      vcpus: 4,
      memoryGib: 16,
      taints: [],
    });
  });
});
