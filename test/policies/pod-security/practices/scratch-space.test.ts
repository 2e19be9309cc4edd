import { describe, expect, it } from "vitest";
import { scratchSpace } from "../../../../policies/pod-security/practices/scratch-space";
import { job, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { refused, said, waiting, waitsFor } from "./said";

const RESOURCES = "spec.template.spec.containers[0].resources";
const LIMIT = `${RESOURCES}.limits.ephemeral-storage`;
const REQUEST = `${RESOURCES}.requests.ephemeral-storage`;

function limit(observed: string, most = "1Ti", object = "Job ml/mnist", path = LIMIT): string {
  return (
    `advisory [POD-21] ${object}: ${path} is ${observed}; allowed: an amount up to ${most}. ` +
    "Set what the program writes beside its volumes, and put what is larger on a volume."
  );
}

function request(observed: string, path: string, least = "10Gi"): string {
  return (
    `advisory [POD-21] Job ml/mnist: ${path} is ${observed}; allowed: at least ${least} in a container with GPUs. ` +
    "Ask for what models, compiled kernels and checkpoints take, so that the pod starts where there is room."
  );
}

function asking(most: unknown, least?: unknown, gpus?: unknown): TestResource {
  return job({
    resources: {
      limits: {
        ...(most === undefined ? {} : { "ephemeral-storage": most }),
        ...(gpus === undefined ? {} : { "nvidia.com/gpu": gpus }),
      },
      ...(least === undefined ? {} : { requests: { "ephemeral-storage": least } }),
    },
  });
}

describe("POD-21 scratch space", () => {
  it.each([
    ["a limit", asking("1Gi")],
    ["the largest limit", asking("1Ti")],
    ["a limit that is no quantity", asking("much")],
    ["a GPU container that requests the least", asking("20Gi", "10Gi", 1)],
    ["a GPU container whose limit stands for the request", asking("10Gi", undefined, 1)],
    ["a small request without GPUs", asking("20Gi", "1Gi")],
    ["a small request and no GPU asked for", asking("20Gi", "1Gi", 0)],
    ["a request that is no quantity", asking("20Gi", "much", 1)],
  ])("accepts %s", (_case, resource) => {
    expect(said(scratchSpace, resource)).toEqual([]);
  });

  it.each([
    ["no limit", asking(undefined), [limit("absent")]],
    ["no resources", job(), [limit("absent")]],
    ["a limit above the largest", asking("1025Gi"), [limit('"1025Gi"')]],
    ["a GPU container that requests less", asking("20Gi", "9Gi", 1), [request('"9Gi"', REQUEST)]],
    ["a GPU container with a low limit only", asking("9Gi", undefined, 1), [request('"9Gi"', LIMIT)]],
    ["a GPU container that says nothing", asking(undefined, undefined, 1), [limit("absent")]],
  ])("refuses %s", (_case, resource, messages) => {
    expect(said(scratchSpace, resource)).toEqual(messages);
  });

  it("asks neither init containers nor runtimes of training", () => {
    const withInit = { ...asking("1Gi") };
    const runtime = `
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainingRuntime
metadata: { name: torch }
spec: { template: { spec: { replicatedJobs: [{ name: node, template: { spec: { template: { spec: { containers: [{ name: node }] } } } } }] } } }
`;
    const initial = job(
      { resources: { limits: { "ephemeral-storage": "1Gi" } } },
      { initContainers: [{ name: "fetch" }] },
    );

    expect(said(scratchSpace, withInit)).toEqual([]);
    expect(said(scratchSpace, initial)).toEqual([]);
    expect(said(scratchSpace, runtime)).toEqual([]);
  });

  it("reaches the nodes of a JobSet", () => {
    const jobSet = `
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: { name: bert }
spec: { replicatedJobs: [{ name: node, template: { spec: { template: { spec: { containers: [{ name: node }] } } } } }] }
`;
    const path = "spec.replicatedJobs[0].template.spec.template.spec.containers[0].resources.limits.ephemeral-storage";

    expect(said(scratchSpace, jobSet)).toEqual([limit("absent", "1Ti", "JobSet bert", path)]);
  });

  it("takes its bounds from parameters", () => {
    expect(said(scratchSpace, asking("30Gi", "5Gi", 1), { gpuLeast: "5Gi", most: "30Gi" })).toEqual([]);
    expect(said(scratchSpace, asking("30Gi", "5Gi", 1), { gpuLeast: "6Gi", most: "29Gi" })).toEqual([
      limit('"30Gi"', "29Gi"),
      request('"5Gi"', REQUEST, "6Gi"),
    ]);
    expect(refused(scratchSpace, "most", "1Ti")).toBe(false);
    expect(refused(scratchSpace, "most", "much")).toBe(true);
    expect(refused(scratchSpace, "gpuLeast", 10)).toBe(true);
  });

  it.each([
    ["the limit", asking(UNKNOWN_STRING), [LIMIT]],
    ["the limit of a GPU container", asking(UNKNOWN_STRING, undefined, 1), [LIMIT, LIMIT]],
    ["the request of a GPU container", asking("20Gi", UNKNOWN_STRING, 1), [REQUEST]],
    ["whether there are GPUs", asking("20Gi", "9Gi", UNKNOWN_STRING), [REQUEST]],
  ])("waits for %s", (_case, resource, paths) => {
    expect(waitsFor(scratchSpace, resource)).toEqual(paths);
    expect(said(scratchSpace, resource)).toEqual([waiting(scratchSpace, "Job ml/mnist", paths[0]!)]);
  });

  it("waits for nothing that the other half has settled", () => {
    expect(said(scratchSpace, asking("20Gi", UNKNOWN_STRING))).toEqual([]);
    expect(said(scratchSpace, asking("20Gi", "10Gi", UNKNOWN_STRING))).toEqual([]);
  });
});
