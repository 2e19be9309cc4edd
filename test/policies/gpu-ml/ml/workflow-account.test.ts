import { describe, expect, it } from "vitest";
import { levelIn } from "../../../../policies/engine/rule";
import { workflowAccount } from "../../../../policies/gpu-ml/ml/workflow-account";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const refused = (path: string, observed: string, title = "Workflow ml/it") =>
  `advisory [ML-03] ${title}: ${path} is ${observed}; allowed: a service account made for workflows. ` +
  "Name an account with the rights of the executor and of what the workflow creates.";

describe("ML-03 service accounts of workflows", () => {
  it.each([
    ["an account", workflow({ serviceAccountName: "train" })],
    ["another account for the executor", workflow({ serviceAccountName: "a", executor: { serviceAccountName: "b" } })],
    ["a workflow from a template", workflow({ workflowTemplateRef: { name: "train" } })],
    ["a template", workflow({}, "WorkflowTemplate")],
    ["a template of the cluster", workflow({}, "ClusterWorkflowTemplate")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(workflowAccount, resource)).toEqual([]);
  });

  it.each([
    ["none", workflow(), "spec.serviceAccountName", "absent"],
    ["an empty one", workflow({ serviceAccountName: "" }), "spec.serviceAccountName", "absent"],
    ["null for a template", workflow({ workflowTemplateRef: null }), "spec.serviceAccountName", "absent"],
    ["the default one", workflow({ serviceAccountName: "default" }), "spec.serviceAccountName", '"default"'],
    [
      "the default one beside a template",
      workflow({ serviceAccountName: "default", workflowTemplateRef: { name: "a" } }),
      "spec.serviceAccountName",
      '"default"',
    ],
    [
      "the default one of the executor",
      workflow({ serviceAccountName: "train", executor: { serviceAccountName: "default" } }),
      "spec.executor.serviceAccountName",
      '"default"',
    ],
  ])("refuses %s", (_case, resource, path, observed) => {
    expect(judged(workflowAccount, resource)).toEqual([refused(path, observed)]);
  });

  it("refuses the default account of other kinds", () => {
    expect(judged(workflowAccount, workflow({}, "CronWorkflow"))).toEqual([
      refused("spec.workflowSpec.serviceAccountName", "absent", "CronWorkflow ml/it"),
    ]);
    expect(judged(workflowAccount, workflow({ serviceAccountName: "default" }, "WorkflowTemplate"))).toEqual([
      refused("spec.serviceAccountName", '"default"', "WorkflowTemplate ml/it"),
    ]);
  });

  it("takes the controller's default account where configuration says that there is one", () => {
    expect(judged(workflowAccount, workflow(), { accountByDefault: true })).toEqual([]);
    expect(
      judged(workflowAccount, workflow({ serviceAccountName: "default" }), { accountByDefault: true }),
    ).toHaveLength(1);
    expect(workflowAccount.parameters.accountByDefault.accepts("yes")).toBe(false);
  });

  it("is mandatory for tenants", () => {
    expect(levelIn(workflowAccount, "restricted")).toBe("mandatory");
  });

  it.each([
    ["the account", { serviceAccountName: UNKNOWN_STRING }, "spec.serviceAccountName"],
    [
      "the account of the executor",
      { serviceAccountName: "train", executor: UNKNOWN_STRING },
      "spec.executor.serviceAccountName",
    ],
  ])("leaves it to the update while %s is not known", (_case, spec, path) => {
    expect(judged(workflowAccount, workflow(spec))).toEqual([notKnown(workflowAccount, "Workflow ml/it", path)]);
  });
});
