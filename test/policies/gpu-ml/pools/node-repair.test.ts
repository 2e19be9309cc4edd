import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { nodeRepair } from "../../../../policies/gpu-ml/pools/node-repair";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { instanceType, nodeGroup, nodePool, notKnown } from "./resources";

function group(nodeRepairConfig: unknown, instanceTypes: unknown = ["g5.xlarge"]): TestResource {
  return nodeGroup({ instanceTypes, nodeRepairConfig });
}

describe("GPU-20 repair of nodes", () => {
  it.each([
    ["repair of GPU nodes", group({ enabled: true })],
    ["repair of nodes not known yet", group({ enabled: true }, UNKNOWN_STRING)],
    ["machines without GPUs", group({ enabled: false }, ["m7i.large"])],
    [
      "NodePools, which Karpenter repairs",
      nodePool({ template: { spec: { requirements: [instanceType("g5.xlarge")] } } }),
    ],
    ["a resource of another type", { type: "aws:ec2/instance:Instance", props: {} }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([nodeRepair], resource)).toEqual([]);
  });

  it.each([
    ["no word about it", undefined],
    ["an empty configuration", {}],
    ["no repair", { enabled: false }],
  ])("refuses %s", (_case, config) => {
    expect(lines(analyze([nodeRepair], group(config)))).toEqual([
      "advisory [GPU-20] NodeGroup train: nodeRepairConfig.enabled is off; allowed: true for machines with GPUs. " +
        "Set it to true.",
    ]);
  });

  it("switches it on", () => {
    const subject = new Subject({ ...group({}), name: "train", urn: "" });

    expect(judgementsOf(nodeRepair, [subject], {})).toMatchObject([
      [subject, { fix: [{ path: "nodeRepairConfig.enabled", value: true }] }],
    ]);
  });

  it.each([
    ["the switch", group({ enabled: UNKNOWN_STRING })],
    ["whether there are GPUs", group({ enabled: false }, UNKNOWN_STRING)],
  ])("leaves it to the update while %s is not known", (_case, resource) => {
    expect(lines(analyze([nodeRepair], resource))).toEqual([
      notKnown("NodeGroup train", "nodeRepairConfig.enabled", nodeRepair),
    ]);
  });
});
