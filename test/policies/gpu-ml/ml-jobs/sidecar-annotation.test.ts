import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { sidecarAnnotation } from "../../../../policies/gpu-ml/ml-jobs/sidecar-annotation";
import { analyze, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const TEMPLATE = "spec.template.metadata";
const NO = { "sidecar.istio.io/inject": "false" };
const FOUND =
  'labels["sidecar.istio.io/inject"] is absent, while the annotation sidecar.istio.io/inject says "false"; allowed: "false". ' +
  'Set it to "false"; the annotation may then go.';

function jobWith(metadata: unknown): TestResource {
  const { props, ...rest } = job() as { props: { spec: { template: object } }; type: string };
  return { ...rest, props: { ...props, spec: { template: { ...props.spec.template, metadata } } } };
}

describe("ML-11 annotations", () => {
  it.each<[string, TestResource]>([
    ["neither", job()],
    ["the label", jobWith({ labels: NO })],
    ["both", jobWith({ labels: NO, annotations: NO })],
    ["a label that says otherwise", jobWith({ labels: { "sidecar.istio.io/inject": "true" }, annotations: NO })],
    ["an annotation that wants the sidecar", jobWith({ annotations: { "sidecar.istio.io/inject": "true" } })],
    ["other annotations", jobWith({ annotations: { team: "ml" } })],
    ["an annotation that is not known beside the label", jobWith({ labels: NO, annotations: UNKNOWN_STRING })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([sidecarAnnotation], resource)).toEqual([]);
  });

  it("asks nothing of pods that go on", () => {
    const template = { metadata: { annotations: NO }, spec: { containers: [{ name: "main", image: "a:1" }] } };
    const props = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template } };

    expect(analyze([sidecarAnnotation], { type: "kubernetes:apps/v1:Deployment", props })).toEqual([]);
  });

  it("asks nothing of pods that are written elsewhere and have no annotation here", () => {
    const spec = { runtimeRef: { name: "torch" }, trainer: {} };
    const props = { apiVersion: "trainer.kubeflow.org/v1alpha1", kind: "TrainJob", metadata: { name: "chat" }, spec };

    const facts = { type: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob", name: "it", urn: "urn" };
    expect([...sidecarAnnotation.judge(new Subject({ ...facts, props }), {})]).toEqual([]);

    const replicatedJobs = [{ name: "node", template: { spec: { template: { metadata: { annotations: NO } } } } }];
    const runtimePatches = [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs } } } }];
    const annotated = { ...props, spec: { ...spec, runtimePatches } };
    expect([...sidecarAnnotation.judge(new Subject({ ...facts, props: annotated }), {})]).toHaveLength(1);
  });

  it("refuses the annotation alone, and offers to set the label", () => {
    const resource = jobWith({ annotations: NO });
    const subject = new Subject({ ...resource, name: "it", urn: urnOf(resource) });

    expect(lines(analyze([sidecarAnnotation], resource))).toEqual([
      `advisory [ML-11] Job ml/mnist: ${TEMPLATE}.${FOUND}`,
    ]);
    expect([...sidecarAnnotation.judge(subject, {})]).toMatchObject([
      { fix: [{ path: `${TEMPLATE}.labels["sidecar.istio.io/inject"]`, value: "false" }] },
    ]);
  });

  it("reaches into the templates of a workflow, by what it says of all of them", () => {
    const spec = {
      entrypoint: "a",
      podMetadata: { annotations: NO },
      templates: [{ name: "a", container: { image: "a:1" } }],
    };
    const props = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w" }, spec };

    expect(lines(analyze([sidecarAnnotation], { type: "kubernetes:argoproj.io/v1alpha1:Workflow", props }))).toEqual([
      `advisory [ML-11] Workflow w: spec.templates[0].metadata.${FOUND}`,
    ]);
  });

  it.each<[string, TestResource, string]>([
    [
      "the annotation",
      jobWith({ annotations: { "sidecar.istio.io/inject": UNKNOWN_STRING } }),
      `${TEMPLATE}.annotations["sidecar.istio.io/inject"]`,
    ],
    [
      "the label",
      jobWith({ labels: { "sidecar.istio.io/inject": UNKNOWN_STRING }, annotations: NO }),
      `${TEMPLATE}.labels["sidecar.istio.io/inject"]`,
    ],
    [
      "the labels",
      jobWith({ labels: UNKNOWN_STRING, annotations: NO }),
      `${TEMPLATE}.labels["sidecar.istio.io/inject"]`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([sidecarAnnotation], resource))).toEqual([
      `advisory [ML-11] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps "Jobs refuse the sidecar by a label". ` +
        "It is judged at update, before the object is created.",
    ]);
  });
});
