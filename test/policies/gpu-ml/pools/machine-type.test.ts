import { describe, expect, it } from "vitest";
import { architectureOf, hasNvidiaGpus } from "../../../../policies/gpu-ml/pools/machine-type";

describe("what the name of an instance type says", () => {
  it.each([
    ["g5.xlarge", "amd64"],
    ["g5g.xlarge", "arm64"],
    ["g6e.xlarge", "amd64"],
    ["p6-b200.48xlarge", "amd64"],
    ["m7g.large", "arm64"],
    ["m8gd.large", "arm64"],
    ["c6gn.large", "arm64"],
    ["im4gn.large", "arm64"],
    ["a1.large", "arm64"],
    ["m7i.large", "amd64"],
    ["m5.large", "amd64"],
    ["trn1.32xlarge", "amd64"],
  ])("the instruction set of %s", (name, architecture) => {
    expect(architectureOf(name)).toBe(architecture);
  });

  it.each([
    ["g5.xlarge", true],
    ["g6f.large", true],
    ["m7g.large", false],
    ["m5.large", false],
    ["hpc7a.48xlarge", false],
    ["im4gn.large", false],
    ["is4gen.large", false],
    ["g4ad.xlarge", undefined],
    ["trn1.32xlarge", undefined],
    ["inf2.xlarge", undefined],
    ["dl1.24xlarge", undefined],
  ])("whether %s has GPUs of NVIDIA", (name, has) => {
    expect(hasNvidiaGpus(name)).toBe(has);
  });
});
