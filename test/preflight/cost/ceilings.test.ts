import { describe, expect, it } from "vitest";
import { ceilingFindings, type CeilingFinding, type CostCeilings, type StackCost } from "../../../preflight/cost";
import { costs, pool, proof, workload } from "./stack";

const job = { ...workload("j", { kind: "once" }, [{ count: 2 }]), tenant: "vision" };
const input = { workloads: [job], proofs: [proof(job, { training: 4 })] };

/** Pools that cost USD 22.69/h and USD 1.01/h, and a tenant that costs USD 2.84/h. */
const priced = costs({
  ...input,
  pools: [pool(), pool({ name: "small", shape: { instanceTypes: ["g5.xlarge"] }, maxNodes: 1 })],
});
/** Pools of which one costs USD 22.69/h, and one has no price. */
const partly = costs({ ...input, pools: [pool(), pool({ name: "odd", shape: { instanceTypes: ["x9.large"] } })] });
const unpriced = costs({ ...input, pools: [pool({ shape: { instanceTypes: ["x9.large"] } })] });
const unbounded = costs({ pools: [pool({ maxNodes: undefined })] });

describe("ceilings of cost", () => {
  it.each<[string, StackCost, CostCeilings]>([
    ["there are none", priced, {}],
    ["the environment costs exactly that", priced, { environment: 23.694 }],
    ["a pool costs less", priced, { pools: { training: 23, small: 1.006 } }],
    ["a tenant costs less", priced, { tenants: { vision: 3 } }],
    ["another pool has no price", partly, { pools: { training: 23 } }],
  ])("are kept where %s", (_case, cost, ceilings) => {
    expect(ceilingFindings(cost, ceilings)).toEqual([]);
  });

  it.each<[string, StackCost, CostCeilings, CeilingFinding]>([
    [
      "the environment costs more",
      priced,
      { environment: 23.69 },
      {
        ...{ scope: "environment", name: "", usdPerHour: 23.694, allowed: 23.69 },
        message: "the environment may cost up to USD 23.694/h; allowed: USD 23.69/h",
      },
    ],
    [
      "a pool costs more",
      priced,
      { pools: { training: 20, small: 2 } },
      {
        ...{ scope: "pool", name: "training", usdPerHour: 22.688, allowed: 20 },
        message: "pool training may cost up to USD 22.69/h; allowed: USD 20.00/h",
      },
    ],
    [
      "a tenant costs more",
      priced,
      { tenants: { vision: 2 } },
      {
        ...{ scope: "tenant", name: "vision", usdPerHour: 2.836, allowed: 2 },
        message: "tenant vision may cost up to USD 2.84/h; allowed: USD 2.00/h",
      },
    ],
    [
      "nothing bounds a pool",
      unbounded,
      { pools: { training: 20 } },
      {
        ...{ scope: "pool", name: "training", usdPerHour: Infinity, allowed: 20 },
        message: "nothing bounds what pool training may cost; allowed: USD 20.00/h",
      },
    ],
    [
      "a pool without a price keeps it from being told",
      partly,
      { environment: 100 },
      {
        ...{ scope: "environment", name: "", usdPerHour: undefined, allowed: 100 },
        message:
          "whether the environment costs no more than USD 100.00/h cannot be told, as the most that pool odd may cost is not known",
      },
    ],
    [
      "the pools with a price already cost more",
      partly,
      { environment: 20 },
      {
        ...{ scope: "environment", name: "", usdPerHour: 22.688, allowed: 20 },
        message: "the environment may cost up to USD 22.69/h; allowed: USD 20.00/h",
      },
    ],
    [
      "a pool has no price",
      partly,
      { pools: { odd: 5 } },
      {
        ...{ scope: "pool", name: "odd", usdPerHour: undefined, allowed: 5 },
        message:
          "whether pool odd costs no more than USD 5.00/h cannot be told, as the most that it may cost is not known",
      },
    ],
    [
      "a tenant has none",
      unpriced,
      { tenants: { vision: 5 } },
      {
        ...{ scope: "tenant", name: "vision", usdPerHour: undefined, allowed: 5 },
        message:
          "whether tenant vision costs no more than USD 5.00/h cannot be told, as the most that it may cost is not known",
      },
    ],
    [
      "there is no such pool",
      priced,
      { pools: { trainnig: 5 } },
      {
        ...{ scope: "pool", name: "trainnig", usdPerHour: undefined, allowed: 5 },
        message: "there is no pool trainnig that may cost up to USD 5.00/h; there are: training, small",
      },
    ],
    [
      "there is no tenant at all",
      unbounded,
      { tenants: { vision: 5 } },
      {
        ...{ scope: "tenant", name: "vision", usdPerHour: undefined, allowed: 5 },
        message: "there is no tenant vision that may cost up to USD 5.00/h; there are: none",
      },
    ],
  ])("are not kept where %s", (_case, cost, ceilings, finding) => {
    expect(ceilingFindings(cost, ceilings)).toEqual([finding]);
  });

  it("are judged all", () => {
    const ceilings = { environment: 1, pools: { small: 1, training: 1 }, tenants: { vision: 1 } };
    expect(ceilingFindings(priced, ceilings).map(({ scope, name }) => `${scope} ${name}`)).toEqual([
      "environment ",
      "pool small",
      "pool training",
      "tenant vision",
    ]);
  });

  it("name every pool that has no price", () => {
    const pools = ["a", "b"].map((name) => pool({ name, shape: { instanceTypes: ["x9.large"] } }));
    expect(ceilingFindings(costs({ pools }), { environment: 1 })[0]?.message).toBe(
      "whether the environment costs no more than USD 1.00/h cannot be told, as the most that pools a, b may cost is not known",
    );
  });
});
