import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  Pipeline,
  pipelineManifests,
  PipelineRun,
  pipelineRunManifest,
  validatePipeline,
  validatePipelineRun,
} from "../../../../components/workloads/pipelines";
import { containerStep, workflowDefinition } from "../../../../components/workloads/workflows";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { definitions } from "../workflows/steps";
import { NATIVE_FLAWS } from "./native-flaws";
import { nativeDefinitions } from "./native-steps";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const day = { day: "2026-01-01" };

interface Template {
  name: string;
  outputs?: { artifacts?: { name: string; s3: { key: string; bucket?: string } }[] };
}

/** Keys of all artifacts of a manifest, by template and name. */
function keysOf({ spec }: { spec?: unknown }): string[] {
  return (spec as { templates: Template[] }).templates.flatMap(({ outputs }) =>
    (outputs?.artifacts ?? []).flatMap(({ s3 }) => ((s3 as object | undefined) === undefined ? [] : [s3.key])),
  );
}

describe("files of a pipeline", () => {
  it("lie by namespace and pipeline, then by the code and the parameters of each run", () => {
    const [template] = pipelineManifests("demand", { definition: definitions.trials, lineage: { commit: "0123abc" } });
    const { workflowMetadata } = template!.spec as { workflowMetadata: { labelsFrom: Record<string, object> } };
    const { expression } = workflowMetadata.labelsFrom["mlstack.dev/parameters-hash"] as { expression: string };
    expect(expression).toContain("workflow.parameters['least-rows']");
    expect(keysOf(template!)).toEqual(
      ["table", "model", "report"].map(
        (name) => `{{workflow.namespace}}/demand/0123abc/{{=${expression}}}/{{workflow.name}}/{{pod.name}}/${name}`,
      ),
    );
  });

  it("lie by the parameters that are recorded by hand, where there are such", () => {
    const run = pipelineRunManifest("demand", {
      definition: definitions.trials,
      parameters: day,
      lineage: { commit: "0123abc", parameters: day },
    });
    expect(keysOf(run)[0]).toBe(
      "{{workflow.namespace}}/demand/0123abc/46fd290367e24fd6/{{workflow.name}}/{{pod.name}}/table",
    );
  });

  it("lie by run alone where nothing is known of it", () => {
    const [template] = pipelineManifests("demand", { definition: definitions.minimal });
    expect(keysOf(template!)).toEqual([]);
    const run = pipelineRunManifest("demand", { pipeline: "demand", parameters: day });
    expect(run.spec).toEqual({
      workflowTemplateRef: { name: "demand" },
      arguments: { parameters: [{ name: "day", value: "2026-01-01" }] },
      ttlStrategy: { secondsAfterCompletion: 2_147_483_647 },
    });
  });
});

describe("Pipeline", () => {
  it("is a WorkflowTemplate with its rights", async () => {
    const pipeline = new Pipeline("demand", { definition: definitions.trials });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Pipeline demand",
      "kubernetes:core/v1:ServiceAccount demand-account < demand",
      "kubernetes:rbac.authorization.k8s.io/v1:Role demand-role < demand",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding demand-binding < demand",
      "kubernetes:argoproj.io/v1alpha1:WorkflowTemplate demand-pipeline < demand",
    ]);
    expect(await valueOf(pipeline.serviceAccountName)).toBe("demand");
    expect(await valueOf(pipeline.versionName)).toBe("");
  });

  it("is a Pipeline and a version of Kubeflow Pipelines where it is native", async () => {
    const pipeline = new Pipeline("demand", { definition: nativeDefinitions.trials, native: { versionName: "1.4.0" } });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Pipeline demand",
      "kubernetes:pipelines.kubeflow.org/v2beta1:Pipeline demand-pipeline < demand",
      "kubernetes:pipelines.kubeflow.org/v2beta1:PipelineVersion demand-version < demand",
    ]);
    expect(await program.resource("demand-version")).toMatchObject({
      retainOnDelete: true,
      dependsOn: ["demand-pipeline"],
      inputs: { metadata: { name: "demand-1.4.0" }, spec: { pipelineName: "demand", versionName: "1.4.0" } },
    });
    expect(await valueOf(pipeline.versionName)).toBe("1.4.0");
    expect(await valueOf(pipeline.serviceAccountName)).toBe("");
  });

  it("names a version by its hash, also where an image is known later", async () => {
    const image = new k8s.core.v1.ConfigMap("images", {}).metadata.name;
    const step = containerStep("step", { run: () => ({ image, command: ["run"] }) });
    const pipeline = new Pipeline("demand", { definition: workflowDefinition(step), native: {} });
    const versionName = await valueOf(pipeline.versionName);
    expect(versionName).toMatch(/^[0-9a-f]{10}$/);
    expect((await program.inputsOf("demand-version"))["metadata"]).toMatchObject({ name: `demand-${versionName}` });
  });

  it.each(NATIVE_FLAWS)("tells what Kubeflow Pipelines do not know: %s", (path, changes) => {
    const args = { definition: nativeDefinitions.trials, native: {}, ...changes };
    expect(validatePipeline("demand", args).map(({ propertyPath }) => propertyPath)).toContain(path);
  });

  it("tells what is wrong before it tells what Kubeflow Pipelines do not know", () => {
    const definition = structuredClone(nativeDefinitions.trials);
    definition.templates[2]!.mutexes = ["a"];
    definition.templates[2]!.container!.image = "";
    const pathsOf = () =>
      validatePipeline("demand", { definition, native: {} }).map(({ propertyPath }) => propertyPath);
    expect(pathsOf()).toEqual(["definition.templates[2].container.image"]);
    definition.templates[2]!.container!.image = "a:1";
    expect(pathsOf()).toEqual(["definition.templates[2].mutexes"]);
  });
});

describe("PipelineRun", () => {
  it("is one run of a pipeline", async () => {
    new PipelineRun("today", { pipeline: "demand", parameters: day });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:PipelineRun today",
      "kubernetes:argoproj.io/v1alpha1:Workflow today-run < today",
    ]);
    expect(await program.resource("today-run")).toMatchObject({
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
    });
  });

  it("is one run of a pipeline that is given by its output", async () => {
    const pipeline = new Pipeline("demand", { definition: definitions.minimal, objectName: "demand-2" });
    new PipelineRun("today", { pipeline: pipeline.objectName });
    expect(await program.inputsOf("today-run")).toMatchObject({ spec: { workflowTemplateRef: { name: "demand-2" } } });
  });

  it("waits no given time without waiting at all", () => {
    expect(validatePipelineRun("today", { pipeline: "demand", waitSeconds: 600 }).map(({ reason }) => reason)).toEqual([
      "waitSeconds is 600; allowed: nothing without waitForCompletion. Set waitForCompletion to true.",
    ]);
  });

  it("takes from a pipeline what shapes its steps", () => {
    const args = { pipeline: "demand", artifactStore: { bucket: "a", region: "b" }, queue: "default" };
    expect(validatePipelineRun("today", args).map(({ reason }) => reason)).toEqual([
      "queue is given; allowed: nothing with pipeline. Give it to the pipeline instead.",
      "artifactStore is given; allowed: nothing with pipeline. Give it to the pipeline instead.",
    ]);
  });

  it("says in one way what it does", () => {
    expect(validatePipelineRun("today", {}).map(({ reason }) => reason)).toEqual([
      "definition is missing; allowed: one of definition and pipeline. Say in one way what it does.",
    ]);
  });
});
