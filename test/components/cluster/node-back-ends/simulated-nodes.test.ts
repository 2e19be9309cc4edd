import { describe, it } from "vitest";
import { gpuPoolShape, simulatedNodeManifest, systemPoolShape } from "../../../../components";
import { expectGolden, toYaml } from "../../../support/golden";

describe("simulatedNodeManifest", () => {
  it("is a node that KWOK keeps, with GPUs, taint and what the kubelet leaves to pods", () => {
    const shape = gpuPoolShape("train", { instanceType: "p5.48xlarge", maxNodes: 1 });
    expectGolden("simulated-node-gpu.yaml", toYaml(simulatedNodeManifest(shape, 0)));
  });

  it("has neither accelerators nor taints in a system pool", () => {
    expectGolden("simulated-node-system.yaml", toYaml(simulatedNodeManifest(systemPoolShape("system", {}), 1)));
  });
});
