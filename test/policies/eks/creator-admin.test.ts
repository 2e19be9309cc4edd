import { describe, expect, it } from "vitest";
import { creatorAdmin } from "../../../policies/eks/creator-admin";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

const PATH = "accessConfig.bootstrapClusterCreatorAdminPermissions";

describe("EKS-07 creators of clusters", () => {
  it.each([
    ["a creator without rights", cluster({ accessConfig: { bootstrapClusterCreatorAdminPermissions: false } })],
    ["a resource of another type", nodeGroup({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([creatorAdmin], resource)).toEqual([]);
  });

  it.each([
    ["a creator with all rights", { accessConfig: { bootstrapClusterCreatorAdminPermissions: true } }, "true"],
    ["no word about it", { accessConfig: {} }, "absent, which means true"],
  ])("refuses %s", (_case, props, observed) => {
    expect(lines(analyze([creatorAdmin], cluster(props)))).toEqual([
      `advisory [EKS-07] Cluster lab: ${PATH} is ${observed}; allowed: false. ` +
        "Set it to false before the cluster is made, and name administrators by access entries.",
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    expect(lines(analyze([creatorAdmin], cluster({ accessConfig: UNKNOWN_STRING })))).toEqual([
      notKnown("Cluster lab", PATH, creatorAdmin),
    ]);
  });
});
