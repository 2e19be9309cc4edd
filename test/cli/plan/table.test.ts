import { describe, expect, it } from "vitest";
import { plannedReport } from "../../../cli/plan/plan-report";
import type { PlanReport, ReportedPool } from "../../../cli/plan/report";
import { planTable } from "../../../cli/plan/table";
import { PRICES, type TreeObject } from "../../../components/model";
import { typicalReport } from "./page/fixture";

/** The lines of the table of a plan that begin so. */
function lines(start: string, changes: Partial<PlanReport>): string[] {
  const all = planTable({ ...typicalReport, ...changes }).split("\n");
  return all.filter((line) => line.startsWith(start)).map((line) => line.replace(/ {2,}/g, " | "));
}

const [first] = typicalReport.pools as [ReportedPool];

function pool(change: Partial<ReportedPool>): ReportedPool {
  return { ...first, name: "a", ...change };
}

describe("the table of a plan", () => {
  it.each<[string[], string]>([
    [[], "unknown"],
    [["g5.xlarge"], "g5.xlarge"],
    [["g5.xlarge", "g5.2xlarge"], "g5.xlarge and g5.2xlarge"],
    [["g5.xlarge", "g5.2xlarge", "g5.4xlarge"], "g5.xlarge and 2 more"],
  ])("names of the instance types %j as many as fit a cell", (instanceTypes, cell) => {
    const [line] = lines("a ", { pools: [pool({ instanceTypes })] });
    expect(line!.split(" | ")[1]).toBe(cell);
  });

  it("names the first of many pools on which pods run", () => {
    const [workload] = typicalReport.workloads;
    const [proof] = workload!.proofs;
    const onPools = (...names: string[]) =>
      lines("Job x", {
        workloads: [
          {
            ...workload!,
            proofs: [
              {
                ...proof!,
                title: "Job x",
                pools: names.map((name) => ({ pool: name, perNode: 1, atOnce: 1000, obstacles: [] })),
              },
            ],
          },
        ],
      })[0]!;

    expect(onPools("a", "b")).toContain(" a (1,000) and b (1,000)");
    expect(onPools("a", "b", "c")).toContain(" a (1,000) and 2 more");
  });

  it("separates the digits of large numbers, and stops where they say nothing", () => {
    const packing = { ...first.packing, nodes: 1000, gpus: 8000, gpusInUse: 4000, strandedGpus: 2000 };
    const [line] = lines("a ", { pools: [pool({ maxNodes: 1e32, packing })] });

    expect(line).toContain("to over 9,000,000,000,000,000 | 1,000 | 4,000 of 8,000 | 2,000");
    expect(planTable({ ...typicalReport, summary: { ...typicalReport.summary, podSets: 2000, runs: 1500 } })).toContain(
      "2,000 sets of pods: 1,500 run at once",
    );
  });

  it("tells the region of each pool where there are several", () => {
    const [east, west] = ["us-east-1", "us-west-2"].map((region) => pool({ name: region, region }));

    expect(lines("POOL", { pools: [east!] })[0]).not.toContain("REGION");
    expect(lines("Cost,", { pools: [east!] })).toEqual(["Cost, USD per hour in us-east-1"]);
    expect(lines("Cost,", { pools: [west!] })).toEqual(["Cost, USD per hour in us-west-2"]);
    expect(lines("POOL", { pools: [east!, west!] })[0]).toContain("INSTANCE TYPE | REGION | CAPACITY");
    expect(lines("us-west-2", { pools: [east!, west!, pool({})] })[0]).toContain(" | us-west-2 | ");
    expect(lines("a ", { pools: [east!, west!, pool({})] })[0]).toContain(" | unknown | ");
    expect(lines("Cost,", { pools: [east!, west!] })).toEqual(["Cost, USD per hour"]);
  });
});

function object(apiVersion: string, kind: string, name: string, rest: TreeObject) {
  const properties = { apiVersion, kind, metadata: { name, namespace: "ml" }, ...rest };
  return { type: `kubernetes:${apiVersion}:${kind}`, name, urn: `${kind}:${name}`, properties };
}

describe("what waits", () => {
  it("is not told again of pods of which it is undecided whether they run", () => {
    const requirement = { key: "node.kubernetes.io/instance-type", operator: "In", values: ["x9.mega"] };
    const template = { spec: { requirements: [requirement] } };
    const resources = [
      object("karpenter.sh/v1", "NodePool", "a", { spec: { template } }),
      object("v1", "Pod", "x", { spec: { containers: [{ name: "a", resources: { requests: { cpu: 500 } } }] } }),
    ];
    const report = plannedReport({
      ...{ stack: "files", offline: true, resources, remarks: [], before: undefined, configuration: {} },
      ...{ judgedAt: new Date(0), prices: PRICES },
    });
    const told = planTable(report)
      .split("\n")
      .filter((line) => line.includes("takes it is not known"));

    expect(told).toEqual([
      "  undecided  Pod ml/x: whether pool a (x9.mega) takes it is not known: the instance type x9.mega is in no table",
    ]);
  });
});
