import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../components/model/accelerators";
import {
  gpuModels,
  gpuRequirementProblems,
  instanceTypesFor,
  type GpuRequirement,
} from "../../components/model/gpu-selection";
import { usdPerHour } from "../../components/model/prices";

const MODELS = "a100, a10g, b200, b300, h100, h200, l4, l40s, rtx-pro-4500, rtx-pro-server-6000, t4, t4g, v100";

function names(requirement: GpuRequirement): string[] {
  return instanceTypesFor(requirement).map(({ instanceType }) => instanceType);
}

const requirements: fc.Arbitrary<GpuRequirement> = fc.record(
  {
    gpuMemoryGib: fc.double({ min: 0.1, max: 268, noNaN: true }),
    gpusPerNode: fc.constantFrom(1, 2, 4, 8),
    gpuModels: fc.uniqueArray(fc.constantFrom(...gpuModels()), { minLength: 1 }),
    architecture: fc.constantFrom("amd64" as const, "arm64" as const),
    efa: fc.boolean(),
  },
  { requiredKeys: ["gpuMemoryGib"] },
);

describe("instanceTypesFor", () => {
  it.each<[string, GpuRequirement, string[]]>([
    ["any GPU", { gpuMemoryGib: 16, gpusPerNode: 1 }, ["g4dn.xlarge", "g4dn.2xlarge", "g6.xlarge"]],
    ["a GPU of 40 GiB", { gpuMemoryGib: 40, gpusPerNode: 1 }, ["g6e.xlarge", "g6e.2xlarge", "g6e.4xlarge"]],
    ["eight GPUs of 80 GiB", { gpuMemoryGib: 80, gpusPerNode: 8 }, ["p4de.24xlarge", "g7e.48xlarge", "p5.48xlarge"]],
    ["H200", { gpuMemoryGib: 1, gpuModels: ["h200"] }, ["p5en.48xlarge", "p5e.48xlarge"]],
    ["arm64", { gpuMemoryGib: 1, architecture: "arm64" }, ["g5g.xlarge", "g5g.2xlarge", "g5g.4xlarge"]],
    ["a fabric", { gpuMemoryGib: 20, efa: true }, ["g6.8xlarge", "gr6.8xlarge", "g5.8xlarge"]],
  ])("finds for %s, cheapest first", (_case, requirement, first) => {
    expect(names(requirement).slice(0, first.length)).toEqual(first);
  });

  it("compares with the memory that EC2 reports, which is less than on the box", () => {
    expect(names({ gpuMemoryGib: 22, gpuModels: ["a10g"] })).not.toEqual([]);
    expect(names({ gpuMemoryGib: 24, gpuModels: ["a10g"] })).toEqual([]);
  });

  it("takes amd64 for granted, as images are built for that", () => {
    expect(names({ gpuMemoryGib: 1 }).filter((name) => name.startsWith("g5g."))).toEqual([]);
  });

  it("returns exactly the types with whole GPUs that fulfil every part of the requirement", () => {
    fc.assert(
      fc.property(requirements, (requirement) => {
        const { gpuMemoryGib, gpusPerNode, gpuModels: models, architecture = "amd64", efa = false } = requirement;
        const expected = gpuInstanceTypes()
          .filter((type) => type.gpuCount > 0)
          .filter((type) => type.gpuMemoryMib / 1024 >= gpuMemoryGib)
          .filter((type) => gpusPerNode === undefined || type.gpuCount === gpusPerNode)
          .filter((type) => models?.includes(type.gpuModel) ?? true)
          .filter((type) => type.architecture === architecture)
          .filter((type) => !efa || type.efaInterfaces > 0);
        expect(names(requirement).sort()).toEqual(expected.map(({ instanceType }) => instanceType).sort());
      }),
    );
  });

  it("never puts a dearer type before a cheaper one, nor one with a price behind one without", () => {
    fc.assert(
      fc.property(requirements, (requirement) => {
        const prices = names(requirement).map((name) => usdPerHour(name, "us-east-1") ?? Infinity);
        expect(prices).toEqual([...prices].sort((a, b) => a - b || 0));
      }),
    );
  });

  it("finds no more where more is asked for", () => {
    fc.assert(
      fc.property(requirements, fc.double({ min: 0, max: 100, noNaN: true }), (requirement, more) => {
        const stricter = names({ ...requirement, gpuMemoryGib: requirement.gpuMemoryGib + more, efa: true });
        expect(names(requirement)).toEqual(expect.arrayContaining(stricter));
      }),
    );
  });
});

