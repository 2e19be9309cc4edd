import { describe, expect, it } from "vitest";
import { gpuChoice } from "../../../../policies/gpu-ml/pods/gpu-choice";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const SPEC = "spec.template.spec";
const FOUND =
  "is without a label that tells GPUs apart; allowed: one in the node selector or in the required node affinity. " +
  "Select the pool by mlstack.dev/pool, the GPU by mlstack.dev/gpu-model, or the machine by its instance type.";

function gpuJob(podSpec: object = {}, resource = "nvidia.com/gpu"): TestResource {
  return job({ resources: { limits: { [resource]: 1 } } }, podSpec);
}

function requiring(key: unknown): object {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: "In", values: ["a"] }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

/** The job with labels on itself, and others on its pods. */
function labelled(labels: unknown, ofPods?: unknown): TestResource {
  const { props, ...rest } = gpuJob() as { props: { spec: { template: object } }; type: string };
  const template = { ...props.spec.template, metadata: { labels: ofPods } };
  return { ...rest, props: { ...props, metadata: { name: "mnist", namespace: "ml", labels }, spec: { template } } };
}

describe("GPU-04 choice of GPUs", () => {
  it.each([
    "mlstack.dev/pool",
    "mlstack.dev/gpu-model",
    "node.kubernetes.io/instance-type",
    "nvidia.com/gpu.product",
    "nvidia.com/gpu.family",
    "nvidia.com/gpu.memory",
    "nvidia.com/gpu.compute.major",
    "k8s.amazonaws.com/accelerator",
    "karpenter.k8s.aws/instance-gpu-name",
    "karpenter.sh/nodepool",
    "eks.amazonaws.com/instance-family",
    "eks.amazonaws.com/nodegroup",
  ])("accepts a choice by the label %s", (label) => {
    expect(analyze([gpuChoice], gpuJob({ nodeSelector: { [label]: "a" } }))).toEqual([]);
    expect(analyze([gpuChoice], gpuJob(requiring(label)))).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["no GPU", job()],
    ["a MIG profile, which says it by itself", gpuJob({}, "nvidia.com/mig-1g.5gb")],
    ["a queue, whose flavors say it", labelled({ "kueue.x-k8s.io/queue-name": "default" })],
    ["a queue of the pods", labelled({}, { "kueue.x-k8s.io/queue-name": "default" })],
  ])("asks nothing of %s", (_case, resource) => {
    expect(analyze([gpuChoice], resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["no choice", gpuJob()],
    ["a choice by a label that tells nothing of GPUs", gpuJob({ nodeSelector: { "kubernetes.io/arch": "amd64" } })],
    ["a label that only begins like one", gpuJob({ nodeSelector: { "nvidia.com/gpu.products": "a" } })],
    ["a required label that tells nothing of GPUs", gpuJob(requiring("team"))],
    ["a time slice", gpuJob({}, "nvidia.com/gpu.shared")],
    ["a queue that is null", labelled({ "kueue.x-k8s.io/queue-name": null })],
  ])("refuses GPU pods with %s", (_case, resource) => {
    expect(lines(analyze([gpuChoice], resource))).toEqual([
      `advisory [GPU-04] Job ml/mnist: ${SPEC}.nodeSelector ${FOUND}`,
    ]);
  });

  it("reaches into the components of an inference service", () => {
    const container = { name: "kserve-container", image: "a:1", resources: { limits: { "nvidia.com/gpu": 1 } } };
    const spec = { predictor: { containers: [container] } };
    const props = {
      apiVersion: "serving.kserve.io/v1beta1",
      kind: "InferenceService",
      metadata: { name: "chat" },
      spec,
    };

    expect(
      lines(analyze([gpuChoice], { type: "kubernetes:serving.kserve.io/v1beta1:InferenceService", props })),
    ).toEqual([`advisory [GPU-04] InferenceService chat: spec.predictor.nodeSelector ${FOUND}`]);
  });

  it.each<[string, TestResource, string]>([
    ["the selector", gpuJob({ nodeSelector: UNKNOWN_STRING }), `${SPEC}.nodeSelector`],
    ["the key of a required label", gpuJob(requiring(UNKNOWN_STRING)), `${SPEC}.affinity`],
    ["the labels of the workload", labelled(UNKNOWN_STRING), "metadata.labels"],
    ["the labels of the pods", labelled({}, UNKNOWN_STRING), "spec.template.metadata.labels"],
    ["the queue", labelled({ "kueue.x-k8s.io/queue-name": UNKNOWN_STRING }), "metadata.labels"],
    ["the number of GPUs", job({ resources: UNKNOWN_STRING }), `${SPEC}.containers[0].resources`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([gpuChoice], resource))).toEqual([
      `advisory [GPU-04] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps ` +
        '"GPU pods choose the GPUs that they are meant for". It is judged at update, before the object is created.',
    ]);
  });

  it("goes by the labels that configuration names", () => {
    const config = { gpu: { rules: { "GPU-04": { labels: ["acme.example/gpu", "acme.example/model-*"] } } } };

    expect(analyze([gpuChoice], gpuJob({ nodeSelector: { "acme.example/gpu": "a" } }), config)).toEqual([]);
    expect(analyze([gpuChoice], gpuJob({ nodeSelector: { "acme.example/model-size": "a" } }), config)).toEqual([]);
    expect(analyze([gpuChoice], gpuJob({ nodeSelector: { "mlstack.dev/pool": "a" } }), config)).toHaveLength(1);
  });

  it.each(["pool", [1]])("takes no %j for a list of labels", (labels) => {
    expect(gpuChoice.parameters.labels.accepts(labels)).toBe(false);
  });
});
