import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { standingNodes } from "../../../../policies/gpu-ml/pools/standing-nodes";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { instanceType, nodeGroup, nodePool, notKnown } from "./resources";

function group(minSize: unknown, props: object = {}): TestResource {
  return nodeGroup({ instanceTypes: ["g5.xlarge"], scalingConfig: { minSize, desiredSize: 2, maxSize: 4 }, ...props });
}

function pool(replicas: unknown, requirement: object = instanceType("g5.xlarge")): TestResource {
  return nodePool({ replicas, template: { spec: { requirements: [requirement] } } });
}

function messageFor(object: string, path: string, observed: number, allowed = 0): string {
  return (
    `advisory [GPU-19] ${object}: ${path} is ${observed}; allowed: at most ${allowed} for machines with GPUs. ` +
    `Set it to ${allowed}, with a schedule for the hours in which nodes must be ready.`
  );
}

describe("GPU-19 standing nodes with GPUs", () => {
  it.each([
    ["a group that goes down to none", group(0)],
    ["a group that says nothing", nodeGroup({ instanceTypes: ["g5.xlarge"] })],
    ["machines without GPUs", group(3, { instanceTypes: ["m7i.large"] })],
    ["machines of a capacity block", group(2, { capacityType: "CAPACITY_BLOCK" })],
    ["reserved machines", group(2, { labels: { "mlstack.dev/capacity-type": "reserved" } })],
    ["a NodePool without standing nodes", pool(undefined)],
    ["a NodePool of standing machines without GPUs", pool(2, instanceType("m7i.large"))],
    ["no standing nodes, whatever the machines are", group(0, { instanceTypes: UNKNOWN_STRING })],
    ["our own pool, whose node group is judged", { type: "mlstack:index:GpuNodePool", props: { minNodes: 2 } }],
    ["a resource of another type", { type: "aws:ec2/instance:Instance", props: {} }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([standingNodes], resource)).toEqual([]);
  });

  it.each([
    ["a standing group", group(2), messageFor("NodeGroup train", "scalingConfig.minSize", 2)],
    [
      "one standing node on Spot",
      group(1, { capacityType: "SPOT" }),
      messageFor("NodeGroup train", "scalingConfig.minSize", 1),
    ],
    ["a standing NodePool", pool(3), messageFor("NodePool train", "spec.replicas", 3)],
  ])("refuses %s", (_case, resource, message) => {
    expect(lines(analyze([standingNodes], resource))).toEqual([message]);
  });

  it("allows as many as configuration says", () => {
    const config = { gpu: { rules: { "GPU-19": { nodes: 2 } } } };

    expect(analyze([standingNodes], group(2), config)).toEqual([]);
    expect(lines(analyze([standingNodes], group(3), config))).toEqual([
      messageFor("NodeGroup train", "scalingConfig.minSize", 3, 2),
    ]);
  });

  it.each([
    [0, true],
    [2, true],
    [-1, false],
    [0.5, false],
    ["0", false],
  ])("tells whether %j is a number of nodes", (value, accepted) => {
    expect(standingNodes.parameters.nodes.accepts(value)).toBe(accepted);
  });

  it.each([
    ["lowers the least size of a group", group(2), [{ path: "scalingConfig.minSize", value: 1 }]],
    ["leaves a NodePool with a fixed number of nodes to its author", pool(2), undefined],
  ])("%s", (_case, { type, props }, fix) => {
    const judgements = judgementsOf(standingNodes, [new Subject({ type, name: "train", urn: "", props })], {
      nodes: 1,
    });

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([fix]);
  });

  it.each([
    ["the least size", group(UNKNOWN_STRING), "NodeGroup train", "scalingConfig.minSize"],
    ["whether there are GPUs", group(2, { instanceTypes: UNKNOWN_STRING }), "NodeGroup train", "scalingConfig.minSize"],
    [
      "how the machines are paid for",
      group(2, { capacityType: UNKNOWN_STRING }),
      "NodeGroup train",
      "scalingConfig.minSize",
    ],
    [
      "what a requirement is about",
      pool(2, { ...instanceType("g5.xlarge"), key: UNKNOWN_STRING }),
      "NodePool train",
      "spec.replicas",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([standingNodes], resource))).toEqual([notKnown(object, path, standingNodes)]);
  });
});
