import { describe, expect, it } from "vitest";
import { levelIn } from "../../../../policies/engine/rule";
import { templateReferencing } from "../../../../policies/gpu-ml/ml/template-referencing";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, release } from "./objects";

const config = (data: unknown, metadata: object = {}) =>
  object("v1", "ConfigMap", { data }, { name: "workflow-controller-configmap", namespace: "argo", ...metadata });
const chart = (workflowRestrictions: unknown, more: object = {}) =>
  release("argo-workflows", { controller: { workflowRestrictions } }, more);

const FIELD = "workflowRestrictions.templateReferencing";
const OBJECT = "ConfigMap argo/workflow-controller-configmap";
const lax = (object: string, path: string, observed = "absent") =>
  `advisory [ML-03] ${object}: ${path} is ${observed}; allowed: Strict or Secure. ` +
  "Set it, and let users name a WorkflowTemplate in their workflows.";

describe("ML-03 vetted templates", () => {
  it.each([
    ["Strict", config({ config: "workflowRestrictions: { templateReferencing: Strict }" })],
    ["Secure", config({ config: '{"workflowRestrictions": {"templateReferencing": "Secure"}}' })],
    ["a field of its own", config({ workflowRestrictions: "templateReferencing: Strict" })],
    ["another ConfigMap", config({ config: "a: 1" }, { name: "settings" })],
    ["a Secret of the same name", object("v1", "Secret", { data: {} }, { name: "workflow-controller-configmap" })],
    ["the controller of Kubeflow Pipelines", config({ config: "a: 1" }, { namespace: "kubeflow" })],
    ["a chart that is Strict", chart({ templateReferencing: "Strict" })],
    ["a chart in the namespace of Kubeflow Pipelines", chart({}, { namespace: "kubeflow" })],
    ["another chart", release("argo-cd", {})],
    ["a chart of no name yet", release(UNKNOWN_STRING, {})],
    ["a chart with values in files", release("argo-workflows", {}, { valueYamlFiles: [{}] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(templateReferencing, resource)).toEqual([]);
  });

  it.each([
    ["no restriction", { config: "parallelism: 1" }, `data.config#${FIELD}`, "absent"],
    ["no configuration", {}, `data.config#${FIELD}`, "absent"],
    ["no YAML", { config: "a: [" }, `data.config#${FIELD}`, "absent"],
    [
      "another word",
      { config: "workflowRestrictions: { templateReferencing: strict }" },
      `data.config#${FIELD}`,
      '"strict"',
    ],
    ["a field of its own", { workflowRestrictions: "{}" }, "data.workflowRestrictions#templateReferencing", "absent"],
  ])("refuses %s", (_case, data, path, observed) => {
    expect(judged(templateReferencing, config(data))).toEqual([lax(OBJECT, path, observed)]);
  });

  it("refuses the ConfigMap of a release by the end of its name", () => {
    const name = "argo-workflow-controller-configmap";

    expect(judged(templateReferencing, config({}, { name }))).toEqual([
      lax(`ConfigMap argo/${name}`, `data.config#${FIELD}`),
    ]);
  });

  it("refuses a chart that sets nothing", () => {
    const path = `values.controller.${FIELD}`;

    expect(judged(templateReferencing, release("argo-workflows", {}))).toEqual([lax("Release it", path)]);
    expect(judged(templateReferencing, chart({ templateReferencing: "Lax" }, { namespace: "argo" }))).toEqual([
      lax("Release it", path, '"Lax"'),
    ]);
  });

  it("leaves the namespaces alone that configuration names", () => {
    const parameters = { namespaces: ["argo"] };

    expect(judged(templateReferencing, config({}), parameters)).toEqual([]);
    expect(judged(templateReferencing, config({}, { namespace: "kubeflow" }), parameters)).toHaveLength(1);
    for (const namespaces of ["argo", ["a", 1]]) {
      expect(templateReferencing.parameters.namespaces.accepts(namespaces)).toBe(false);
    }
  });

  it("is mandatory for tenants", () => {
    expect(levelIn(templateReferencing, "restricted")).toBe("mandatory");
  });

  it.each([
    ["the data", config(UNKNOWN_STRING), "data"],
    ["the configuration", config({ config: UNKNOWN_STRING }), "data.config"],
    ["the field", config({ workflowRestrictions: UNKNOWN_STRING }), "data.workflowRestrictions"],
    [
      "a variable",
      config({ config: "workflowRestrictions: { templateReferencing: '{{x}}' }" }),
      `data.config#${FIELD}`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(templateReferencing, resource)).toEqual([notKnown(templateReferencing, OBJECT, path)]);
  });

  it("leaves it to the update while name or namespace are not known and would decide", () => {
    expect(judged(templateReferencing, config({}, { namespace: UNKNOWN_STRING }))).toEqual([
      notKnown(templateReferencing, "ConfigMap workflow-controller-configmap", "metadata.namespace"),
    ]);
    expect(judged(templateReferencing, config({ config: "a: 1" }, { name: UNKNOWN_STRING }))).toEqual([
      notKnown(templateReferencing, "ConfigMap argo/it", "metadata.name"),
    ]);
    const strict = { config: "workflowRestrictions: { templateReferencing: Strict }" };
    expect(judged(templateReferencing, config(strict, { name: UNKNOWN_STRING }))).toEqual([]);
    expect(judged(templateReferencing, config(strict, { namespace: UNKNOWN_STRING }))).toEqual([]);
    expect(judged(templateReferencing, config({ other: "a: 1" }, { name: UNKNOWN_STRING }))).toEqual([]);
    expect(judged(templateReferencing, config({ config: "a: 1" }, { name: undefined }))).toEqual([]);
    expect(judged(templateReferencing, config(UNKNOWN_STRING, { name: UNKNOWN_STRING }))).toEqual([]);
    expect(judged(templateReferencing, chart({ templateReferencing: UNKNOWN_STRING }))).toEqual([
      notKnown(templateReferencing, "Release it", `values.controller.${FIELD}`),
    ]);
  });
});
