import { describe, expect, it } from "vitest";
import { costCeilings } from "../../../../../policies/gpu-ml/preflight/proofs/cost-ceilings";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { object, poolGroup, said, undecidedAt } from "../../stack/resources";

/** Two machines of USD 1.006 and three of USD 5.672 per hour. */
const SMALL = poolGroup("serve", "g5.xlarge", 2);
const LARGE = poolGroup("train", "g5.12xlarge", 3);
const MACHINE = {
  instanceType: "g5.xlarge",
  region: "us-east-1",
  capacityType: "on-demand",
  source: "our contract",
  asOf: "2026-11-01",
};
/** Other objects of the tenant, and its neighbour, come before its namespace. */
const OTHERS = [
  object("v1", "ConfigMap", "a", {}, { labels: { "mlstack.dev/tenant": "vision" } }),
  object("v1", "Namespace", "speech", {}, { labels: { "mlstack.dev/tenant": "speech" } }),
];
const NAMESPACE = object("v1", "Namespace", "vision", {}, { labels: { "mlstack.dev/tenant": "vision" } });

function told(resources: TestResource[], parameters: object): string[] {
  const entry = { level: "mandatory", region: "us-east-1", maxUsdPerHour: 1000, ...parameters };
  return said(costCeilings, resources, { stack: { rules: { "COST-01": entry } } });
}

function refusal(title: string, observed: string, allowed: string): string {
  return (
    `mandatory [COST-01] ${title}: scalingConfig.maxSize is such that ${observed}; allowed: at most ${allowed}. Lower the ` +
    "largest size, choose cheaper machines, or raise the ceiling."
  );
}

const ENVIRONMENT = refusal("NodeGroup train", "the environment may cost up to USD 19.03/h", "USD 19.00/h");

