import { describe, expect, it } from "vitest";
import { privateEndpoint } from "../../../policies/eks/private-endpoint";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

describe("EKS-01 private endpoint", () => {
  it.each([
    ["a private endpoint", cluster({ vpcConfig: { endpointPrivateAccess: true } })],
    ["a resource of another type", nodeGroup({ vpcConfig: {} })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([privateEndpoint], resource)).toEqual([]);
  });

  it.each([
    ["none", { endpointPrivateAccess: false }, "false"],
    ["no word about it", {}, "absent, which means false"],
    ["null", { endpointPrivateAccess: null }, "absent, which means false"],
    ["text", { endpointPrivateAccess: "on" }, '"on"'],
    ["an object", { endpointPrivateAccess: {} }, "no single value"],
  ])("refuses %s", (_case, vpcConfig, observed) => {
    expect(lines(analyze([privateEndpoint], cluster({ vpcConfig })))).toEqual([
      `mandatory [EKS-01] Cluster lab: vpcConfig.endpointPrivateAccess is ${observed}; allowed: true. Set it to true.`,
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    const found = lines(analyze([privateEndpoint], cluster({ vpcConfig: { endpointPrivateAccess: UNKNOWN_STRING } })));

    expect(found).toEqual([notKnown("Cluster lab", "vpcConfig.endpointPrivateAccess", privateEndpoint)]);
  });
});
