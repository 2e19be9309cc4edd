import { describe, expect, it } from "vitest";
import { supportType } from "../../../policies/eks/support-type";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

describe("EKS-04 extended support", () => {
  it.each([
    ["standard support", cluster({ upgradePolicy: { supportType: "STANDARD" } })],
    ["extended support that is asked for", cluster({ upgradePolicy: { supportType: "EXTENDED" } })],
    ["a resource of another type", nodeGroup({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([supportType], resource)).toEqual([]);
  });

  it.each([
    ["no word about it", {}, "absent, which means EXTENDED"],
    ["an empty policy", { upgradePolicy: {} }, "absent, which means EXTENDED"],
    ["another word", { upgradePolicy: { supportType: "LONG" } }, '"LONG"'],
  ])("refuses %s", (_case, props, observed) => {
    expect(lines(analyze([supportType], cluster(props)))).toEqual([
      `advisory [EKS-04] Cluster lab: upgradePolicy.supportType is ${observed}; allowed: STANDARD or EXTENDED. ` +
        "Set it to STANDARD, or to EXTENDED where the higher price is accepted.",
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    expect(lines(analyze([supportType], cluster({ upgradePolicy: { supportType: UNKNOWN_STRING } })))).toEqual([
      notKnown("Cluster lab", "upgradePolicy.supportType", supportType),
    ]);
  });
});
