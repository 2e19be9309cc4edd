import { describe, expect, it } from "vitest";
import { podSpecPatch } from "../../../../policies/gpu-ml/ml/pod-spec-patch";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, workflow } from "./objects";

const patched = (patch: unknown) => workflow({ podSpecPatch: patch });

const variable = (path: string, title = "Workflow ml/it") =>
  `mandatory [ML-01] ${title}: ${path} is decided by a variable; allowed: a value that is known before the workflow ` +
  "runs. Write the value out, or make one template for each case.";
const unreadable = (path: string) =>
  `mandatory [ML-01] Workflow ml/it: ${path} is no YAML or JSON object; allowed: one patch of a pod's spec. ` +
  "Correct it, or write its fields in the template.";
const ofOthers = (path: string, title = "Workflow ml/it") =>
  `mandatory [ML-01] ${title}: ${path} is a patch of pods that another object describes; allowed: absent beside ` +
  "workflowTemplateRef. Put the patch into the template that workflowTemplateRef names.";

describe("ML-01 patches of workflow pods", () => {
  it.each([
    ["no patch", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a blank text", " \n"],
    ["YAML", "terminationGracePeriodSeconds: 5"],
    ["JSON", '{"securityContext": {"runAsNonRoot": true}}'],
    ["a variable amount", "containers: [{ name: main, resources: { limits: { memory: '{{inputs.parameters.m}}' } } }]"],
    ["a variable among the arguments", "containers: [{ name: main, args: ['{{workflow.name}}'] }]"],
    ["a variable node", "nodeSelector: { pool: '{{workflow.parameters.pool}}' }"],
    ["a variable label key of a node", "nodeSelector: { '{{workflow.parameters.label}}': 'yes' }"],
    ["containers that are no objects", "containers: [main]"],
    ["containers that are no list", "containers: main"],
  ])("accepts %s", (_case, patch) => {
    expect(judged(podSpecPatch, patched(patch))).toEqual([]);
  });

  it.each([
    ["text that is no YAML", "containers: ["],
    ["a plain word", "privileged"],
    ["a list", "- name: main"],
    ["several documents", "hostNetwork: false\n---\nhostPID: false"],
    ["an object in place of text", { hostNetwork: true }],
    ["a number", 1],
  ])("refuses %s", (_case, patch) => {
    expect(judged(podSpecPatch, patched(patch))).toEqual([unreadable("spec.podSpecPatch")]);
  });

  it.each([
    ["the whole patch", "{{workflow.parameters.patch}}", ""],
    [
      "privileged",
      "containers: [{ name: a, securityContext: { privileged: '{{x}}' } }]",
      "#containers[0].securityContext.privileged",
    ],
    [
      "a capability",
      "containers: [{ securityContext: { capabilities: { add: ['{{x}}'] } } }]",
      "#containers[0].securityContext.capabilities.add[0]",
    ],
    ["the image", "initContainers: [{ name: a }, { image: 'tool:{{x}}' }]", "#initContainers[1].image"],
    ["a mount", "containers: [{ volumeMounts: [{ name: '{{x}}' }] }]", "#containers[0].volumeMounts[0].name"],
    ["a device", "ephemeralContainers: [{ volumeDevices: '{{x}}' }]", "#ephemeralContainers[0].volumeDevices"],
    ["a container", "containers: ['{{x}}']", "#containers[0]"],
    ["the containers", "containers: '{{x}}'", "#containers"],
    ["a field of the pod by its name", "'{{x}}': true", "#"],
    ["a field of a container by its name", "containers: [{ '{{x}}': true }]", "#containers[0]"],
    ["a field of the security context by its name", "securityContext: { '{{x}}': 0 }", "#securityContext"],
    ["a volume", "volumes: [{ name: a, hostPath: { path: '{{x}}' } }]", "#volumes[0].hostPath.path"],
    ...[
      ...["securityContext", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "volumes"],
      ...["serviceAccountName", "serviceAccount", "automountServiceAccountToken", "runtimeClassName", "nodeName"],
    ].map((field): [string, string, string] => [field, `${field}: '{{x}}'`, `#${field}`]),
  ])("refuses a variable that decides %s", (_case, patch, path) => {
    expect(judged(podSpecPatch, patched(patch))).toEqual([variable(`spec.podSpecPatch${path}`)]);
  });

  it("says once that variables name several fields", () => {
    expect(judged(podSpecPatch, patched("{ 'a{{x}}': 1, 'b{{y}}': 2 }"))).toEqual([variable("spec.podSpecPatch#")]);
  });

  it("looks into templates, their defaults, inline templates and manifests", () => {
    const podSpecPatch1 = "{{workflow.parameters.patch}}";
    const inner = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: { podSpecPatch: 'hostPID: [' }";
    const templates = [
      { name: "a", podSpecPatch: podSpecPatch1, container: {} },
      { name: "b", dag: { tasks: [{ name: "c", inline: { podSpecPatch: podSpecPatch1, container: {} } }] } },
      { name: "d", resource: { action: "create", manifest: inner } },
    ];
    const spec = { templateDefaults: { podSpecPatch: podSpecPatch1 }, templates };

    expect(judged(podSpecPatch, workflow(spec))).toEqual([
      variable("spec.templateDefaults.podSpecPatch"),
      variable("spec.templates[0].podSpecPatch"),
      variable("spec.templates[1].dag.tasks[0].inline.podSpecPatch"),
      unreadable("spec.templates[2].resource.manifest#spec.podSpecPatch"),
    ]);
  });

  it.each([
    ["WorkflowTemplate", "spec.podSpecPatch"],
    ["ClusterWorkflowTemplate", "spec.podSpecPatch"],
    ["CronWorkflow", "spec.workflowSpec.podSpecPatch"],
  ])("judges a %s", (kind, path) => {
    const resource = workflow({ podSpecPatch: "{{x}}" }, kind);

    expect(judged(podSpecPatch, resource)).toEqual([variable(path, `${kind} ml/it`)]);
  });

  it("refuses a patch of the pods of a template elsewhere, whatever it says", () => {
    const spec = { workflowTemplateRef: { name: "train" }, podSpecPatch: "terminationGracePeriodSeconds: 5" };

    expect(judged(podSpecPatch, workflow(spec))).toEqual([ofOthers("spec.podSpecPatch")]);
    expect(judged(podSpecPatch, workflow(spec, "CronWorkflow"))).toEqual([
      ofOthers("spec.workflowSpec.podSpecPatch", "CronWorkflow ml/it"),
    ]);
    expect(judged(podSpecPatch, workflow({ ...spec, podSpecPatch: "" }))).toEqual([]);
    expect(judged(podSpecPatch, workflow({ ...spec, workflowTemplateRef: null }))).toEqual([]);
  });

  it("judges no patch of another kind", () => {
    expect(judged(podSpecPatch, object("example.com/v1", "Workflow", { spec: { podSpecPatch: "{{x}}" } }))).toEqual([]);
  });

  it.each([
    ["the spec", object("argoproj.io/v1alpha1", "Workflow", { spec: UNKNOWN_STRING }), "spec"],
    ["the templates", workflow({ templates: UNKNOWN_STRING }), "spec.templates"],
    ["a template", workflow({ templates: [UNKNOWN_STRING] }), "spec.templates[0]"],
    ["the patch", patched(UNKNOWN_STRING), "spec.podSpecPatch"],
    [
      "the patch of a template elsewhere",
      workflow({ podSpecPatch: UNKNOWN_STRING, workflowTemplateRef: { name: "a" } }),
      "spec.podSpecPatch",
    ],
    [
      "whether there is another template",
      workflow({ podSpecPatch: "hostPID: false", workflowTemplateRef: UNKNOWN_STRING }),
      "spec.workflowTemplateRef",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(podSpecPatch, resource)).toEqual([notKnown(podSpecPatch, "Workflow ml/it", path)]);
  });

  it("asks nothing of a template elsewhere where there is no patch", () => {
    expect(judged(podSpecPatch, workflow({ workflowTemplateRef: UNKNOWN_STRING }))).toEqual([]);
  });
});
