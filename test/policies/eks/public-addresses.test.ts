import { describe, expect, it } from "vitest";
import { publicAddresses } from "../../../policies/eks/public-addresses";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../analyzer";
import { cluster, notKnown } from "./resources";

function template(networkInterfaces: unknown): TestResource {
  return { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "system", props: { networkInterfaces } };
}

function nodeClass(apiVersion: string, kind: string, spec: unknown): TestResource {
  return {
    type: `kubernetes:${apiVersion}:${kind}`,
    name: "gpu",
    props: { apiVersion, kind, metadata: { name: "gpu" }, spec },
  };
}

function karpenter(spec: unknown): TestResource {
  return nodeClass("karpenter.k8s.aws/v1", "EC2NodeClass", spec);
}

function autoMode(spec: unknown): TestResource {
  return nodeClass("eks.amazonaws.com/v1", "NodeClass", spec);
}

describe("EKS-05 public addresses of nodes", () => {
  it.each([
    ["private interfaces", template([{ associatePublicIpAddress: "false" }, { associatePublicIpAddress: false }])],
    ["interfaces that leave it to the subnet", template([{ deviceIndex: 0 }])],
    ["a template without interfaces", template(undefined)],
    ["nodes of Karpenter without public addresses", karpenter({ associatePublicIPAddress: false })],
    ["nodes of Karpenter that leave it to the subnet", karpenter({})],
    ["nodes of Auto Mode", autoMode({ advancedNetworking: { associatePublicIPAddress: false } })],
    ["a resource of another type", cluster({ networkInterfaces: [{ associatePublicIpAddress: true }] })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([publicAddresses], resource)).toEqual([]);
  });

  it.each([
    [
      "text",
      template([{}, { associatePublicIpAddress: "true" }]),
      "LaunchTemplate system",
      "networkInterfaces[1].associatePublicIpAddress",
    ],
    [
      "a boolean",
      template([{ associatePublicIpAddress: true }]),
      "LaunchTemplate system",
      "networkInterfaces[0].associatePublicIpAddress",
    ],
    [
      "nodes of Karpenter",
      karpenter({ associatePublicIPAddress: true }),
      "EC2NodeClass gpu",
      "spec.associatePublicIPAddress",
    ],
    [
      "nodes of Auto Mode",
      autoMode({ advancedNetworking: { associatePublicIPAddress: true } }),
      "NodeClass gpu",
      "spec.advancedNetworking.associatePublicIPAddress",
    ],
  ])("refuses public addresses: %s", (_case, resource, object, path) => {
    expect(lines(analyze([publicAddresses], resource))).toEqual([
      `mandatory [EKS-05] ${object}: ${path} is true; allowed: false. Set it to false, and use private subnets.`,
    ]);
  });

  it.each([
    ["the interfaces", template(UNKNOWN_STRING), "LaunchTemplate system", "networkInterfaces"],
    [
      "one interface",
      template([{}, UNKNOWN_STRING]),
      "LaunchTemplate system",
      "networkInterfaces[1].associatePublicIpAddress",
    ],
    [
      "the switch of Karpenter",
      karpenter({ associatePublicIPAddress: UNKNOWN_STRING }),
      "EC2NodeClass gpu",
      "spec.associatePublicIPAddress",
    ],
    [
      "the network of Auto Mode",
      autoMode(UNKNOWN_STRING),
      "NodeClass gpu",
      "spec.advancedNetworking.associatePublicIPAddress",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([publicAddresses], resource))).toEqual([notKnown(object, path, publicAddresses)]);
  });
});
