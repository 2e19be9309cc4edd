import { describe, expect, it } from "vitest";
import { sparkMemory } from "../../../../components/workloads/spark/spark-memory";
import type { SparkLanguage } from "../../../../components/workloads/spark";

describe("the memory of a Spark pod", () => {
  it.each<[memory: string, overhead: string | undefined, language: SparkLanguage, heap: number, rest: number]>([
    ["10Gi", undefined, "Scala", 9309, 931],
    ["10Gi", undefined, "Java", 9309, 931],
    ["14Gi", undefined, "Python", 10_240, 4096],
    ["14Gi", undefined, "R", 10_240, 4096],
    ["2Gi", undefined, "Scala", 1664, 384],
    ["2Gi", "1Gi", "Scala", 1024, 1024],
    ["2Gi", "128Mi", "Python", 1920, 128],
  ])("of %s, overhead %s, in %s is %d MiB of heap and %d MiB of overhead", (memory, overhead, language, heap, rest) => {
    expect(sparkMemory(memory, overhead, language)).toEqual({ heapMib: heap, overheadMib: rest });
  });

  it("leaves no less for the overhead than Spark would, whatever the size", () => {
    for (let gib = 1; gib <= 512; gib++) {
      const { heapMib, overheadMib } = sparkMemory(`${gib}Gi`, undefined, "Python")!;
      expect(heapMib + overheadMib).toBe(gib * 1024);
      expect(overheadMib).toBeGreaterThanOrEqual(Math.max(384, Math.floor(heapMib * 0.4)));
    }
  });

  it.each(["32G", "1.5", "much"])("of %s cannot be divided, as that is no whole number of MiB", (memory) => {
    expect(sparkMemory(memory, undefined, "Python")).toBeUndefined();
  });
});
