import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../components/model/accelerators";
import { generalInstanceTypes } from "../../components/model/general-instance-types";
import {
  AmiFamily,
  amiTypeOf,
  nodeImageProblem,
  parseAmiType,
  shipsDevicePlugin,
  shipsMigManager,
} from "../../components/model/node-image";

const amiTypes = [
  ["al2023", "amd64", false, "AL2023_x86_64_STANDARD"],
  ["al2023", "arm64", false, "AL2023_ARM_64_STANDARD"],
  ["al2023", "amd64", true, "AL2023_x86_64_NVIDIA"],
  ["al2023", "arm64", true, "AL2023_ARM_64_NVIDIA"],
  ["bottlerocket", "amd64", false, "BOTTLEROCKET_x86_64"],
  ["bottlerocket", "arm64", false, "BOTTLEROCKET_ARM_64"],
  ["bottlerocket", "amd64", true, "BOTTLEROCKET_x86_64_NVIDIA"],
  ["bottlerocket", "arm64", true, "BOTTLEROCKET_ARM_64_NVIDIA"],
] as const;

describe("amiTypeOf", () => {
  it.each(amiTypes)("of %s on %s, accelerated %s, is %s", (family, architecture, accelerated, amiType) => {
    expect(amiTypeOf(family, architecture, accelerated)).toBe(amiType);
  });
});

describe("parseAmiType", () => {
  it.each(amiTypes)("reads what amiTypeOf wrote: %s %s %s %s", (family, architecture, accelerated, amiType) => {
    const accelerator = accelerated ? "nvidia" : undefined;
    expect(parseAmiType(amiType)).toEqual({ family, architecture, accelerator });
  });

  it.each([
    ["AL2_x86_64_GPU", { family: undefined, architecture: "amd64", accelerator: "nvidia" }],
    ["AL2_ARM_64", { family: undefined, architecture: "arm64", accelerator: undefined }],
    ["AL2023_x86_64_NEURON", { family: "al2023", architecture: "amd64", accelerator: "neuron" }],
    ["BOTTLEROCKET_ARM_64_FIPS", { family: "bottlerocket", architecture: "arm64", accelerator: undefined }],
    ["WINDOWS_CORE_2022_x86_64", { family: undefined, architecture: "amd64", accelerator: undefined }],
  ])("reads %s", (amiType, image) => {
    expect(parseAmiType(amiType)).toEqual(image);
  });

  it.each(["CUSTOM", "", "AL2023", "x86_64", "al2023_x86_64_nvidia"])("knows nothing of %j", (amiType) => {
    expect(parseAmiType(amiType)).toBeUndefined();
  });
});

describe("nodeImageProblem", () => {
  const allowed = "an image with drivers for the GPUs of the type";
  const g7 = "G7 needs NVIDIA's driver 595, and the images of EKS have 580; choose a type of g6e or g7e.";

  it.each([
    ["g7.2xlarge", "al2023", g7],
    ["g7.48xlarge", "bottlerocket", g7],
    ["p6e-gb200.36xlarge", "bottlerocket", "Choose the images of al2023, which have them."],
  ] as const)("refuses %s on %s", (instanceType, family, remedy) => {
    expect(nodeImageProblem(instanceType, family)).toEqual({ allowed, remedy });
  });

  it("lets every other type of the catalogue pass, and those without GPUs", () => {
    const types = [...gpuInstanceTypes(), ...generalInstanceTypes()].map(({ instanceType }) => instanceType);
    for (const family of Object.values(AmiFamily)) {
      const refused = types.filter((type) => nodeImageProblem(type, family) !== undefined);
      expect(refused).toEqual(types.filter((type) => type.startsWith("g7.")));
    }
  });
});

describe("what NVIDIA images bring", () => {
  it.each([
    ["al2023", false],
    ["bottlerocket", true],
  ] as const)("on %s: device plugin and MIG manager %s", (family, ships) => {
    expect([shipsDevicePlugin(family), shipsMigManager(family)]).toEqual([ships, ships]);
  });
});
