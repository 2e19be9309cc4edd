import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { subjectsOf } from "../../../../policies/engine/written-resource";
import { nodeImage } from "../../../../policies/gpu-ml/pools/node-image";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { launchTemplate, nodeGroup, notKnown } from "./resources";

function group(amiType: unknown, instanceTypes: unknown) {
  return nodeGroup({ amiType, instanceTypes });
}

describe("GPU-08 images of node groups", () => {
  it.each([
    ["GPUs on an image with drivers", group("AL2023_x86_64_NVIDIA", ["g5.xlarge", "p5.48xlarge"])],
    ["GPUs of Graviton machines", group("AL2023_ARM_64_NVIDIA", ["g5g.xlarge"])],
    ["GPUs on Bottlerocket", group("BOTTLEROCKET_x86_64_NVIDIA", ["g6.xlarge"])],
    ["GPUs on an older image", group("AL2_x86_64_GPU", ["p3.2xlarge"])],
    ["CPUs on a plain image", group("AL2023_x86_64_STANDARD", ["m7i.large", "c5.large"])],
    ["CPUs of Graviton machines", group("BOTTLEROCKET_ARM_64", ["m7g.large"])],
    ["Neuron machines on their image", group("AL2023_x86_64_NEURON", ["trn1.32xlarge"])],
    ["machines of which nothing is known on an image with drivers", group("AL2023_x86_64_NVIDIA", ["g4ad.xlarge"])],
    ["machines of which nothing is known on a plain image", group("AL2023_x86_64_STANDARD", ["g4ad.xlarge"])],
    ["an image of one's own", group("CUSTOM", ["g5.xlarge"])],
    ["GPUs without a named image, which EKS then chooses", group(undefined, ["g5.xlarge"])],
    ["null for an image", group(null, ["g5.xlarge"])],
    ["an image that is no text", group(1, ["g5.xlarge"])],
    ["a group without instance types", group("AL2023_x86_64_STANDARD", undefined)],
    ["a group without instance types whose image is not known", group(UNKNOWN_STRING, undefined)],
    ["instance types that are none", group("AL2023_x86_64_STANDARD", [1, null])],
    ["a resource of another type", launchTemplate({ amiType: "AL2023_x86_64_STANDARD", instanceTypes: ["g5.xlarge"] })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([nodeImage], resource)).toEqual([]);
  });

  it.each([
    [
      "GPUs on a plain image",
      group("AL2023_x86_64_STANDARD", ["g5.xlarge"]),
      "AL2023_x86_64_STANDARD without drivers for the GPUs of g5.xlarge; allowed: an image with NVIDIA drivers. " +
        "Set it to AL2023_x86_64_NVIDIA.",
    ],
    [
      "GPUs on a plain Bottlerocket",
      group("BOTTLEROCKET_x86_64", ["g5.xlarge"]),
      "BOTTLEROCKET_x86_64 without drivers for the GPUs of g5.xlarge; allowed: an image with NVIDIA drivers. " +
        "Set it to BOTTLEROCKET_x86_64_NVIDIA.",
    ],
    [
      "GPUs of NVIDIA on an image for Neuron",
      group("AL2023_x86_64_NEURON", ["g5.xlarge"]),
      "AL2023_x86_64_NEURON without drivers for the GPUs of g5.xlarge; allowed: an image with NVIDIA drivers. " +
        "Set it to AL2023_x86_64_NVIDIA.",
    ],
    [
      "CPUs on an image with drivers",
      group("BOTTLEROCKET_x86_64_NVIDIA", ["m7i.large"]),
      "BOTTLEROCKET_x86_64_NVIDIA with drivers for accelerators that m7i.large does not have; allowed: an image " +
        "without such drivers. Set it to BOTTLEROCKET_x86_64.",
    ],
    [
      "the other instruction set",
      group("AL2023_x86_64_NVIDIA", ["g5g.xlarge"]),
      "AL2023_x86_64_NVIDIA for amd64, on which g5g.xlarge cannot start; allowed: an image for arm64. " +
        "Set it to AL2023_ARM_64_NVIDIA.",
    ],
    [
      "the other instruction set, of machines of which nothing else is known",
      group("AL2023_ARM_64_STANDARD", ["trn1.32xlarge"]),
      "AL2023_ARM_64_STANDARD for arm64, on which trn1.32xlarge cannot start; allowed: an image for amd64. " +
        "Give machines of each kind a group of their own.",
    ],
    [
      "an operating system that has no newer image",
      group("AL2_x86_64", ["g5.xlarge"]),
      "AL2_x86_64 without drivers for the GPUs of g5.xlarge; allowed: an image with NVIDIA drivers. " +
        "Give machines of each kind a group of their own.",
    ],
    [
      "machines of two kinds, at the first that does not suit",
      group("AL2023_x86_64_NVIDIA", ["g5.xlarge", "m7i.large"]),
      "AL2023_x86_64_NVIDIA with drivers for accelerators that m7i.large does not have; allowed: an image without such " +
        "drivers. Give machines of each kind a group of their own.",
    ],
    [
      "machines of two instruction sets",
      group("AL2023_x86_64_STANDARD", ["m7g.large", "m7i.large"]),
      "AL2023_x86_64_STANDARD for amd64, on which m7g.large cannot start; allowed: an image for arm64. " +
        "Give machines of each kind a group of their own.",
    ],
    [
      "GPUs that no image of the operating system has drivers for",
      group("AL2023_x86_64_NVIDIA", ["g7.2xlarge"]),
      "AL2023_x86_64_NVIDIA without drivers for the GPUs of g7.2xlarge; allowed: an image with drivers for the GPUs of " +
        "the type. G7 needs NVIDIA's driver 595, and the images of EKS have 580; choose a type of g6e or g7e.",
    ],
  ])("refuses %s", (_case, resource, finding) => {
    expect(lines(analyze([nodeImage], resource))).toEqual([
      `mandatory [GPU-08] NodeGroup train: amiType is ${finding}`,
    ]);
  });

  it.each([
    ["AL2023_x86_64_STANDARD", ["g5.xlarge", "g6.xlarge"], [{ path: "amiType", value: "AL2023_x86_64_NVIDIA" }]],
    ["AL2023_x86_64_STANDARD", ["g5.xlarge", "m7i.large"], undefined],
    ["AL2023_x86_64_NVIDIA", ["g7.2xlarge"], undefined],
  ])("sets instead of %s the image that suits all of %j", (amiType, instanceTypes, fix) => {
    const properties = { amiType, instanceTypes };
    const subjects = subjectsOf([{ type: "aws:eks/nodeGroup:NodeGroup", name: "train", properties }]);

    const judgements = judgementsOf(nodeImage, subjects, {});

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([fix]);
  });

  it.each([
    ["the image", group(UNKNOWN_STRING, ["g5.xlarge"]), "amiType"],
    ["the list of instance types", group("AL2023_x86_64_NVIDIA", UNKNOWN_STRING), "instanceTypes"],
    ["an instance type", group("AL2023_x86_64_NVIDIA", ["g5.xlarge", UNKNOWN_STRING]), "instanceTypes[1]"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([nodeImage], resource))).toEqual([notKnown("NodeGroup train", path, nodeImage)]);
  });

  it("refuses a known instance type beside one that is not known", () => {
    const found = lines(analyze([nodeImage], group("AL2023_x86_64_STANDARD", [UNKNOWN_STRING, "g5.xlarge"])));

    expect(found.some((line) => line.startsWith("mandatory [GPU-08]"))).toBe(true);
  });
});
