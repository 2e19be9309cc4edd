import { describe, expect, it } from "vitest";
import { gpuSlices } from "../../../../policies/gpu-ml/pods/gpu-slices";
import { analyze, job, lines, UNKNOWN_STRING } from "../../analyzer";

const LIMITS = "Job ml/mnist: spec.template.spec.containers[0].resources.limits";
const REMEDY = "allowed: 1. Ask for one slice; for more than a share, ask for a whole GPU or a MIG profile.";

function limiting(limits: unknown) {
  return job({ resources: { limits } });
}

describe("GPU-10 slices of shared GPUs", () => {
  it.each([
    ["none", {}],
    ["one slice", { "nvidia.com/gpu.shared": 1 }],
    ["one slice in another unit", { "nvidia.com/gpu.shared": "1000m" }],
    ["several whole GPUs", { "nvidia.com/gpu": 8 }],
    ["several MIG slices", { "nvidia.com/mig-1g.5gb": 2 }],
    ["a word", { "nvidia.com/gpu.shared": "two" }],
    ["limits that are no object", "two"],
  ])("accepts %s", (_case, limits) => {
    expect(analyze([gpuSlices], limiting(limits))).toEqual([]);
  });

  it.each([
    ["two slices", 2, "2"],
    ["two slices in quotes", "2", '"2"'],
  ])("refuses %s", (_case, amount, shown) => {
    expect(lines(analyze([gpuSlices], limiting({ "nvidia.com/gpu.shared": amount })))).toEqual([
      `advisory [GPU-10] ${LIMITS}["nvidia.com/gpu.shared"] is ${shown}; ${REMEDY}`,
    ]);
  });

  it("reaches into notebooks", () => {
    const container = { name: "ada", image: "a:1", resources: { limits: { "nvidia.com/gpu.shared": 2 } } };
    const spec = { template: { spec: { containers: [container] } } };
    const props = { apiVersion: "kubeflow.org/v1", kind: "Notebook", metadata: { name: "ada" }, spec };

    expect(lines(analyze([gpuSlices], { type: "kubernetes:kubeflow.org/v1:Notebook", props }))).toEqual([
      'advisory [GPU-10] Notebook ada: spec.template.spec.containers[0].resources.limits["nvidia.com/gpu.shared"] is 2; ' +
        REMEDY,
    ]);
  });

  it.each([
    ["the amount", { "nvidia.com/gpu.shared": UNKNOWN_STRING }, `${LIMITS}["nvidia.com/gpu.shared"]`],
    ["the limits", UNKNOWN_STRING, LIMITS],
  ])("leaves it to the update while %s is not known", (_case, limits, path) => {
    expect(lines(analyze([gpuSlices], limiting(limits)))).toEqual([
      `advisory [GPU-10] ${path} is not known yet; allowed: a value that keeps "Containers ask for one slice of a shared ` +
        'GPU". It is judged at update, before the object is created.',
    ]);
  });

  it("goes by the resources that configuration names", () => {
    const config = { gpu: { rules: { "GPU-10": { resources: ["nvidia.com/a10g.shared"] } } } };

    expect(analyze([gpuSlices], limiting({ "nvidia.com/gpu.shared": 2 }), config)).toEqual([]);
    expect(analyze([gpuSlices], limiting({ "nvidia.com/a10g.shared": 2 }), config)).toHaveLength(1);
  });

  it.each(["nvidia.com/gpu", [1]])("takes no %j for a list of resources", (resources) => {
    expect(gpuSlices.parameters.resources.accepts(resources)).toBe(false);
  });
});
