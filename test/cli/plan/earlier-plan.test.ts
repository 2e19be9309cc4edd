import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { costOfEarlierPlan } from "../../../cli/plan/earlier-plan";
import { plannedReport } from "../../../cli/plan/plan-report";
import { PRICES, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { planOf } from "../../../preflight/plan";
import { scratchFolder } from "../../support/scratch";

function nodePool(name: string, instanceType: string, limits: TreeObject = {}): PlannedResource {
  const requirements = [
    ["node.kubernetes.io/instance-type", instanceType],
    ["topology.kubernetes.io/zone", "us-east-1a"],
    ["karpenter.sh/capacity-type", "on-demand"],
  ].map(([key = "", value = ""]) => ({ key, operator: "In", values: [value] }));
  const properties = {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: { limits, template: { spec: { requirements } } },
  };
  return { type: "kubernetes:karpenter.sh/v1:NodePool", name, urn: `NodePool:${name}`, properties };
}

const planned = (resources: PlannedResource[], before?: Parameters<typeof plannedReport>[0]["before"]) =>
  plannedReport({
    ...{ stack: "prod", offline: true, resources, remarks: [], before, configuration: {} },
    ...{ judgedAt: new Date(0), prices: PRICES },
  });

async function written(content: string): Promise<string> {
  const path = join(await scratchFolder(), "plan.json");
  await writeFile(path, content);
  return path;
}

const bounded = nodePool("training", "g5.12xlarge", { "nvidia.com/gpu": 8 });
const unbounded = nodePool("training", "g5.12xlarge");
const unpriced = nodePool("new", "x9.mega", { cpu: 100 });

describe("an earlier plan", () => {
  it.each<[string, PlannedResource[], PlannedResource[]]>([
    ["grows", [bounded], [nodePool("training", "g5.12xlarge", { "nvidia.com/gpu": 16 })]],
    ["is the same", [bounded, unpriced], [bounded, unpriced]],
    ["loses its bound", [bounded], [unbounded]],
    ["gets a bound", [unbounded], [bounded]],
    ["stays unbounded", [unbounded], [unbounded]],
    ["has machines without a price", [bounded], [bounded, unpriced]],
    ["loses a pool", [bounded, unpriced], [bounded]],
  ])("compares with a stack that %s as its resources do", async (_, before, after) => {
    const path = await written(JSON.stringify(planned(before)));
    const compared = planned(after, await costOfEarlierPlan(path)).difference;
    expect(compared).toEqual(planned(after, before).difference);
    expect(compared?.sentence).not.toBe("");
  });

  it("keeps everything that costs are compared by", async () => {
    const cost = await costOfEarlierPlan(await written(JSON.stringify(planned([bounded, unbounded, unpriced]))));
    const { pools } = planOf([bounded, unbounded, unpriced], { prices: PRICES }).cost;
    const names = ["idle", "typical", "ceiling", "instanceType", "capacityType", "nodes", "missing"] as const;
    const comparable = (all: typeof pools) => all.map((pool) => names.map((name) => pool[name]));
    expect(comparable(cost!.pools)).toEqual(comparable(pools));
  });

  it.each([
    ["a state", JSON.stringify({ version: 3, deployment: { resources: [] } })],
    ["YAML", "kind: Pod\n"],
  ])("is told from %s", async (_, content) => {
    expect(await costOfEarlierPlan(await written(content))).toBeUndefined();
  });

  it("is none where there is no file", async () => {
    expect(await costOfEarlierPlan("/nowhere/plan.json")).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ["of another version", { version: 2 }, "version: Invalid input: expected 1"],
    ["that was changed", { pools: [{}] }, "pools.0.cost: Invalid input: expected object, received undefined"],
  ])("is refused where it is one %s", async (_, change, complaint) => {
    const path = await written(JSON.stringify({ ...planned([bounded]), ...change }));
    await expect(costOfEarlierPlan(path)).rejects.toThrow(
      expect.objectContaining({
        message: `the plan in ${path} cannot be compared with: ${complaint}`,
        remedy: "Make it again by --format json of this version of mlstack.",
      }),
    );
  });
});
