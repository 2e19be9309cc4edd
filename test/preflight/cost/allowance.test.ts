import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { allowanceCost, type Allowance } from "../../../preflight/cost/allowance";
import type { PricedPool } from "../../../preflight/cost/pool-costs";
import { pool } from "./stack";

const GPU = "nvidia.com/gpu";

/** A pool of so many nodes at USD 4/h each, or without a price, with four GPUs where nothing else is said. */
function priced(nodes: number, free: Record<string, number> = { [GPU]: 4 }, usdPerHour?: number | "missing") {
  const price = usdPerHour === "missing" ? { missing: "" } : { usdPerHour: usdPerHour ?? 4, source: "", asOf: "" };
  const cost = { nodes: { ceiling: nodes } };
  return { pool: pool({ free }), prices: { usual: price, most: price }, cost } as unknown as PricedPool;
}

function usd(parts: Allowance[], total: Allowance["amount"]): number | undefined {
  const micros = allowanceCost({ devices: [{ resource: GPU, parts, total }], plain: [] });
  return micros === undefined ? undefined : micros / 1e6;
}

describe("the most that an allowance costs", () => {
  const four = { pools: [priced(1)], amount: 4 };

  it("is that of all parts, as far as the whole allows", () => {
    expect(usd([four], 8)).toBe(4);
    expect(usd([four], 2)).toBe(2);
    expect(usd([four], undefined)).toBe(4);
  });

  it("is not known where a part is not, or the whole is not", () => {
    expect(usd([four, { pools: [priced(1)], amount: UNKNOWN }], 8)).toBeUndefined();
    expect(usd([four], UNKNOWN)).toBeUndefined();
  });

  it("needs neither price nor bound of a pool that has nothing of the resource", () => {
    const without = [priced(Infinity, { cpu: 4000 }), priced(1, { cpu: 4000 }, "missing")];
    expect(usd([{ pools: [priced(1), ...without], amount: undefined }], undefined)).toBe(4);
  });
});

describe("the most that an allowance of a pool of several instance types costs", () => {
  /** Of machines with one GPU at USD 3/h and four at USD 4/h, six GPUs in all. */
  const mixed = {
    ...priced(6, { [GPU]: 1 }),
    micros: { idle: 0, typical: 0, ceiling: 18e6 },
    machines: [
      { machine: { ...pool({ free: { [GPU]: 1 } }), maxNodes: 6 }, prices: priced(1, { [GPU]: 1 }, 3).prices },
      { machine: { ...pool({ free: { [GPU]: 4 } }), maxNodes: 1 }, prices: priced(1, { [GPU]: 4 }, 4).prices },
    ],
  } as unknown as PricedPool;

  it("is that of the type of which a unit costs the most", () => {
    expect(usd([{ pools: [mixed], amount: 4 }], undefined)).toBe(12);
    expect(usd([{ pools: [mixed], amount: 6 }], 5)).toBe(15);
  });

  it("is no more than the pool may cost, whose types share its limits", () => {
    expect(usd([{ pools: [mixed], amount: undefined }], undefined)).toBe(18);
    expect(usd([{ pools: [mixed, priced(1)], amount: undefined }], undefined)).toBe(22);
  });
});
