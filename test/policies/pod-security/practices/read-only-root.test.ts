import { describe, expect, it } from "vitest";
import { readOnlyRoot } from "../../../../policies/pod-security/practices/read-only-root";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { refused, said, waiting, waitsFor, written } from "./said";

const FIELD = "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem";

function message(observed: string, object = "Job ml/mnist", path = FIELD): string {
  return (
    `advisory [POD-15] ${object}: ${path} is ${observed}; allowed: true. ` +
    "Set it, and mount an emptyDir where the program writes, such as /tmp, HF_HOME or TRITON_CACHE_DIR."
  );
}

describe("POD-15 read-only root file systems", () => {
  it.each([
    ["a container that has one", job({ securityContext: { readOnlyRootFilesystem: true } })],
    ["a pod of Windows, which cannot have one", job({}, { os: { name: "windows" } })],
  ])("accepts %s", (_case, resource) => {
    expect(said(readOnlyRoot, resource)).toEqual([]);
  });

  it.each([
    ["a container that says nothing", job(), "absent"],
    ["false", job({ securityContext: { readOnlyRootFilesystem: false } }), "not true"],
    ["text", job({ securityContext: { readOnlyRootFilesystem: "true" } }), "not true"],
    ["a container of Linux", job({}, { os: { name: "linux" } }), "absent"],
  ])("refuses %s", (_case, resource, observed) => {
    expect(said(readOnlyRoot, resource)).toEqual([message(observed)]);
  });

  it("reaches the container of a step of a workflow", () => {
    const workflow = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain }
spec: { entrypoint: main, templates: [{ name: main, container: { image: "registry.example/retrain:1.4" } }] }
`;

    expect(said(readOnlyRoot, workflow)).toEqual([
      message("absent", "Workflow retrain", "spec.templates[0].container.securityContext.readOnlyRootFilesystem"),
    ]);
  });

  it("lets pass the images of its list, with whatever tag", () => {
    expect(said(readOnlyRoot, job(), { images: ["registry.example/other", "registry.example/mnist"] })).toEqual([]);
    expect(said(readOnlyRoot, job(), { images: ["registry.example/other"] })).toEqual([message("absent")]);
    expect(said(readOnlyRoot, job({ image: null }), { images: ["registry.example/mnist"] })).toEqual([
      message("absent"),
    ]);
    expect(refused(readOnlyRoot, "images", "registry.example/mnist")).toBe(true);
    expect(refused(readOnlyRoot, "images", ["a", 1])).toBe(true);
  });

  it.each([
    ["the field", job({ securityContext: { readOnlyRootFilesystem: UNKNOWN_STRING } }), []],
    ["the system of the pod", job({}, { os: { name: UNKNOWN_STRING } }), []],
    ["an image that may be in the list", job({ image: UNKNOWN_STRING }), ["registry.example/mnist"]],
  ])("waits for %s", (_case, resource, images) => {
    expect(said(readOnlyRoot, resource, { images })).toEqual([waiting(readOnlyRoot, "Job ml/mnist", FIELD)]);
  });

  it("waits for the runtime of a TrainJob, which may set it", () => {
    const [trainJob] = written(`
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: { name: bert }
spec: { runtimeRef: { name: torch }, trainer: { image: "registry.example/bert:1.4" } }
`);

    expect(waitsFor(readOnlyRoot, trainJob!)).toEqual(["spec.trainer.securityContext.readOnlyRootFilesystem"]);
  });
});
