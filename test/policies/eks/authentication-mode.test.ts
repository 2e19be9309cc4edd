import { describe, expect, it } from "vitest";
import { authenticationMode } from "../../../policies/eks/authentication-mode";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

describe("EKS-07 authentication", () => {
  it.each([
    ["access entries", cluster({ accessConfig: { authenticationMode: "API" } })],
    ["access entries beside the ConfigMap", cluster({ accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } })],
    ["a resource of another type", nodeGroup({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([authenticationMode], resource)).toEqual([]);
  });

  it.each([
    ["the ConfigMap alone", { accessConfig: { authenticationMode: "CONFIG_MAP" } }, '"CONFIG_MAP"'],
    ["no word about it", {}, "absent, which means CONFIG_MAP"],
  ])("refuses %s", (_case, props, observed) => {
    expect(lines(analyze([authenticationMode], cluster(props)))).toEqual([
      `advisory [EKS-07] Cluster lab: accessConfig.authenticationMode is ${observed}; allowed: API, or ` +
        "API_AND_CONFIG_MAP on the way there. " +
        "Set it to API, by way of API_AND_CONFIG_MAP where the cluster exists already.",
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    expect(lines(analyze([authenticationMode], cluster({ accessConfig: UNKNOWN_STRING })))).toEqual([
      notKnown("Cluster lab", "accessConfig.authenticationMode", authenticationMode),
    ]);
  });
});
