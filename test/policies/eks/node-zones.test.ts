import { describe, expect, it } from "vitest";
import { nodeZones } from "../../../policies/eks/node-zones";
import { analyzeStack, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnownInStack } from "./resources";

function group(subnetIds: unknown, name = "system", instanceTypes: unknown = ["m7i.large"]) {
  return nodeGroup({ instanceTypes, subnetIds }, name);
}

function messageFor(name: string): string {
  return (
    `advisory [EKS-05] NodeGroup ${name}: subnetIds is one subnet, as for all groups without GPUs; allowed: subnets of ` +
    "two zones or more. Add a subnet of another zone, or a group there."
  );
}

describe("EKS-05 zones of nodes", () => {
  it.each([
    ["a group in two subnets", [group(["subnet-a", "subnet-b"])]],
    ["a group in two subnets not known yet", [group([UNKNOWN_STRING, UNKNOWN_STRING])]],
    ["two groups in a subnet each", [group(["subnet-a"]), group(["subnet-b"], "other")]],
    [
      "a group in one subnet beside one in several",
      [group(["subnet-a"]), group(["subnet-a", UNKNOWN_STRING], "other")],
    ],
    ["machines with GPUs in one subnet", [group(["subnet-a"], "gpu", ["g5.xlarge"])]],
    ["a group that names no subnet", [group(undefined)]],
    ["an empty list of subnets", [group([])]],
    ["a stack without node groups", [cluster({ subnetIds: ["subnet-a"] })]],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([nodeZones], resources)).toEqual([]);
  });

  it.each([
    ["one group in one subnet", [group(["subnet-a"])], ["system"]],
    ["one group in one subnet not known yet", [group([UNKNOWN_STRING])], ["system"]],
    ["two groups in the same subnet", [group(["subnet-a"]), group(["subnet-a"], "other")], ["system", "other"]],
    [
      "a group whose spread neighbour has GPUs",
      [group(["subnet-a"]), group(["subnet-b"], "gpu", ["g5.xlarge"])],
      ["system"],
    ],
  ])("refuses %s", (_case, resources, names) => {
    expect(lines(analyzeStack([nodeZones], resources))).toEqual(names.map(messageFor));
  });

  it.each([
    ["the list of subnets", [group(UNKNOWN_STRING)]],
    ["whether the machines have GPUs", [group(["subnet-a"], "system", UNKNOWN_STRING)]],
  ])("leaves it to the update while %s is not known", (_case, resources) => {
    expect(lines(analyzeStack([nodeZones], resources))).toEqual([
      notKnownInStack("NodeGroup system", "subnetIds", nodeZones),
    ]);
  });

  it("leaves it to the update whether subnets of two groups are the same", () => {
    const found = lines(analyzeStack([nodeZones], [group(["subnet-a"]), group([UNKNOWN_STRING], "other")]));

    expect(found).toEqual([
      notKnownInStack("NodeGroup system", "subnetIds", nodeZones),
      notKnownInStack("NodeGroup other", "subnetIds", nodeZones),
    ]);
  });
});
