import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pipelineManifests } from "../../../../components/workloads/pipelines";
import type { WorkflowDefinition } from "../../../../components/workloads/workflows";
import { nativeDefinition, nativeDefinitionArgs, nativeDefinitions } from "./native-steps";

interface Inputs {
  parameters?: Record<string, Record<string, unknown>>;
  artifacts?: Record<string, Record<string, unknown>>;
}

interface Task {
  componentRef: { name: string };
  inputs?: Inputs;
  dependentTasks?: string[];
  parameterIterator?: { itemInput: string; items: { inputParameter?: string; raw?: string } };
  triggerPolicy?: { condition?: string; strategy?: string };
  [field: string]: unknown;
}

interface Component {
  executorLabel?: string;
  dag?: { tasks: Record<string, Task>; outputs?: Inputs };
  inputDefinitions?: Inputs;
  outputDefinitions?: Inputs;
}

interface Spec {
  pipelineInfo: object;
  components: Record<string, Component>;
  deploymentSpec: { executors: Record<string, { container: Record<string, unknown> }> };
  root: Component;
  schemaVersion: string;
}

interface Version {
  pipelineSpec: Spec;
  platformSpec: { platforms: { kubernetes: { deploymentSpec: { executors: Record<string, object> } } } };
}

function versionOf(definition: WorkflowDefinition): Version {
  return pipelineManifests("demand", { definition, native: {} })[1]!.spec as Version;
}

/** Everything in a spec that leads nowhere. */
function looseEnds({ components, deploymentSpec, root }: Spec): string[] {
  const all = Object.entries({ ...components, root });
  const executors = all.flatMap(([name, { executorLabel: label }]) =>
    label === undefined || label in deploymentSpec.executors ? [] : [`${name} has no executor ${label}`],
  );
  return [...executors, ...all.flatMap(([name, component]) => looseTasks(name, component, components))];
}

function looseTasks(name: string, component: Component, components: Record<string, Component>): string[] {
  const tasks = component.dag?.tasks ?? {};
  return Object.entries(tasks).flatMap(([taskName, task]) => {
    const at = `${name}.${taskName}`;
    const callee = components[task.componentRef.name];
    if (callee === undefined) return [`${at} has no component`];
    const before = (task.dependentTasks ?? [])
      .filter((other) => !(other in tasks))
      .map((other) => `${at} after ${other}`);
    const kinds = ["parameters", "artifacts"] as const;
    const wrong = kinds.flatMap((kind) => {
      const given = Object.entries(task.inputs?.[kind] ?? {});
      const wanted = callee.inputDefinitions?.[kind] ?? {};
      const missing = Object.entries(wanted)
        .filter(([input, { isOptional }]) => isOptional !== true && !given.some(([key]) => key === input))
        .filter(([input]) => task.parameterIterator?.itemInput !== input)
        .map(([input]) => `${at} lacks ${input}`);
      const unknown = given
        .filter(([input]) => !(input in wanted) && !input.startsWith("pipelinechannel--"))
        .map(([input]) => `${at} has no input ${input}`);
      return [
        ...missing,
        ...unknown,
        ...given.flatMap(([, source]) => looseSource(at, kind, source, component, components)),
      ];
    });
    return [...before, ...wrong];
  });
}

function looseSource(
  at: string,
  kind: "parameters" | "artifacts",
  source: Record<string, unknown>,
  { dag, inputDefinitions }: Component,
  components: Record<string, Component>,
): string[] {
  const own = (source["componentInputParameter"] ?? source["componentInputArtifact"]) as string | undefined;
  if (own !== undefined) return own in (inputDefinitions?.[kind] ?? {}) ? [] : [`${at} from ${own}`];
  const from = (source["taskOutputParameter"] ?? source["taskOutputArtifact"]) as Record<string, string> | undefined;
  if (from === undefined) return source["runtimeValue"] === undefined ? [`${at} from nowhere`] : [];
  const producer = dag?.tasks[from["producerTask"]!];
  const outputs = components[producer?.componentRef.name ?? ""]?.outputDefinitions?.[kind] ?? {};
  const key = from["outputParameterKey"] ?? from["outputArtifactKey"]!;
  return key in outputs ? [] : [`${at} from ${from["producerTask"]}.${key}`];
}

