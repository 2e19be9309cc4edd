import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import { CronWorkflow, Workflow, WorkflowTemplate } from "../../../../components/workloads/workflows";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { definitions } from "./steps";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const day = { day: "2026-01-01" };

describe("Workflow", () => {
  it("creates rights, then the run", async () => {
    new Workflow("refit", { definition: definitions.release, parameters: day });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Workflow refit",
      "kubernetes:core/v1:ServiceAccount refit-account < refit",
      "kubernetes:core/v1:ServiceAccount refit-resources-account < refit",
      "kubernetes:rbac.authorization.k8s.io/v1:Role refit-role < refit",
      "kubernetes:rbac.authorization.k8s.io/v1:Role refit-resources-role < refit",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding refit-binding < refit",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding refit-resources-binding < refit",
      "kubernetes:argoproj.io/v1alpha1:Workflow refit-workflow < refit",
    ]);
    expect((await program.resource("refit-workflow")).dependsOn).toEqual([
      "refit-account",
      "refit-binding",
      "refit-resources-account",
      "refit-resources-binding",
      "refit-resources-role",
      "refit-role",
    ]);
  });

  it("binds rights in the provider's namespace where it names none", async () => {
    new Workflow("refit", { definition: definitions.minimal });
    expect(await program.inputsOf("refit-binding")).toMatchObject({
      subjects: [{ kind: "ServiceAccount", name: "refit", namespace: "default" }],
    });
    program = await startMocks();
    new Workflow("refit", { definition: definitions.minimal, namespace: "ml" });
    expect(await program.inputsOf("refit-binding")).toMatchObject({ subjects: [{ namespace: "ml" }] });
  });

  it("is a new run where it changes, whose name is free before", async () => {
    new Workflow("refit", { definition: definitions.minimal });
    expect(await program.resource("refit-workflow")).toMatchObject({
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
    });
  });

  it("is not waited for, unless asked, and then no longer than it may take", async () => {
    new Workflow("refit", { definition: definitions.minimal });
    new Workflow("awaited", { definition: definitions.minimal, waitForCompletion: true, activeDeadlineSeconds: 3600 });
    const annotationsOf = async (name: string) =>
      ((await program.inputsOf(name))["metadata"] as { annotations: object }).annotations;
    expect(await annotationsOf("refit-workflow")).toEqual({ "pulumi.com/skipAwait": "true" });
    expect(await annotationsOf("awaited-workflow")).toEqual({
      "pulumi.com/waitFor": "jsonpath={.status.phase}=Succeeded",
    });
    expect((await program.resource("awaited-workflow")).createTimeout).toBe("3600s");
  });

  it("tells its name, namespace and service account", async () => {
    const workflow = new Workflow("refit", { definition: definitions.minimal, namespace: "ml", objectName: "refit-2" });
    expect(await valueOf(workflow.objectName)).toBe("refit-2");
    expect(await valueOf(workflow.namespace)).toBe("ml");
    expect(await valueOf(workflow.serviceAccountName)).toBe("refit-2");
  });

  it("creates nothing but the run where a WorkflowTemplate says what it does", async () => {
    const workflow = new Workflow("refit", { workflowTemplate: "refit-template", parameters: day });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Workflow refit",
      "kubernetes:argoproj.io/v1alpha1:Workflow refit-workflow < refit",
    ]);
    expect(await valueOf(workflow.serviceAccountName)).toBe("");
  });

  it("waits no given time without waiting at all", () => {
    const args = { definition: definitions.minimal, waitSeconds: 600 };
    expect(problemsOf(() => new Workflow("refit", args)).reasons).toEqual([
      "waitSeconds is 600; allowed: nothing without waitForCompletion. Set waitForCompletion to true.",
    ]);
  });

  it("uses the provider that it is given, for rights too", async () => {
    const provider = new k8s.Provider("lab", {});
    new Workflow("refit", { definition: definitions.minimal }, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "refit");
    expect(new Set(children.map((child) => child.provider))).toEqual(new Set(["lab"]));
  });

  it("registers nothing where it is wrong, and tells all that is", async () => {
    const definition = structuredClone(definitions.trials);
    definition.templates[0]!.dag!.tasks[0]!.template = "fetsch";
    const { message, reasons } = problemsOf(
      () => new Workflow("refit", { definition, parallelism: 0, parameters: { day: "" } }),
    );
    expect(message).toMatch(/^Workflow "refit": \d+ invalid inputs$/);
    expect(reasons).toContain("parallelism is 0; allowed: a whole number from 1. Set parallelism within that range.");
    expect(reasons).toContain(
      'definition.templates[0].dag.tasks[0].template is "fetsch"; allowed: one of the templates, trials, fetch, train, ' +
        "compare, at-exit, notify. Name one of these.",
    );
    expect(await program.resources()).toEqual([]);
  });
});

describe("WorkflowTemplate", () => {
  it.each([
    [
      "Workflow",
      (template: WorkflowTemplate) => new Workflow("run", { workflowTemplate: template.objectName }),
      "run-workflow",
    ],
    [
      "CronWorkflow",
      (template: WorkflowTemplate) =>
        new CronWorkflow("run", { workflowTemplate: template.objectName, schedules: ["@daily"] }),
      "run-cron",
    ],
  ])("is run by a %s that takes its name from the output", async (_, run, child) => {
    run(new WorkflowTemplate("refit", { definition: definitions.minimal, objectName: "refit-2" }));
    const { spec } = (await program.inputsOf(child)) as { spec: { workflowSpec?: object } };
    expect(spec.workflowSpec ?? spec).toMatchObject({ workflowTemplateRef: { name: "refit-2" } });
  });
});

describe("WorkflowTemplate and CronWorkflow", () => {
  it("are changed where they are, as they are no runs", async () => {
    new WorkflowTemplate("refit", { definition: definitions.minimal });
    new CronWorkflow("nightly", { definition: definitions.minimal, schedules: ["40 2 * * *"] });
    for (const name of ["refit-template", "nightly-cron"]) {
      const { replaceOnChanges, deleteBeforeReplace, inputs } = await program.resource(name);
      expect({ replaceOnChanges, deleteBeforeReplace }).toEqual({ replaceOnChanges: [], deleteBeforeReplace: false });
      expect(inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    }
  });

  it("leave room in a schedule's name for the time of a run", () => {
    const name = "n".repeat(53);
    expect(
      problemsOf(() => new CronWorkflow(name, { workflowTemplate: "refit", schedules: ["@daily"] })).reasons,
    ).toEqual([`objectName is "${name}"; allowed: at most 52 characters with the time of a run. Shorten it.`]);
  });
});
