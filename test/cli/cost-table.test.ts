import { describe, expect, test } from "vitest";
import { costTable } from "../../cli/cost-table";
import { gpuPoolShape, systemPoolShape } from "../../components";
import type { PoolShape, Tree, TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";

const stack: PlannedResource = {
  type: "pulumi:pulumi:Stack",
  name: "dev",
  urn: "urn:dev",
  properties: { region: "us-east-1" },
};

function pool(type: string, shape: PoolShape): PlannedResource {
  const properties: TreeObject = { shape: shape as unknown as Tree };
  return { type: `mlstack:index:${type}`, name: shape.name, urn: `urn:${shape.name}`, properties };
}

const zones = { availabilityZones: ["us-east-1a"] };
const system = pool("SystemNodePool", {
  ...systemPoolShape("system", { instanceType: "m7i.large", minNodes: 2, maxNodes: 3 }),
  ...zones,
});
const training = pool("GpuNodePool", {
  ...gpuPoolShape("training", { instanceType: "g5.12xlarge", maxNodes: 2 }),
  ...zones,
});

describe("the cost of a preview", () => {
  test("is what the machines of each pool cost idle, on average and at the ceiling, and all of them together", () => {
    expect(costTable([stack, system, training])).toBe(
      [
        "Machines, USD per hour (control plane, network and storage come on top; `npm run plan` tells more):",
        "POOL        INSTANCE TYPE   NODES    IDLE   TYPICAL   CEILING",
        "system      m7i.large       2 to 3   0.20   0.20      0.30",
        "training    g5.12xlarge     0 to 2   0.00   0.00      11.34",
        "all pools                            0.20   0.20      11.65",
      ].join("\n"),
    );
  });

  test("says where no price is known, and sums up the others", () => {
    const block = pool("GpuNodePool", {
      ...gpuPoolShape("block", { instanceType: "p5.48xlarge", maxNodes: 1 }),
      ...zones,
      capacityType: "capacity-block",
    });
    expect(costTable([stack, system, block])?.split("\n").slice(-2)).toEqual([
      "block                      p5.48xlarge     0 to 1   unknown   unknown   unknown",
      "pools with a known price                            0.20      0.20      0.30",
    ]);
  });

  test("is not told of machines that nobody pays for, nor where there are no pools", () => {
    expect(costTable([system, training])).toBeUndefined();
    expect(costTable([stack])).toBeUndefined();
  });
});
