import { describe, expect, it } from "vitest";
import { planFindings } from "../../../cli/plan/findings";
import { CapacityType, pricesWith } from "../../../components/model";
import { planOf, type PlanSettings } from "../../../preflight/plan";

const POOL = {
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "serve",
  urn: "urn:pulumi:dev::mlstack::aws:eks/nodeGroup:NodeGroup::serve",
  properties: {
    instanceTypes: ["g5.xlarge"],
    labels: { "mlstack.dev/pool": "serve" },
    scalingConfig: { minSize: 0, maxSize: 2 },
  },
};

const MACHINE = { instanceType: "g5.xlarge", capacityType: CapacityType.onDemand, source: "us", asOf: "2026-11-01" };
const own = (region: string, usdPerHour: number) => ({ ...MACHINE, region, usdPerHour });

/** What COST-01 says of two machines where a price in the policy file may be given. */
function ceilings(market: PlanSettings, prices: object[] = []): string[] {
  const rules = { "COST-01": { level: "mandatory", maxUsdPerHour: 1, region: "us-east-1", prices } };
  const findings = planFindings(
    { resources: [POOL], plan: planOf([POOL], market), market },
    { rules } as never,
    "2026-11-27",
  );
  return findings.filter(({ rule }) => rule === "COST-01").map(({ level, observed }) => `${level} ${observed}`);
}

const upTo = (usd: string) => [`mandatory such that the environment may cost up to USD ${usd}/h`];

describe("ceilings of a plan", () => {
  it("are held at the tables' prices in the policy file's region where the plan has none", () => {
    expect(ceilings({})).toEqual(upTo("2.01"));
  });

  it("are held at the plan's own prices", () => {
    expect(ceilings({ prices: pricesWith([own("us-east-1", 25)]) })).toEqual(upTo("50.00"));
    expect(ceilings({ prices: pricesWith([own("us-east-1", 0.5)]) })).toEqual([]);
  });

  it("are held in the plan's region", () => {
    const prices = pricesWith([own("us-east-1", 25), own("us-west-2", 30)]);
    expect(ceilings({ prices, region: "us-west-2" })).toEqual(upTo("60.00"));
  });

  it("count prices of the policy file after the plan's and before the tables'", () => {
    expect(ceilings({ prices: pricesWith([]) }, [own("us-east-1", 7)])).toEqual(upTo("14.00"));
    expect(ceilings({ prices: pricesWith([own("us-east-1", 25)]) }, [own("us-east-1", 7)])).toEqual(upTo("50.00"));
  });
});

describe("rules that read a plan", () => {
  it("judge by the one that is reported, and make no other", () => {
    const pod = {
      ...POOL,
      type: "kubernetes:core/v1:Pod",
      urn: "urn:pulumi:dev::mlstack::kubernetes:core/v1:Pod::chat",
      properties: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "chat", namespace: "ml" },
        spec: { containers: [{ name: "main", resources: { requests: { cpu: 64 } } }] },
      },
    };
    const resources = [POOL, pod];
    const plan = planOf(resources);
    const told = { ...plan, proofs: plan.proofs.map((proof) => ({ ...proof, reason: "the plan says so" })) };
    const findings = planFindings({ resources, plan: told, market: {} }, {}, "2026-11-27");

    expect(findings.filter(({ rule }) => rule === "PLACE-01").map(({ observed }) => observed)).toEqual([
      "that of pods which never run: the plan says so",
    ]);
  });
});
