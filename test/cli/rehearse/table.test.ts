import { describe, expect, it } from "vitest";
import { rehearsalTable } from "../../../cli/rehearse/table";
import { emptyRehearsal, typicalRehearsal } from "./fixture";

describe("the table of a rehearsal", () => {
  const text = rehearsalTable(typicalRehearsal);

  it("says first that it is simulated", () => {
    expect(text.split("\n")[0]).toBe(
      "Simulated: no container ran. Nodes and GPUs are simulated, pods end as told; scheduling, queues and controllers are real.",
    );
  });

  it("tells of each workload when it came, waited, ran and ended", () => {
    const lines = text.split("\n").map((line) => line.split(/ {3,}/));
    expect(lines.find(([title]) => title === "Job research/first")).toEqual([
      "Job research/first",
      "0s",
      "0s",
      "0s",
      "20s",
      "33m 30s",
      "succeeded",
      "2",
      "6",
    ]);
  });

  it("says what never ran, and why", () => {
    expect(text).toContain("Job research/huge: maximum capacity (8) is less than the request (10)");
  });

  it("tells faults, what they pushed away, and what was stuck", () => {
    expect(text).toContain(
      [
        "Faults:",
        "  50m nodeLost: node b is gone, with 1 pod",
        "    Job research/second lost 1 pod and was not whole again: interrupted",
        "    3 workloads open then: 2 interrupted, 1 never ran",
      ].join("\n"),
    );
    expect(text).toContain("  50m 10s Job research/second (second-1): its node is gone");
    expect(text).toContain("  50m 20s to 1h 40m: Job research/second (2 GPUs for 1 pod, 1 pod without a node)");
  });

  it("counts and sums up what is above", () => {
    expect(text).toContain("5 workloads: 1 succeeded, 0 failed, 2 never ran; 1 eviction, 1 deadlock.");
    expect(text).toContain("Nodes cost USD 16.07 in 2h of the scenario, as far as prices are known.");
    expect(text).toContain("Ran 12m at 10 times the speed of the clock; it ended when nothing could change any more.");
  });

  it("says that nothing came", () => {
    expect(rehearsalTable(emptyRehearsal)).toContain("No workload came.");
  });
});
