import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../components/model";
import type { Truth } from "../../../policies/engine/truth";
import { repels, taintsParameter } from "../../../policies/gpu-ml/taint";

describe("a taint", () => {
  it.each<[string, Tree, Truth]>([
    ["keeps pods off", { key: "a", effect: "NoSchedule" }, true],
    ["without key keeps pods off", { effect: "NoExecute" }, true],
    ["only prefers", { key: "a", effect: "PreferNoSchedule" }, false],
    ["passes with time", { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }, false],
    ["may pass", { key: UNKNOWN, effect: "NoSchedule" }, UNKNOWN],
    ["that is not known yet may do either", UNKNOWN, UNKNOWN],
  ])("%s", (_case, taint, truth) => {
    expect(repels(taint)).toBe(truth);
  });
});

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
    ["nothing", [null]],
    ["a taint without key", [{ effect: "NoSchedule" }]],
    ["a taint without effect", [{ key: "a" }]],
    ["an effect in the spelling of EKS", [{ key: "a", effect: "NO_SCHEDULE" }]],
    ["a value that is no text", [{ key: "a", value: 1, effect: "NoSchedule" }]],
  ])("refuses %s", (_case, value) => {
    expect(parameter.accepts(value)).toBe(false);
  });
});
