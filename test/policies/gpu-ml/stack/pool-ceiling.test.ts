import { describe, expect, it } from "vitest";
import { UNKNOWN, type ToldPoolShape } from "../../../../components/model";
import { stackPoolsOf } from "../../../../policies/gpu-ml/stack/node-labels";
import { gpuCeiling, gpusOfNode, type Ceiling } from "../../../../policies/gpu-ml/stack/pool-ceiling";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { node, nodeGroup, subjectOf } from "./resources";

const BIG = "p5.48xlarge";

function group(types: unknown, maxSize?: unknown, name = "train"): TestResource {
  return nodeGroup(name, { instanceTypes: types, ...(maxSize === undefined ? {} : { scalingConfig: { maxSize } }) });
}

describe("the GPUs of the largest machine of a pool", () => {
  it.each<[string, ToldPoolShape, Ceiling]>([
    ["a type", { instanceTypes: [BIG] }, 8],
    ["the largest of several", { instanceTypes: ["g5.xlarge", BIG] }, 8],
    ["a type without GPUs", { instanceTypes: ["m7i.large"] }, 0],
    ["a type that is in no catalogue", { instanceTypes: ["x99.large"] }, Infinity],
    ["a type that is not known yet", { instanceTypes: [BIG, UNKNOWN] }, UNKNOWN],
    ["types that are not known yet", { instanceTypes: UNKNOWN }, UNKNOWN],
    ["no types", { instanceTypes: [] }, Infinity],
    ["a number", { gpusPerNode: 4 }, 4],
    ["a resource that is not known yet", { gpuResource: UNKNOWN }, UNKNOWN],
    ["nothing", {}, Infinity],
  ])("follow from %s", (_case, shape, gpus) => {
    expect(gpusOfNode(shape)).toBe(gpus);
  });
});

describe("the GPUs of pools at their largest", () => {
  it.each<[string, TestResource[], Ceiling]>([
    ["no pool", [], 0],
    ["one", [group([BIG], 2)], 16],
    ["several", [group([BIG], 2), group([BIG], 1, "b")], 24],
    ["nodes", [node("a", {}, allocatable(4)), node("b", {}, allocatable(4))], 8],
    ["machines without GPUs, however many", [group(["m7i.large"])], 0],
    ["as many as one likes", [group([BIG])], Infinity],
    ["no machine, of whatever type", [group(UNKNOWN_STRING, 0)], 0],
    ["a type that is not known yet", [group(UNKNOWN_STRING, 2)], UNKNOWN],
    ["a size that is not known yet", [group([BIG], UNKNOWN_STRING)], UNKNOWN],
    ["a size that is not known yet, of machines without GPUs", [group(["m7i.large"], UNKNOWN_STRING)], 0],
    ["what is not known yet before what is", [group([BIG], UNKNOWN_STRING), group([BIG], 1, "b")], UNKNOWN],
    ["what is not known yet behind what is", [group([BIG], 1), group([BIG], UNKNOWN_STRING, "b")], UNKNOWN],
    [
      "what is not known yet before what has no bound",
      [group([BIG], UNKNOWN_STRING), group([BIG], undefined, "b")],
      Infinity,
    ],
    ["what is not known yet behind what has no bound", [group([BIG]), group([BIG], UNKNOWN_STRING, "b")], Infinity],
  ])("are told for %s", (_case, resources, ceiling) => {
    expect(gpuCeiling(stackPoolsOf(resources.map(subjectOf)).pools)).toBe(ceiling);
  });
});

function allocatable(gpus: number): object {
  return { status: { allocatable: { "nvidia.com/gpu": gpus } } };
}
