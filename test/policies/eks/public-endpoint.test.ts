import { describe, expect, it } from "vitest";
import { publicEndpoint } from "../../../policies/eks/public-endpoint";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

function endpoint(vpcConfig: unknown) {
  return cluster({ vpcConfig });
}

function messageFor(path: string, observed: string): string {
  return (
    `mandatory [EKS-01] Cluster lab: vpcConfig.publicAccessCidrs${path} is ${observed}; allowed: networks of your own. ` +
    "List the networks that administrators work from, or set endpointPublicAccess to false."
  );
}

describe("EKS-01 public endpoint", () => {
  it.each([
    ["no public endpoint", endpoint({ endpointPublicAccess: false, publicAccessCidrs: ["0.0.0.0/0"] })],
    ["no public endpoint and no networks", endpoint({ endpointPublicAccess: false })],
    [
      "no public endpoint, whatever the networks are",
      endpoint({ endpointPublicAccess: false, publicAccessCidrs: UNKNOWN_STRING }),
    ],
    ["networks of one's own", endpoint({ publicAccessCidrs: ["203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"] })],
    ["the widest network that anyone has", endpoint({ publicAccessCidrs: ["10.0.0.0/8", "2001::/16"] })],
    ["what is no network, which AWS refuses", endpoint({ publicAccessCidrs: ["office", 0, null, { toString: 1 }] })],
    ["a resource of another type", nodeGroup({ vpcConfig: {} })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([publicEndpoint], resource)).toEqual([]);
  });

  it.each([
    ["no word about the endpoint", endpoint({}), "", "empty, which means 0.0.0.0/0"],
    [
      "a public endpoint without networks",
      endpoint({ endpointPublicAccess: true }),
      "",
      "empty, which means 0.0.0.0/0",
    ],
    ["an empty list", endpoint({ publicAccessCidrs: [] }), "", "empty, which means 0.0.0.0/0"],
    ["the whole internet", endpoint({ publicAccessCidrs: ["0.0.0.0/0"] }), "[0]", '"0.0.0.0/0"'],
    ["half of it", endpoint({ publicAccessCidrs: ["10.0.0.0/8", "128.0.0.0/1"] }), "[1]", '"128.0.0.0/1"'],
    ["somewhat more than one can have", endpoint({ publicAccessCidrs: ["10.0.0.0/7"] }), "[0]", '"10.0.0.0/7"'],
    ["all of IPv6", endpoint({ publicAccessCidrs: ["::/0"] }), "[0]", '"::/0"'],
    ["a large part of IPv6", endpoint({ publicAccessCidrs: ["2000::/15"] }), "[0]", '"2000::/15"'],
  ])("refuses %s", (_case, resource, path, observed) => {
    expect(lines(analyze([publicEndpoint], resource))).toEqual([messageFor(path, observed)]);
  });

  it.each([
    ["endpointPublicAccess", { endpointPublicAccess: UNKNOWN_STRING }, "endpointPublicAccess"],
    ["the networks", { publicAccessCidrs: UNKNOWN_STRING }, "publicAccessCidrs"],
    ["one of the networks", { publicAccessCidrs: ["10.1.0.0/16", UNKNOWN_STRING] }, "publicAccessCidrs[1]"],
  ])("leaves it to the update while %s is not known", (_case, vpcConfig, field) => {
    const found = lines(analyze([publicEndpoint], endpoint(vpcConfig)));

    expect(found).toEqual([notKnown("Cluster lab", `vpcConfig.${field}`, publicEndpoint)]);
  });

  it("refuses the internet beside networks that are not known", () => {
    const found = lines(analyze([publicEndpoint], endpoint({ publicAccessCidrs: [UNKNOWN_STRING, "0.0.0.0/0"] })));

    expect(found).toContain(messageFor("[1]", '"0.0.0.0/0"'));
  });
});
