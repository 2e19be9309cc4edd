import { describe, expect, it } from "vitest";
import { blockingBudget } from "../../../../policies/pod-security/practices/blocking-budget";
import { said, waiting } from "./said";

function budget(spec: string): string {
  return `{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: embedder, namespace: ml }, spec: ${spec} }`;
}

function message(path: string, observed: string): string {
  return (
    `advisory [POD-26] PodDisruptionBudget ml/embedder: ${path} is ${observed}, which lets no pod be evicted; ` +
    "allowed: a budget that lets at least one pod go. Set maxUnavailable to 1 instead."
  );
}

describe("POD-26 budgets that block drains", () => {
  it.each([
    ...[
      "{ maxUnavailable: 1 }",
      "{ maxUnavailable: 10% }",
      "{ maxUnavailable: 100% }",
      "{ maxUnavailable: [0] }",
      "{ minAvailable: [100%] }",
    ],
    ...["{ minAvailable: 1 }", "{ minAvailable: 99% }", '{ minAvailable: "100" }', "{ minAvailable: 0% }", "{}"],
  ])("accepts %s", (spec) => {
    expect(said(blockingBudget, budget(spec))).toEqual([]);
  });

  it.each([
    ["{ maxUnavailable: 0 }", "spec.maxUnavailable", "0"],
    ['{ maxUnavailable: "0" }', "spec.maxUnavailable", '"0"'],
    ["{ maxUnavailable: 0% }", "spec.maxUnavailable", '"0%"'],
    ["{ minAvailable: 100% }", "spec.minAvailable", '"100%"'],
    ["{ minAvailable: 120% }", "spec.minAvailable", '"120%"'],
  ])("refuses %s", (spec, path, observed) => {
    expect(said(blockingBudget, budget(spec))).toEqual([message(path, observed)]);
  });

  it("judges budgets alone", () => {
    expect(said(blockingBudget, "{ apiVersion: example.dev/v1, kind: Budget, spec: { maxUnavailable: 0 } }")).toEqual(
      [],
    );
  });

  it("waits for its numbers", () => {
    expect(said(blockingBudget, budget("{ maxUnavailable: ?, minAvailable: ? }"))).toEqual([
      waiting(blockingBudget, "PodDisruptionBudget ml/embedder", "spec.maxUnavailable", "spec.minAvailable"),
    ]);
  });
});
