import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../components/model/accelerators";
import { poolShapeOf } from "../../components/model/pool-shape-of";
import type { Tree } from "../../components/model/tree";
import { UNKNOWN } from "../../components/model/unknown";
import { node, nodeGroup, nodePool, requirement } from "./pool-readers/objects";

describe("poolShapeOf", () => {
  const types = [
    "aws:eks/nodeGroup:NodeGroup",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:core/v1:Node",
    "mlstack:index:GpuNodePool",
    "mlstack:index:SystemNodePool",
  ];

  it("says nothing of objects that are no pool", () => {
    expect(poolShapeOf({ type: "kubernetes:batch/v1:Job", properties: {} })).toBeUndefined();
  });

  it.each(gpuInstanceTypes())("reads $instanceType alike from each kind of object", (type) => {
    const { instanceType, architecture, gpuModel, gpuMemoryMib, vcpus, memoryGib } = type;
    const expected = {
      instanceType,
      architecture,
      gpusPerNode: type.gpuCount,
      gpuModel,
      gpuMemoryMib,
      vcpus,
      memoryGib,
    };
    const requirements = [requirement("node.kubernetes.io/instance-type", "In", instanceType)];
    const component = { type: "mlstack:index:GpuNodePool", properties: { instanceType } };
    expect(nodeGroup({ instanceTypes: [instanceType] })).toMatchObject(expected);
    expect(nodePool({ requirements })).toMatchObject(expected);
    expect(node({ metadata: { labels: { "node.kubernetes.io/instance-type": instanceType } } })).toMatchObject(
      expected,
    );
    expect(poolShapeOf(component)).toMatchObject(expected);
  });

  const keys = fc.constantFrom(
    ..."spec template metadata labels taints requirements status capacity shape key operator values".split(" "),
    ..."instanceTypes amiType capacityType limits nodes scalingConfig minSize networkInterfaces ebs userData".split(
      " ",
    ),
    "mlstack.dev/pool",
    "nvidia.com/gpu",
  );
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom<Tree>(UNKNOWN, null, undefined, true, 0, -1, "", "In", "1Gi", "g5.xlarge", "RAID0"),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
    ),
  }));

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), tree, tree, (type, properties, machines) => {
        expect(poolShapeOf({ type, properties }, { type: "any", properties: machines })).toBeTypeOf("object");
      }),
      { numRuns: 500 },
    );
  });
});