describe("gpuRequirementProblems", () => {
  it.each<[GpuRequirement, string, unknown, string, string]>([
    [
      { gpuMemoryGib: 0 },
      "gpuMemoryGib",
      0,
      "a number above 0, at most 268",
      "Set it to the memory that one GPU must have in GiB.",
    ],
    [
      { gpuMemoryGib: NaN },
      "gpuMemoryGib",
      NaN,
      "a number above 0, at most 268",
      "Set it to the memory that one GPU must have in GiB.",
    ],
    [{ gpuMemoryGib: 16, gpusPerNode: 3 }, "gpusPerNode", 3, "1, 2, 4, 8", "Set it to one of these, or leave it out."],
    [{ gpuMemoryGib: 16, gpuModels: [] }, "gpuModels", [], `at least one of ${MODELS}`, "Name some, or leave it out."],
    [{ gpuMemoryGib: 16, gpuModels: ["l4", "H100"] }, "gpuModels[1]", "H100", MODELS, "Set it to one of these."],
    [
      { gpuMemoryGib: 16, architecture: "x86" as "amd64" },
      "architecture",
      "x86",
      "amd64, arm64",
      "Set it to one of these.",
    ],
  ])("refuses %j", (requirement, path, given, allowed, remedy) => {
    expect(gpuRequirementProblems(requirement)).toEqual([{ path, given, allowed, remedy }]);
  });

  const remedy = "No instance type has all that is asked for; change this, or ask for less beside it.";
  it.each<[GpuRequirement, string, unknown, string]>([
    [{ gpuMemoryGib: 80, gpuModels: ["l4"] }, "gpuMemoryGib", 80, "at most 22.35 with the rest"],
    [{ gpuMemoryGib: 80, gpuModels: ["h100"], gpusPerNode: 2 }, "gpusPerNode", 2, "1, 8 with the rest"],
    [{ gpuMemoryGib: 1, gpuModels: ["t4g"] }, "architecture", undefined, "arm64 with the rest"],
    [{ gpuMemoryGib: 1, architecture: "arm64", efa: true }, "architecture", "arm64", "amd64 with the rest"],
  ])("names what stands in the way of %j", (requirement, path, given, allowed) => {
    expect(gpuRequirementProblems(requirement)).toEqual([{ path, given, allowed, remedy }]);
  });

  it("names the memory where several parts stand in the way", () => {
    expect(
      gpuRequirementProblems({ gpuMemoryGib: 80, gpusPerNode: 4, gpuModels: ["t4g"], architecture: "arm64" }),
    ).toEqual([
      {
        path: "gpuMemoryGib",
        given: 80,
        allowed: "what an instance type with the rest has, and none is",
        remedy: "Ask for less beside it.",
      },
    ]);
  });

  it("names everything that is misspelt at once", () => {
    const paths = gpuRequirementProblems({ gpuMemoryGib: -1, gpusPerNode: 16, gpuModels: ["k80", "m60"] });
    expect(paths.map(({ path }) => path)).toEqual(["gpuMemoryGib", "gpusPerNode", "gpuModels[0]", "gpuModels[1]"]);
  });

  it("finds nothing wrong with a requirement exactly where there are types that fulfil it", () => {
    fc.assert(
      fc.property(requirements, (requirement) => {
        expect(gpuRequirementProblems(requirement).length === 0).toBe(names(requirement).length > 0);
      }),
    );
  });
});
