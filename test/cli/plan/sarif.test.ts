import { describe, expect, it } from "vitest";
import { sectionOf } from "../../../cli/plan/finding-sections";
import { planSarif } from "../../../cli/plan/sarif";
import { emptyReport, typicalReport } from "./page/fixture";

interface Run {
  tool: { driver: { name: string; version: string; rules: { id: string }[] } };
  results: { ruleId: string; ruleIndex: number; level: string; partialFingerprints: Record<string, string> }[];
}

const runOf = (report = typicalReport) => {
  const log = planSarif(report, { file: "stacks/Pulumi.staging.yaml", version: "1.2.3" });
  const { version, runs } = JSON.parse(log) as { version: string; runs: [Run] };
  expect(version).toBe("2.1.0");
  return runs[0];
};

describe("the findings of a plan as SARIF", () => {
  it("are at the file that configures the stack, with rule, object and path", () => {
    const { tool, results } = runOf();
    expect(tool.driver).toMatchObject({ name: "mlstack plan", version: "1.2.3" });
    expect(results).toHaveLength(typicalReport.findings.length);
    expect(results[0]).toMatchObject({
      ruleId: "PLAN-01",
      level: "error",
      message: { text: typicalReport.findings[0]!.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "stacks/Pulumi.staging.yaml" },
            region: { startLine: 1, startColumn: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: "MPIJob language/pretrain: spec.mpiReplicaSpecs.Worker.replicas" }],
        },
      ],
    });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("tell advice from what stops a deployment", () => {
    const levels = typicalReport.findings.map(({ level }) => (level === "mandatory" ? "error" : "warning"));
    expect(runOf().results.map(({ level }) => level)).toEqual(levels);
  });

  it("are not taken for one another, and stay the same in the next run", () => {
    const prints = () => runOf().results.map((result) => result.partialFingerprints["primaryLocationLineHash"]);
    expect(new Set(prints()).size).toBe(typicalReport.findings.length);
    expect(prints()).toEqual(prints());
  });

  it("name the rules that judged a plan where nothing is found", () => {
    const { tool, results } = runOf(emptyReport);
    expect(results).toEqual([]);
    expect(tool.driver.rules.map(({ id }) => id)).toContain("PLACE-01");
    expect(tool.driver.rules.filter(({ id }) => sectionOf(id) === undefined)).toEqual([]);
  });
});
