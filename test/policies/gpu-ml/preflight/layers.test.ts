import { describe, expect, it } from "vitest";
import { LAYER_TIES } from "../../../../policies/gpu-ml/preflight/layers";
import { RULES } from "../../../../policies/gpu-ml/preflight/layers/rules";
import { PACKS } from "../../../../policies/packs";

describe("the ties between layers", () => {
  it("are of rules that the packs have", () => {
    const ids = new Set(
      Object.values(PACKS)
        .flat()
        .map(({ id }) => id),
    );

    expect(LAYER_TIES.map(({ rule }) => rule).filter((rule) => !ids.has(rule))).toEqual([]);
  });

  it("have every rule about layers", () => {
    const tying = new Set(LAYER_TIES.map(({ rule }) => rule));

    expect(RULES.map(({ id }) => id).filter((id) => !tying.has(id))).toEqual([]);
  });

  it("are told once each", () => {
    const told = LAYER_TIES.map(({ rule, layers }) => `${rule} ${layers.join(" ")}`);

    expect(told).toEqual([...new Set(told)]);
  });
});
