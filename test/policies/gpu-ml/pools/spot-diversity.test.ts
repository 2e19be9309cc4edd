import { describe, expect, it } from "vitest";
import { spotDiversity } from "../../../../policies/gpu-ml/pools/spot-diversity";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { instanceType, launchTemplate, nodeGroup, nodePool, notKnown, oneOf } from "./resources";

const TYPES = ["g5.xlarge", "g6.xlarge"];
const SUBNETS = ["subnet-a", "subnet-b"];
const REQUIREMENTS = "spec.template.spec.requirements";
const SPOT = oneOf("karpenter.sh/capacity-type", "spot");
const MORE_TYPES = "Add types with the same number of GPUs and CPUs.";

function group(props: object): TestResource {
  return nodeGroup({ capacityType: "SPOT", instanceTypes: TYPES, subnetIds: SUBNETS, ...props });
}

function pool(...requirements: unknown[]): TestResource {
  return nodePool({ template: { spec: { requirements } } });
}

function messageFor(object: string, path: string, what: string, remedy: string): string {
  return (
    `advisory [GPU-18] ${object}: ${path} is a choice of one ${what} on Spot capacity; allowed: several ${what}s. ` +
    remedy
  );
}

describe("GPU-18 choice on Spot capacity", () => {
  it.each([
    ["a group with several types and subnets", group({})],
    ["one type on demand", group({ capacityType: "ON_DEMAND", instanceTypes: ["g5.xlarge"], subnetIds: ["subnet-a"] })],
    ["one type where nothing is said of capacity", group({ capacityType: undefined, instanceTypes: ["g5.xlarge"] })],
    ["types not known on demand", group({ capacityType: "ON_DEMAND", instanceTypes: UNKNOWN_STRING })],
    ["subnets that are no list", group({ subnetIds: undefined })],
    ["a NodePool with several types", pool(SPOT, instanceType(...TYPES))],
    ["a NodePool of whatever machines", pool(SPOT)],
    ["a NodePool in several zones", pool(SPOT, oneOf("topology.kubernetes.io/zone", "us-east-1a", "us-east-1b"))],
    [
      "a NodePool that may fall back on demand",
      pool(oneOf("karpenter.sh/capacity-type", "spot", "on-demand"), instanceType("g5.xlarge")),
    ],
    ["a NodePool on demand", pool(instanceType("g5.xlarge"), oneOf("topology.kubernetes.io/zone", "us-east-1a"))],
    ["a resource of another type", launchTemplate({ capacityType: "SPOT" })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([spotDiversity], resource)).toEqual([]);
  });

  it.each([
    [
      "one type",
      group({ instanceTypes: ["g5.xlarge"] }),
      "NodeGroup train",
      "instanceTypes",
      "instance type",
      MORE_TYPES,
    ],
    [
      "an empty list of types, which means one",
      group({ instanceTypes: [] }),
      "NodeGroup train",
      "instanceTypes",
      "instance type",
      MORE_TYPES,
    ],
    [
      "no list of types, which means one",
      group({ instanceTypes: undefined }),
      "NodeGroup train",
      "instanceTypes",
      "instance type",
      MORE_TYPES,
    ],
    ["null for types", group({ instanceTypes: null }), "NodeGroup train", "instanceTypes", "instance type", MORE_TYPES],
    [
      "one subnet",
      group({ subnetIds: ["subnet-a"] }),
      "NodeGroup train",
      "subnetIds",
      "subnet",
      "Add subnets of other zones.",
    ],
    [
      "a NodePool of one type",
      pool(SPOT, instanceType("g5.xlarge")),
      "NodePool train",
      REQUIREMENTS,
      "instance type",
      MORE_TYPES,
    ],
    [
      "a NodePool in one zone",
      pool(SPOT, oneOf("topology.kubernetes.io/zone", "us-east-1a")),
      "NodePool train",
      REQUIREMENTS,
      "zone",
      "Allow other zones, or leave the requirement out.",
    ],
  ])("refuses %s", (_case, resource, object, path, what, remedy) => {
    expect(lines(analyze([spotDiversity], resource))).toEqual([messageFor(object, path, what, remedy)]);
  });

  it("refuses both one type and one subnet", () => {
    expect(analyze([spotDiversity], group({ instanceTypes: ["g5.xlarge"], subnetIds: ["subnet-a"] }))).toHaveLength(2);
  });

  it.each([
    [
      "the capacity type",
      group({ capacityType: UNKNOWN_STRING, instanceTypes: ["g5.xlarge"] }),
      "NodeGroup train",
      "capacityType",
    ],
    ["the types", group({ instanceTypes: UNKNOWN_STRING }), "NodeGroup train", "instanceTypes"],
    ["the subnets", group({ subnetIds: UNKNOWN_STRING }), "NodeGroup train", "subnetIds"],
    [
      "the requirements of a NodePool",
      nodePool({ template: { spec: { requirements: UNKNOWN_STRING } } }),
      "NodePool train",
      REQUIREMENTS,
    ],
    [
      "what a requirement is about",
      pool({ ...SPOT, key: UNKNOWN_STRING }, instanceType("g5.xlarge")),
      "NodePool train",
      REQUIREMENTS,
    ],
    [
      "the operator of a requirement",
      pool({ ...SPOT, operator: UNKNOWN_STRING }, instanceType("g5.xlarge")),
      "NodePool train",
      REQUIREMENTS,
    ],
    [
      "the zone of a requirement",
      pool(SPOT, oneOf("topology.kubernetes.io/zone", UNKNOWN_STRING)),
      "NodePool train",
      REQUIREMENTS,
    ],
    [
      "the values of a requirement",
      pool(SPOT, { ...instanceType("g5.xlarge"), values: UNKNOWN_STRING }),
      "NodePool train",
      REQUIREMENTS,
    ],
    [
      "one of the types of a NodePool",
      pool(SPOT, instanceType("g5.xlarge", UNKNOWN_STRING)),
      "NodePool train",
      REQUIREMENTS,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([spotDiversity], resource))).toEqual([notKnown(object, path, spotDiversity)]);
  });
});
