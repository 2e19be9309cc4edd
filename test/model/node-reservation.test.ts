import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeReservation } from "../../components/model";

describe("nodeReservation", () => {
  it.each([
    { vcpus: 1, cpuMillicores: 60 },
    { vcpus: 2, cpuMillicores: 70 },
    { vcpus: 4, cpuMillicores: 80 },
    { vcpus: 16, cpuMillicores: 110 },
    { vcpus: 192, cpuMillicores: 550 },
  ])("keeps $cpuMillicores m of $vcpus CPUs back", ({ vcpus, cpuMillicores }) => {
    expect(nodeReservation(vcpus).cpuMillicores).toBe(cpuMillicores);
  });

  it.each([
    { maxPods: 110, memoryMib: 1565 },
    { maxPods: 29, memoryMib: 674 },
  ])("keeps $memoryMib MiB back for $maxPods pods", ({ maxPods, memoryMib }) => {
    expect(nodeReservation(4, maxPods).memoryMib).toBe(memoryMib);
  });

  it("never keeps back less on a larger machine, nor more than 6 % of it", () => {
    const vcpus = fc.integer({ min: 1, max: 512 });
    fc.assert(
      fc.property(vcpus, vcpus, (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        const reserved = nodeReservation(large).cpuMillicores;
        expect(reserved).toBeGreaterThanOrEqual(nodeReservation(small).cpuMillicores);
        expect(reserved).toBeLessThanOrEqual(large * 60);
      }),
    );
  });
});
