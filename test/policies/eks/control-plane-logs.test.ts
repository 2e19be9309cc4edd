import { describe, expect, it } from "vitest";
import { controlPlaneLogs } from "../../../policies/eks/control-plane-logs";
import { judgementsOf } from "../judgements";
import { subjectsOf } from "../../../policies/engine/written-resource";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

const ALL = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function logs(enabledClusterLogTypes: unknown) {
  return cluster({ enabledClusterLogTypes });
}

describe("EKS-03 logs of the control plane", () => {
  it.each([
    ["all kinds", logs(ALL)],
    ["all kinds in any order", logs([...ALL].reverse())],
    ["all kinds beside one not known", logs([...ALL, UNKNOWN_STRING])],
    ["a resource of another type", nodeGroup({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([controlPlaneLogs], resource)).toEqual([]);
  });

  it.each([
    ["no logs", undefined, ALL],
    ["an empty list", [], ALL],
    ["one kind", ["audit"], ["api", "authenticator", "controllerManager", "scheduler"]],
    ["all kinds but one", ALL.slice(0, 4), ["scheduler"]],
  ])("refuses %s", (_case, enabled, missing) => {
    expect(lines(analyze([controlPlaneLogs], logs(enabled)))).toEqual([
      `advisory [EKS-03] Cluster lab: enabledClusterLogTypes is without ${missing.join(", ")}; allowed: a list with ` +
        "api, audit, authenticator, controllerManager, scheduler. Add what is missing.",
    ]);
  });

  it("adds what is missing", () => {
    const [subject] = subjectsOf([
      { type: "aws:eks/cluster:Cluster", name: "lab", properties: { enabledClusterLogTypes: ["api", "audit"] } },
    ]);

    expect(judgementsOf(controlPlaneLogs, [subject!], { types: ["audit", "scheduler", "api"] })).toMatchObject([
      [subject, { fix: [{ path: "enabledClusterLogTypes", append: "scheduler" }] }],
    ]);
  });

  it("asks for the kinds that configuration names", () => {
    const config = { eks: { rules: { "EKS-03": { level: "mandatory", types: ["audit"] } } } };

    expect(analyze([controlPlaneLogs], logs(["audit"]), config)).toEqual([]);
    expect(lines(analyze([controlPlaneLogs], logs(["api"]), config))).toEqual([
      "mandatory [EKS-03] Cluster lab: enabledClusterLogTypes is without audit; allowed: a list with audit. " +
        "Add what is missing.",
    ]);
  });

  it.each([
    [["audit", "api"], true],
    [[], true],
    [["events"], false],
    [[1], false],
    ["audit", false],
  ])("tells whether %j are kinds of logs", (value, accepted) => {
    expect(controlPlaneLogs.parameters.types.accepts(value)).toBe(accepted);
  });

  it.each([
    ["the list", UNKNOWN_STRING],
    ["one of its kinds", ["api", UNKNOWN_STRING]],
  ])("leaves it to the update while %s is not known", (_case, enabled) => {
    expect(lines(analyze([controlPlaneLogs], logs(enabled)))).toEqual([
      notKnown("Cluster lab", "enabledClusterLogTypes", controlPlaneLogs),
    ]);
  });
});