describe("a pipeline as Kubeflow Pipelines read it", () => {
  const { pipelineSpec: spec, platformSpec } = versionOf(nativeDefinitions.trials);

  it("leaves no end loose, whatever the definition", () => {
    fc.assert(
      fc.property(nativeDefinitionArgs, (definition) => {
        expect(looseEnds(versionOf(definition).pipelineSpec)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("finds loose ends where there are some", () => {
    const broken = structuredClone(spec);
    broken.components["comp-whole"]!.dag!.tasks["best"]!.componentRef.name = "comp-none";
    delete broken.components["comp-train"]!.inputDefinitions!.parameters!["depth"];
    delete broken.components["comp-fetch"]!.outputDefinitions!.artifacts;
    expect(looseEnds(broken).length).toBeGreaterThan(4);
  });

  it("has the version of the form that they read", () => {
    expect(spec.schemaVersion).toBe("2.1.0");
    expect(spec.pipelineInfo).toEqual({ name: "demand" });
  });

  it("has types of parameters and artifacts that they know", () => {
    expect(spec.components["comp-fetch"]).toEqual({
      executorLabel: "exec-fetch",
      inputDefinitions: {
        parameters: {
          day: { parameterType: "STRING" },
          limit: { parameterType: "NUMBER_DOUBLE", defaultValue: 1000, isOptional: true },
        },
      },
      outputDefinitions: {
        parameters: { rows: { parameterType: "NUMBER_DOUBLE" }, plans: { parameterType: "LIST" } },
        artifacts: { table: { artifactType: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } } },
      },
    });
  });

  it("has their variables in the texts of programs", () => {
    expect(spec.deploymentSpec.executors["exec-train"]!.container).toMatchObject({
      args: [
        "{{$.inputs.artifacts['table'].path}}",
        "{{$.inputs.parameters['depth']}}",
        "--loss={{$.inputs.parameters['loss']}}",
        "{{$.outputs.artifacts['model'].path}}",
        "{{$.outputs.parameters['error'].output_file}}",
      ],
      resources: { accelerator: { resourceType: "nvidia.com/gpu", resourceCount: "1" } },
    });
    expect(platformSpec.platforms.kubernetes.deploymentSpec.executors["exec-train"]).toMatchObject({
      tolerations: [{ key: "nvidia.com/gpu", effect: "NoSchedule", operator: "Exists" }],
      enabledSharedMemory: { volumeName: "shared-memory", size: "3072Mi" },
      activeDeadlineSeconds: 3600,
    });
  });

  it("joins texts from several values through channels", () => {
    expect(spec.components["comp-whole"]!.dag!.tasks["report"]!.inputs).toEqual({
      parameters: {
        errors: { taskOutputParameter: { producerTask: "tried", outputParameterKey: "error" } },
        title: {
          runtimeValue: {
            constant:
              "{{$.inputs.parameters['pipelinechannel--fetch-rows']}} rows of " +
              "{{$.inputs.parameters['pipelinechannel--day']}}, thorough {{$.inputs.parameters['pipelinechannel--thorough']}}",
          },
        },
        run: { runtimeValue: { constant: "{{$.pipeline_job_resource_name}}" } },
        "pipelinechannel--fetch-rows": {
          taskOutputParameter: { producerTask: "fetch", outputParameterKey: "rows" },
        },
        "pipelinechannel--day": { componentInputParameter: "day" },
        "pipelinechannel--thorough": { componentInputParameter: "thorough" },
      },
    });
  });

  it("wraps a loop in a graph, and hands on its lists", () => {
    const loop = spec.components["comp-whole-tried-each"]!;
    expect(spec.components["comp-whole"]!.dag!.tasks["tried"]!.parameterIterator).toEqual({
      itemInput: "pipelinechannel--item",
      items: { inputParameter: "pipelinechannel--fetch-plans" },
    });
    expect(loop.dag!.tasks["tried"]!.inputs!.parameters).toEqual({
      depth: {
        componentInputParameter: "pipelinechannel--item",
        parameterExpressionSelector: 'parseJson(string_value)["depth"]',
      },
      loss: {
        componentInputParameter: "pipelinechannel--item",
        parameterExpressionSelector: 'parseJson(string_value)["loss"]',
      },
    });
    expect(loop.dag!.outputs).toEqual({
      parameters: { error: { valueFromParameter: { producerSubtask: "tried", outputParameterKey: "error" } } },
    });
    expect(loop.outputDefinitions).toEqual({ parameters: { error: { parameterType: "LIST" } } });
  });

  it("wraps a condition around a loop", () => {
    expect(spec.components["comp-whole"]!.dag!.tasks["fixed"]!.triggerPolicy).toEqual({
      condition:
        "double(inputs.parameter_values['pipelinechannel--fetch-rows']) >= 100.0 && " +
        "inputs.parameter_values['pipelinechannel--thorough'] == true",
    });
    expect(spec.components["comp-whole-fixed-if"]!.dag!.tasks["fixed"]!.parameterIterator).toEqual({
      itemInput: "pipelinechannel--item",
      items: { raw: "[2,4]" },
    });
  });

  it("runs the step at the end however the rest ended", () => {
    expect(spec.root.dag!.tasks["exit"]).toMatchObject({
      componentRef: { name: "comp-bye" },
      dependentTasks: ["pipeline"],
      triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" },
    });
  });

  it("runs groups of steps one after another", () => {
    const { tasks } = spec.components["comp-check"]!.dag!;
    expect(tasks["report"]!.dependentTasks).toEqual(["train"]);
    expect(tasks["train"]).not.toHaveProperty("dependentTasks");
  });

  it("leaves out steps that were run before only where asked", () => {
    const cached = pipelineManifests("demand", { definition: nativeDefinitions.trials, native: { caches: true } })[1]!;
    const task = (of: Spec) => of.components["comp-check"]!.dag!.tasks["train"]!["cachingOptions"];
    expect(task(spec)).toEqual({});
    expect(task((cached.spec as Version).pipelineSpec)).toEqual({ enableCache: true });
  });

  it("tells the name of a version by what it does", () => {
    const nameOf = (definition: WorkflowDefinition) =>
      pipelineManifests("demand", { definition, native: {} })[1]!.metadata.name as string;
    expect(nameOf(nativeDefinition())).toMatch(/^demand-[0-9a-f]{10}$/);
    expect(nameOf(nativeDefinition())).toBe(nameOf(nativeDefinition()));
    expect(nameOf(nativeDefinition({ hasExit: false }))).not.toBe(nameOf(nativeDefinition()));
  });
});
