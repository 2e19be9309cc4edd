import { describe, expect, it } from "vitest";
import { taintsParameter } from "../../../policies/gpu-ml/taint";

describe("a parameter that lists taints", () => {
  const parameter = taintsParameter("taints", []);

  it.each([
    ["no taint", []],
    ["a taint without value", [{ key: "a", effect: "NoSchedule" }]],
    ["a taint with value", [{ key: "a", value: "b", effect: "NoExecute" }]],
    ["a taint that only prefers", [{ key: "a", effect: "PreferNoSchedule" }]],
  ])("accepts %s", (_case, value) => {
    expect(parameter.accepts(value)).toBe(true);
  });

  it.each([
    ["a single taint", { key: "a", effect: "NoSchedule" }],
    ["a taint as text", ["a:NoSchedule"]],
    ["a taint without key", [{ effect: "NoSchedule" }]],
    ["a taint without effect", [{ key: "a" }]],
    ["an effect in the spelling of EKS", [{ key: "a", effect: "NO_SCHEDULE" }]],
    ["a value that is no text", [{ key: "a", value: 1, effect: "NoSchedule" }]],
  ])("refuses %s", (_case, value) => {
    expect(parameter.accepts(value)).toBe(false);
  });
});
