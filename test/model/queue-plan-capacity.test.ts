import { describe, expect, it } from "vitest";
import { formatQuantity, gpuCeiling, poolCapacity } from "../../components/model";
import { pool } from "./queue-plan-pools";

const train = pool({ name: "train", maxNodes: 3, gpusPerNode: 8 });

describe("what a pool has for queues", () => {
  it("is what pods can have of a node, times its nodes at the ceiling", () => {
    const { total, ...rest } = poolCapacity(train, { cpu: "7500m", memory: "30Gi" });
    expect(rest).toEqual({ pool: "train", nodes: 3, gpuResource: "nvidia.com/gpu", gpusPerNode: 8 });
    expect(formatQuantity(total["cpu"]!)).toBe("22500m");
    expect(formatQuantity(total["memory"]!, "BinarySI")).toBe("90Gi");
    expect(formatQuantity(total["nvidia.com/gpu"]!)).toBe("24");
  });

  it("is only GPUs where nothing is known of its nodes", () => {
    const capacity = poolCapacity(train);
    expect(Object.keys(capacity.total)).toEqual(["nvidia.com/gpu"]);
    expect(gpuCeiling(capacity)).toBe(24);
  });

  it("is a part of a pool that controllers run on too", () => {
    const { total } = poolCapacity(pool({ name: "system", maxNodes: 4, gpusPerNode: 0 }), { cpu: "2" }, 50);
    expect(formatQuantity(total["cpu"]!)).toBe("4");
  });

  it("has no GPUs where nodes have none", () => {
    expect(gpuCeiling(poolCapacity(pool({ name: "system", maxNodes: 4, gpusPerNode: 0 })))).toBe(0);
  });
});
