import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../components/model";
import { quotaLimitsOf } from "../../../../policies/gpu-ml/stack/quota-limits";
import { UNKNOWN_STRING } from "../../analyzer";
import { object, subjectOf } from "./resources";

describe("the quotas of a namespace", () => {
  it.each<[string, unknown[], [amount: unknown, by: string][]]>([
    ["the one there is", [8], [[8, "q0"]]],
    ["the lower one after a higher one", [12, 8], [[8, "q1"]]],
    ["the lower one before a higher one", [8, 12], [[8, "q0"]]],
    ["the first of equal ones", [8, 8], [[8, "q0"]]],
    [
      "one that is not known yet beside one that is",
      [8, UNKNOWN_STRING],
      [
        [8, "q0"],
        [UNKNOWN, "q1"],
      ],
    ],
    ["one of those that are not known yet", [UNKNOWN_STRING, UNKNOWN_STRING], [[UNKNOWN, "q0"]]],
  ])("keep %s", (_case, amounts, kept) => {
    const quotas = amounts.map((amount, index) =>
      subjectOf(object("v1", "ResourceQuota", `q${index}`, { spec: { hard: { "requests.nvidia.com/gpu": amount } } })),
    );
    const limits = quotaLimitsOf(quotas).byNamespace.get("ml");

    expect(limits).toEqual(
      kept.map(([amount, by]) => ({ resource: "nvidia.com/gpu", amount, by: `ResourceQuota ml/${by}` })),
    );
  });

  it.each<[string, object, boolean]>([
    ["hold without scopes", { scopes: [], scopeSelector: null }, true],
    ["are left out with scopes", { scopes: ["BestEffort"] }, false],
    ["are left out with scopes that are not known yet", { scopes: UNKNOWN_STRING }, false],
  ])("%s", (_case, spec, isKept) => {
    const quota = object("v1", "ResourceQuota", "q", { spec: { hard: { "requests.nvidia.com/gpu": 8 }, ...spec } });
    expect(quotaLimitsOf([subjectOf(quota)]).byNamespace.has("ml")).toBe(isKept);
  });
});
