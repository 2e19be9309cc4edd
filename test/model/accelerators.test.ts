import { distance } from "fastest-levenshtein";
import { describe, expect, it } from "vitest";
import { gpuInstanceType, gpuInstanceTypes, nearestGpuInstanceType } from "../../components/model/accelerators";

describe("gpuInstanceType", () => {
  it("knows everything that a node pool needs of a type", () => {
    expect(gpuInstanceType("p4d.24xlarge")).toEqual({
      instanceType: "p4d.24xlarge",
      architecture: "amd64",
      vcpus: 96,
      memoryGib: 1152,
      gpuModel: "a100",
      gpuCount: 8,
      gpuMemoryMib: 40960,
      efaInterfaces: 4,
      localNvmeGb: 8000,
    });
  });

  it.each([
    ["g4dn.xlarge", "t4", 1, 16384],
    ["g5.12xlarge", "a10g", 4, 22888],
    ["g6.48xlarge", "l4", 8, 22888],
    ["g6e.xlarge", "l40s", 1, 45776],
    ["p4de.24xlarge", "a100", 8, 81920],
    ["p5.4xlarge", "h100", 1, 81920],
    ["p5en.48xlarge", "h200", 8, 144384],
  ])("lists %s with %s x %d of %d MiB", (name, gpuModel, gpuCount, gpuMemoryMib) => {
    expect(gpuInstanceType(name)).toMatchObject({ gpuModel, gpuCount, gpuMemoryMib });
  });

  it.each(["g6f.large", "gr6f.4xlarge"])("counts no whole GPU on %s, which carries a fraction of one", (name) => {
    expect(gpuInstanceType(name)?.gpuCount).toBe(0);
  });

  it("knows that the Graviton types need arm64 images", () => {
    expect(gpuInstanceType("g5g.xlarge")?.architecture).toBe("arm64");
  });

  it.each(["", "g5", "G5.XLARGE", "m6i.large", "toString", "__proto__"])("does not list %j", (name) => {
    expect(gpuInstanceType(name)).toBeUndefined();
  });
});

describe("gpuInstanceTypes", () => {
  const types = gpuInstanceTypes();

  it("lists every type once", () => {
    expect(new Set(types.map((type) => type.instanceType)).size).toBe(types.length);
    expect(types.length).toBeGreaterThan(60);
  });

  it("spells names and GPU models as EC2 and Karpenter do", () => {
    for (const type of types) {
      expect(type.instanceType).toMatch(/^[a-z0-9-]+\.(metal|[0-9]*x?large)$/);
      expect(type.gpuModel).toMatch(/^[a-z0-9-]+$/);
    }
  });

  it("has figures in the ranges that EC2 offers, so that no two columns are swapped", () => {
    const implausible = types.filter(
      (type) =>
        ![0, 1, 2, 4, 8].includes(type.gpuCount) ||
        type.memoryGib / type.vcpus < 2 ||
        type.memoryGib / type.vcpus > 24 ||
        type.gpuMemoryMib < 2048 ||
        type.efaInterfaces > 32 ||
        (type.localNvmeGb > 0 && type.localNvmeGb < 100),
    );
    expect(implausible).toEqual([]);
  });

  it("gives every GPU of a family the same memory, fractions aside", () => {
    const memories = new Map<string, Set<number>>();
    for (const { instanceType, gpuMemoryMib } of types.filter((type) => type.gpuCount > 0)) {
      const family = instanceType.split(".")[0]!;
      memories.set(family, (memories.get(family) ?? new Set()).add(gpuMemoryMib));
    }
    expect([...memories].filter(([, sizes]) => sizes.size > 1)).toEqual([]);
  });

  it("cannot be changed by those who read it", () => {
    const [first] = gpuInstanceTypes();
    expect(() => Object.assign(first!, { gpuCount: 99 })).toThrow(TypeError);
    gpuInstanceTypes().pop();
    expect(gpuInstanceTypes()).toEqual(types);
  });
});

describe("nearestGpuInstanceType", () => {
  it.each([
    ["g5.xlrage", "g5.xlarge"],
    ["g5.xl", "g5.xlarge"],
    ["G4DN.XLARGE", "g4dn.xlarge"],
    ["g4nd.12xlarge", "g4dn.12xlarge"],
    ["p4.24xlarge", "p4d.24xlarge"],
    ["p5.48xlage", "p5.48xlarge"],
    ["p6.b200.48xlarge", "p6-b200.48xlarge"],
  ])("suggests for %s: %s", (misspelt, nearest) => {
    expect(nearestGpuInstanceType(misspelt)).toBe(nearest);
  });

  it("always suggests a listed type, the closest there is", () => {
    for (const misspelt of ["", "x", "m6i.large", "🙂".repeat(40)]) {
      const nearest = nearestGpuInstanceType(misspelt);
      const others = gpuInstanceTypes().map((type) => distance(misspelt, type.instanceType));
      expect(gpuInstanceType(nearest)).toBeDefined();
      expect(distance(misspelt, nearest)).toBe(Math.min(...others));
    }
  });
});
