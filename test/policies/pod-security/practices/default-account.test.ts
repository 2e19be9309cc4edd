import { describe, expect, it } from "vitest";
import { defaultAccount } from "../../../../policies/pod-security/practices/default-account";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { said, waiting } from "./said";

const FIELD = "spec.template.spec.serviceAccountName";
const ABSENT = "absent, which stands for the default service account";

function message(observed: string, object = "Job ml/mnist", path = FIELD): string {
  return (
    `advisory [POD-17] ${object}: ${path} is ${observed}; allowed: a service account of the program's own, or none that ` +
    "is mounted. Name an account that has the rights needed, or set automountServiceAccountToken to false."
  );
}

describe("POD-17 the default service account", () => {
  it.each([
    ["an account of its own", job({}, { serviceAccountName: "loader" })],
    ["an account in the old field", job({}, { serviceAccount: "loader" })],
    ["no token", job({}, { automountServiceAccountToken: false })],
    [
      "no token of the default account",
      job({}, { serviceAccountName: "default", automountServiceAccountToken: false }),
    ],
    [
      "a template for workflows, which runs nothing by itself",
      `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: { name: retrain }
spec: { templates: [{ name: main, container: { image: "registry.example/retrain:1.4" } }] }
`,
    ],
    [
      "a SparkApplication, which has fields of its own for it",
      `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl }
spec: { driver: { cores: 1 }, executor: { cores: 1 } }
`,
    ],
    [
      "the launcher of an MPIJob v1, which gets an account",
      `
apiVersion: kubeflow.org/v1
kind: MPIJob
metadata: { name: bert }
spec: { mpiReplicaSpecs: { Launcher: { template: { spec: { containers: [{ name: main }] } } } } }
`,
    ],
  ])("accepts pods with %s", (_case, resource) => {
    expect(said(defaultAccount, resource)).toEqual([]);
  });

  it.each([
    ["no account", job(), message(ABSENT)],
    ["the default account", job({}, { serviceAccountName: "default" }), message('"default"')],
    ["an empty name", job({}, { serviceAccountName: "" }), message('""')],
    [
      "the default account in the old field",
      job({}, { serviceAccount: "default" }),
      message('"default"', "Job ml/mnist", "spec.template.spec.serviceAccount"),
    ],
    ["the token asked for", job({}, { automountServiceAccountToken: true }), message(ABSENT)],
    [
      "a step of a workflow",
      `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain }
spec: { entrypoint: main, templates: [{ name: main, container: { image: "registry.example/retrain:1.4" } }] }
`,
      message(ABSENT, "Workflow retrain", "spec.templates[0].serviceAccountName"),
    ],
  ])("refuses pods with %s", (_case, resource, expected) => {
    expect(said(defaultAccount, resource)).toEqual([expected]);
  });

  it.each([
    ["the account", { serviceAccountName: UNKNOWN_STRING }, FIELD],
    [
      "whether a token is mounted",
      { automountServiceAccountToken: UNKNOWN_STRING },
      "spec.template.spec.automountServiceAccountToken",
    ],
  ])("waits for %s", (_case, podSpec, path) => {
    expect(said(defaultAccount, job({}, podSpec))).toEqual([waiting(defaultAccount, "Job ml/mnist", path)]);
  });

  it("waits for nothing once one of the two is right", () => {
    const named = job({}, { serviceAccountName: "loader", automountServiceAccountToken: UNKNOWN_STRING });

    expect(said(defaultAccount, named)).toEqual([]);
  });
});