describe("COST-01 ceilings", () => {
  it.each<[string, TestResource[], object]>([
    ["an environment at its ceiling", [SMALL, LARGE], { maxUsdPerHour: 19.03 }],
    ["a pool at its ceiling", [SMALL, LARGE], { pools: { train: 17.02 } }],
    ["a stack without pools", [NAMESPACE], { maxUsdPerHour: 0 }],
  ])("accepts %s", (_case, resources, parameters) => {
    expect(told(resources, parameters)).toEqual([]);
  });

  it.each<[string, TestResource[], object, string]>([
    ["an environment above it", [SMALL, LARGE], { maxUsdPerHour: 19 }, ENVIRONMENT],
    ["one whose dearest pool comes first", [LARGE, SMALL], { maxUsdPerHour: 19 }, ENVIRONMENT],
    [
      "a pool above it",
      [SMALL, LARGE],
      { pools: { serve: 2 } },
      refusal("NodeGroup serve", "pool serve may cost up to USD 2.01/h", "USD 2.00/h"),
    ],
  ])("refuses %s", (_case, resources, parameters, message) => {
    expect(told(resources, parameters)).toEqual([message]);
  });

  it("says nothing unless it is asked to", () => {
    expect(said(costCeilings, [poolGroup("train", "p5.48xlarge", 100)])).toEqual([]);
  });

  it.each<[string, TestResource[], object, string, string]>([
    ["the size", [poolGroup("train", "g5.xlarge", UNKNOWN_STRING)], {}, "NodeGroup train", "scalingConfig.maxSize"],
    ["the machines", [SMALL, poolGroup("train", UNKNOWN_STRING, 1)], {}, "NodeGroup train", "instanceTypes"],
    [
      "the name of a pool",
      [poolGroup("a", "g5.xlarge", 1, { labels: UNKNOWN_STRING })],
      { pools: { other: 1 } },
      "NodeGroup a",
      "labels",
    ],
    [
      "the tenant of a namespace",
      [SMALL, object("v1", "Namespace", "a", {}, { labels: { "mlstack.dev/tenant": UNKNOWN_STRING } })],
      { tenants: { other: 1 } },
      "Namespace ml/a",
      'metadata.labels["mlstack.dev/tenant"]',
    ],
  ])("cannot decide without knowing %s", (_case, resources, parameters, title, path) => {
    expect(told(resources, parameters)).toEqual([undecidedAt(costCeilings, title, path)]);
  });

  it.each<[string, TestResource[], object, string, string, string]>([
    [
      "a pool that is not there",
      [SMALL],
      { pools: { other: 3 } },
      "there is no pool other that may cost up to USD 3.00/h; there are: serve",
      "a pool that is there",
      "Correct the name in the policy file, or remove its ceiling.",
    ],
    [
      "a tenant that is not there",
      [SMALL],
      { tenants: { other: 3 } },
      "there is no tenant other that may cost up to USD 3.00/h; there are: none",
      "a tenant that is there",
      "Correct the name in the policy file, or remove its ceiling.",
    ],
    [
      "a price that no table has",
      [SMALL],
      { region: "" },
      "whether the environment costs no more than USD 1000.00/h cannot be told, as the most that pool serve may cost is " +
        "not known; pool serve: nothing is said of its region",
      "a cost that is known, of at most USD 1000.00/h",
      "Give missing prices and the region as parameters of the rule, and bound the pool.",
    ],
  ])("refuses a ceiling of %s, which would pass unseen", (_case, resources, parameters, observed, allowed, remedy) => {
    expect(told(resources, parameters)).toEqual([
      `mandatory [COST-01] NodeGroup serve: scalingConfig.maxSize is such that ${observed}; allowed: ${allowed}. ${remedy}`,
    ]);
  });

  it("is undecided only where an update tells all that is not known", () => {
    const pending = poolGroup("train", "g5.xlarge", UNKNOWN_STRING);
    const odd = poolGroup("odd", "x9.mega", 1);

    expect(told([pending, odd], {})).toEqual([expect.stringMatching(/^mandatory .* cannot be told/)]);
  });

  it("counts prices of its own before those of the tables", () => {
    const prices = [{ ...MACHINE, usdPerHour: 4 }];

    expect(told([SMALL], { prices, pools: { serve: 8 } })).toEqual([]);
    expect(told([SMALL], { prices, pools: { serve: 7 } })).toEqual([
      refusal("NodeGroup serve", "pool serve may cost up to USD 8.00/h", "USD 7.00/h"),
    ]);
  });

  it("files what a tenant costs at its namespace", () => {
    const workload = object(
      "apps/v1",
      "Deployment",
      "chat",
      {
        spec: {
          replicas: 2,
          template: { spec: { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1 } } }] } },
        },
      },
      { namespace: "vision" },
    );

    expect(told([SMALL, ...OTHERS, NAMESPACE, workload], { tenants: { vision: 0.5 } })).toEqual([
      refusal("Namespace ml/vision", "tenant vision may cost up to USD 2.01/h", "USD 0.50/h").replace(
        "scalingConfig.maxSize",
        'metadata.labels["mlstack.dev/tenant"]',
      ),
    ]);
  });

  it.each<[string, unknown, boolean]>([
    ["maxUsdPerHour", 0, true],
    ["maxUsdPerHour", -1, false],
    ["maxUsdPerHour", "5", false],
    ["maxUsdPerHour", Infinity, false],
    ["pools", { train: 5 }, true],
    ["pools", { train: "5" }, false],
    ["pools", { serve: 5, train: "5" }, false],
    ["pools", [5], false],
    ["tenants", { vision: 0.5 }, true],
    ["tenants", { vision: -1 }, false],
    ["prices", [], true],
    ["prices", [{ ...MACHINE, usdPerHour: 4 }], true],
    ["prices", [{ ...MACHINE, usdPerHour: "4" }], false],
    ["prices", MACHINE, false],
    ["region", "us-east-1", true],
    ["region", "us-gov-west-1", true],
    ["region", "", true],
    ["region", "us-east-1a", false],
  ])("takes %s %j: %j", (name, value, isTaken) => {
    expect(costCeilings.parameters[name as "pools"].accepts(value as never)).toBe(isTaken);
  });
});
