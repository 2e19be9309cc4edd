import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { gpuToleration } from "../../../../policies/gpu-ml/pods/gpu-toleration";
import { analyze, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const MESSAGE =
  "[GPU-02] Job ml/mnist: spec.template.spec.tolerations is without a match for the taint nvidia.com/gpu:NoSchedule; " +
  'allowed: tolerations that match every taint of GPU nodes. Add { key: "nvidia.com/gpu", operator: "Exists", ' +
  'effect: "NoSchedule" }.';

const ONE_GPU = { resources: { limits: { "nvidia.com/gpu": 1 } } };

function gpuJob(...tolerations: unknown[]): TestResource {
  return job(ONE_GPU, { tolerations });
}

describe("GPU-02 tolerations of GPU pods", () => {
  it.each([
    ["key and effect", { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    ["the key with every effect", { key: "nvidia.com/gpu", operator: "Exists" }],
    ["one value of the key", { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }],
    ["one value, by the default operator", { key: "nvidia.com/gpu", value: "present" }],
    ["every taint", { operator: "Exists" }],
    ["every taint, with empty fields", { key: "", operator: "Exists", effect: "" }],
  ])("accepts a toleration of %s", (_case, toleration) => {
    expect(analyze([gpuToleration], gpuJob(toleration))).toEqual([]);
  });

  it.each([
    ["no tolerations", job(ONE_GPU)],
    ["an empty list", gpuJob()],
    ["a toleration of another key", gpuJob({ key: "team", operator: "Exists" })],
    ["a toleration of another effect", gpuJob({ key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" })],
    ["an operator that Kubernetes lacks", gpuJob({ key: "nvidia.com/gpu", operator: "exists" })],
    ["an empty key with the operator Equal", gpuJob({ key: "", operator: "Equal" })],
    ["a list that is no list", job(ONE_GPU, { tolerations: "all" })],
    ["a MIG slice", job({ resources: { limits: { "nvidia.com/mig-1g.5gb": 1 } } })],
    ["a GPU in requests only", job({ resources: { requests: { "nvidia.com/gpu": 1 } } })],
    ["a GPU in an init container", job({}, { initContainers: [ONE_GPU] })],
  ])("refuses a GPU pod with %s", (_case, resource) => {
    expect(lines(analyze([gpuToleration], resource))).toEqual([`mandatory ${MESSAGE}`]);
  });

  it.each([
    ["no GPU", job()],
    ["zero GPUs", job({ resources: { limits: { "nvidia.com/gpu": 0 } } })],
    ["another vendor's device", job({ resources: { limits: { "example.com/gpu": 1 } } })],
  ])("asks nothing of a pod with %s", (_case, resource) => {
    expect(analyze([gpuToleration], resource)).toEqual([]);
  });

  it.each([
    ["the tolerations", job(ONE_GPU, { tolerations: UNKNOWN_STRING }), "tolerations"],
    ["the key of a toleration", gpuJob({ key: UNKNOWN_STRING, operator: "Exists" }), "tolerations"],
    ["the pod's resources", job({ resources: UNKNOWN_STRING }), "containers[0].resources"],
    [
      "the number of GPUs",
      job({ resources: { limits: { "nvidia.com/gpu": UNKNOWN_STRING } } }),
      'containers[0].resources.limits["nvidia.com/gpu"]',
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    const [message] = lines(analyze([gpuToleration], resource));

    expect(message).toContain(`advisory [GPU-02] Job ml/mnist: spec.template.spec.${path} is not known yet`);
  });

  it("is satisfied by a known toleration beside an unknown one", () => {
    expect(analyze([gpuToleration], gpuJob(UNKNOWN_STRING, { operator: "Exists" }))).toEqual([]);
  });

  it("asks for the taints that configuration names", () => {
    const taints = [{ key: "dedicated", value: "gpu", effect: "NoExecute" }];
    const config = { gpu: { rules: { "GPU-02": { taints } } } };

    expect(analyze([gpuToleration], gpuJob({ key: "dedicated", value: "gpu" }), config)).toEqual([]);
    expect(lines(analyze([gpuToleration], gpuJob({ key: "dedicated", value: "cpu" }), config))).toEqual([
      "mandatory [GPU-02] Job ml/mnist: spec.template.spec.tolerations is without a match for the taint " +
        "dedicated=gpu:NoExecute; allowed: tolerations that match every taint of GPU nodes. " +
        'Add { key: "dedicated", operator: "Exists", effect: "NoExecute" }.',
    ]);
  });

  it("offers to add the toleration", () => {
    const resource = gpuJob({ key: "team", operator: "Exists" });
    const subject = new Subject({ ...resource, name: "it", urn: urnOf(resource) });
    const taints = [{ key: "dedicated", value: "gpu", effect: "NoExecute" as const }];

    expect([...gpuToleration.judge(subject, { taints })]).toMatchObject([
      {
        fix: [
          {
            path: "spec.template.spec.tolerations",
            append: { key: "dedicated", operator: "Exists", effect: "NoExecute" },
          },
        ],
      },
    ]);
  });
});
