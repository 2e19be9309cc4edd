import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  artifact,
  containerStep,
  cronWorkflowManifest,
  dag,
  param,
  TaskResult,
  text,
  useTemplate,
  type WorkflowArgs,
  workflowDefinition,
  workflowManifest,
  workflowRun,
  workflowTemplateManifest,
} from "../../../../components/workloads/workflows";
import { parametersHash } from "../../../../components/workloads";
import { definitions, fetch, notify, train, trials } from "./steps";

interface Spec {
  templates: Record<string, unknown>[];
  [field: string]: unknown;
}

const specOf = (args: WorkflowArgs) => workflowManifest("refit", args).spec as Spec;

const templateOf = (args: WorkflowArgs, name: string) => specOf(args).templates.find((each) => each["name"] === name)!;

type Tasks = Record<string, Record<string, unknown>>;

function tasksOf(graph: ReturnType<typeof dag>, name: string): Tasks {
  const { dag: tasks } = templateOf({ definition: workflowDefinition(graph) }, name) as {
    dag: { tasks: { name: string }[] };
  };
  return Object.fromEntries(tasks.tasks.map(({ name: task, ...rest }) => [task, rest]));
}

const program = { image: "a:1", command: ["run"] };

const measure = containerStep("measure", {
  outputs: { error: param.number(), verdict: param.oneOf(["good", "bad"]), depths: param.list(param.number()) },
  run: () => program,
});
const use = containerStep("use", { inputs: { error: param.string({ default: "" }) }, run: () => program });

describe("tasks of a dag", () => {
  it("run after those whose outputs they use, and are left out with them", () => {
    const graph = dag("graph", {
      tasks: (tasks) => {
        const measured = tasks.run(measure);
        tasks.run(use, { error: measured.outputs.error });
        tasks.run(use, {}, { name: "beside" });
      },
    });
    const { use: after, beside } = tasksOf(graph, "graph");
    expect(after!["depends"]).toBe("measure.Succeeded");
    expect(beside!["depends"]).toBeUndefined();
  });

  it.each([
    [TaskResult.succeededOrSkipped, "measure"],
    [TaskResult.succeeded, "measure.Succeeded"],
    [TaskResult.failed, "(measure.Failed || measure.Errored)"],
    [
      TaskResult.ended,
      "(measure.Succeeded || measure.Failed || measure.Errored || measure.Skipped || measure.Omitted)",
    ],
    [TaskResult.anySucceeded, "measure.AnySucceeded"],
    [TaskResult.allFailed, "measure.AllFailed"],
  ])("can run after one that ended %s", (result, depends) => {
    const graph = dag("graph", {
      tasks: (tasks) => {
        const measured = tasks.run(measure);
        tasks.run(use, {}, { after: [measured.ended(result)] });
      },
    });
    expect(tasksOf(graph, "graph")["use"]!["depends"]).toBe(depends);
  });

  it("compare numbers as numbers and texts as texts, by expressions that no value can break out of", () => {
    const graph = dag("graph", {
      inputs: { "least-error": param.number({ default: 1 }) },
      tasks: (tasks, inputs) => {
        const { error, verdict } = tasks.run(measure).outputs;
        tasks.run(use, {}, { name: "number", when: error.isBelow(0.5) });
        tasks.run(use, {}, { name: "input", when: error.isAtMost(inputs["least-error"]) });
        tasks.run(use, {}, { name: "text", when: [verdict.is("good"), verdict.isNot("bad")] });
        tasks.run(use, { error: "it's" }, { name: "quoted", when: workflowRun.name.isNot("it's \\ {}") });
      },
    });
    const tasks = tasksOf(graph, "graph");
    expect(Object.values(tasks).map((task) => task["when"])).toEqual([
      undefined,
      "{{=asFloat(tasks.measure.outputs.parameters.error) < 0.5}}",
      "{{=asFloat(tasks.measure.outputs.parameters.error) <= asFloat(inputs.parameters['least-error'])}}",
      "{{=tasks.measure.outputs.parameters.verdict == 'good' && tasks.measure.outputs.parameters.verdict != 'bad'}}",
      "{{=workflow.name != 'it\\'s \\\\ {}'}}",
    ]);
    expect(tasks["text"]!["depends"]).toBe("measure.Succeeded");
  });

  it("loop over lists and hand on lists", () => {
    const graph = dag("graph", {
      tasks: (tasks) => {
        const { depths } = tasks.run(measure).outputs;
        const each = tasks.each(measure, depths, () => ({}), { name: "again" });
        tasks.run(use, { error: text`${workflowRun.uid}` }, { after: [each] });
        tasks.each(use, [{ error: "a" }, { error: "b" }], ({ error }) => ({ error }), { name: "records" });
      },
    });
    const { again, records } = tasksOf(graph, "graph");
    expect(again).toEqual({
      depends: "measure.Succeeded",
      template: "measure",
      withParam: "{{tasks.measure.outputs.parameters.depths}}",
    });
    expect(records).toEqual({
      template: "use",
      arguments: { parameters: [{ name: "error", value: "{{item.error}}" }] },
      withItems: [{ error: "a" }, { error: "b" }],
    });
  });

  it("run templates that are on the cluster", () => {
    const graph = dag("graph", {
      tasks: (tasks) => {
        tasks.run(useTemplate("messages", notify), { status: "begun" });
      },
    });
    expect(workflowDefinition(graph).templates.map(({ name }) => name)).toEqual(["graph"]);
    expect(tasksOf(graph, "graph")["notify"]).toEqual({
      templateRef: { name: "messages", template: "notify" },
      arguments: { parameters: [{ name: "status", value: "begun" }] },
    });
  });
});

describe("the pod of a step", () => {
  it("has a GPU, its toleration and shared memory only where the step asks for them", () => {
    const args = { definition: definitions.trials, parameters: { day: "" } };
    const [plain, gpu] = ["fetch", "train"].map((name) => templateOf(args, name));
    expect(plain).not.toHaveProperty("tolerations");
    expect(plain).not.toHaveProperty("nodeSelector");
    expect(plain).toMatchObject({ container: { resources: { requests: { cpu: "500m", memory: "1Gi" } } } });
    expect(gpu).toMatchObject({
      tolerations: [{ key: "nvidia.com/gpu", effect: "NoSchedule", operator: "Exists" }],
      container: { resources: { limits: { "nvidia.com/gpu": "1" } } },
    });
  });

  it("waits in a queue, while pods that create objects do not, as what they create does", () => {
    const args = { definition: definitions.release, parameters: { day: "" }, queue: "nightly" };
    const labels = (name: string) => (templateOf(args, name)["metadata"] as { labels: object }).labels;
    expect(labels("fetch")).toMatchObject({ "kueue.x-k8s.io/queue-name": "nightly" });
    expect(labels("score")).not.toHaveProperty("kueue.x-k8s.io/queue-name");
  });

  it("runs as the user that the cluster has for workflows, unless the step names one", () => {
    const plain = containerStep("plain", { run: () => program });
    const named = containerStep("named", { run: () => ({ ...program, runAsUser: 1000 }) });
    expect(templateOf({ definition: workflowDefinition(plain) }, "plain")).not.toHaveProperty("securityContext");
    expect(specOf({ definition: workflowDefinition(plain) })["securityContext"]).toEqual({
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(templateOf({ definition: workflowDefinition(named) }, "named")["securityContext"]).toMatchObject({
      runAsUser: 1000,
      runAsNonRoot: true,
    });
  });

  it("tolerates the taints of a known pool that it is put on", () => {
    const step = containerStep("step", { run: () => ({ ...program, gpus: 1, pool: "train" }) });
    const pools = [
      {
        name: "train",
        gpusPerNode: 1,
        architecture: "x86_64" as const,
        efaInterfaces: 0,
        taints: [{ key: "team", value: "vision", effect: "NoSchedule" as const }],
      },
    ];
    const args = { definition: workflowDefinition(step), pools } as unknown as WorkflowArgs;
    expect(templateOf(args, "step")["tolerations"]).toContainEqual({
      key: "team",
      value: "vision",
      effect: "NoSchedule",
      operator: "Equal",
    });
  });

  it("writes outputs that name no path to a volume", () => {
    const args = { definition: workflowDefinition(train) };
    const { container, volumes } = templateOf(args, "train") as {
      container: { volumeMounts: object[] };
      volumes: object[];
    };
    expect(container.volumeMounts).toContainEqual({ name: "outputs", mountPath: "/outputs" });
    expect(volumes).toContainEqual({ name: "outputs", emptyDir: {} });
  });

  it("is not tried again where it says so, nor after an exit code that would come again", () => {
    const args = { definition: definitions.trials, parameters: { day: "" } };
    expect(templateOf(args, "compare")).not.toHaveProperty("retryStrategy");
    expect(templateOf(args, "train")["retryStrategy"]).toMatchObject({
      limit: "1",
      retryPolicy: "Always",
      expression: "asInt(lastRetry.exitCode) not in [2]",
    });
  });
});

describe("a workflow", () => {
  it("has bounds that nobody asked for", () => {
    expect(specOf({ definition: definitions.minimal })).toMatchObject({
      parallelism: 10,
      activeDeadlineSeconds: 86_400,
      ttlStrategy: { secondsAfterCompletion: 2_147_483_647 },
      podGC: { strategy: "OnWorkflowSuccess" },
    });
  });

  it("deletes runs of a schedule or template after a week", () => {
    const template = workflowTemplateManifest("refit", { definition: definitions.minimal });
    const cron = cronWorkflowManifest("refit", { definition: definitions.minimal, schedules: ["@daily"] });
    const ttlStrategy = { secondsAfterCompletion: 604_800 };
    expect(template.spec).toMatchObject({ ttlStrategy });
    expect(cron.spec).toMatchObject({
      timezone: "UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      workflowSpec: { ttlStrategy },
    });
  });

  it("labels each run with the hash of its parameters, as the controller computes it", () => {
    const { workflowMetadata } = specOf({ definition: definitions.trials, parameters: { day: "2026-01-01" } });
    expect(workflowMetadata).toEqual({
      labelsFrom: {
        "mlstack.dev/parameters-hash": {
          expression:
            String.raw`sprig.trunc(16, sprig.sha256sum(sprig.replace('\\' + 'u0026', '&', sprig.replace('\\' + 'u003e', '>', ` +
            String.raw`sprig.replace('\\' + 'u003c', '<', toJson([['day', workflow.parameters.day], ` +
            "['least-rows', workflow.parameters['least-rows']]]))))))",
        },
      },
    });
    // What the controller of Argo 4.0.5 made of this expression for these two parameters.
    expect(parametersHash({ day: `it's "q": {x}\n- y <a&b>`, "least-rows": "100" })).toBe("ba70e8ea0043c8ca");
  });

  it("leaves the hash to its author where parameters are recorded by hand", () => {
    const lineage = { parameters: { depth: "8" } };
    const args = { definition: definitions.trials, parameters: { day: "" }, lineage };
    expect(specOf(args)).not.toHaveProperty("workflowMetadata");
    expect(workflowManifest("refit", args).metadata.labels).toMatchObject({
      "mlstack.dev/parameters-hash": parametersHash(lineage.parameters),
    });
  });

  it("of a template says only what it sets itself, and when it is deleted", () => {
    expect(specOf({ workflowTemplate: "refit", parameters: { day: "2026-01-01" }, priority: 5 })).toEqual({
      workflowTemplateRef: { name: "refit" },
      arguments: { parameters: [{ name: "day", value: "2026-01-01" }] },
      priority: 5,
      ttlStrategy: { secondsAfterCompletion: 2_147_483_647 },
    });
  });

  it("keeps files in a store by namespace, run and pod, and reads those that it is given from it", () => {
    const step = containerStep("step", {
      inputs: { table: artifact("csv") },
      outputs: { model: artifact("model") },
      run: ({ inputs }) => ({ ...program, args: [inputs.table.path] }),
    });
    const artifactStore = { bucket: "artifacts", region: "eu-central-1" };
    const args = { definition: workflowDefinition(step), artifacts: { table: "demand/table.csv" }, artifactStore };
    const store = { endpoint: "s3.amazonaws.com", bucket: "artifacts", region: "eu-central-1", useSDKCreds: true };
    expect(specOf(args)["arguments"]).toEqual({
      artifacts: [{ name: "table", s3: { ...store, key: "demand/table.csv" } }],
    });
    expect(templateOf(args, "step")["outputs"]).toEqual({
      artifacts: [
        {
          name: "model",
          path: "/outputs/model",
          archive: { none: {} },
          s3: { ...store, key: "{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}/model" },
        },
      ],
    });
  });

  it("keeps and reads files with a key of their own there, in the given store or that of the cluster", () => {
    const key = "demand/{{workflow.name}}/raw";
    const step = containerStep("step", {
      inputs: { raw: artifact("tables", { key }), trial: param.string({ default: "deep" }) },
      outputs: { model: artifact("model", { key: "demand/trials/{{inputs.parameters.trial}}", archived: true }) },
      run: ({ inputs }) => ({ ...program, args: [inputs.raw.path] }),
    });
    const filesOf = (args: Pick<WorkflowArgs, "artifactStore">) => {
      const { inputs, outputs } = templateOf({ definition: workflowDefinition(step), ...args }, "step") as Record<
        "inputs" | "outputs",
        { artifacts: object[] }
      >;
      return [inputs.artifacts, outputs.artifacts];
    };
    const trial = "demand/trials/{{inputs.parameters.trial}}";
    expect(filesOf({})).toEqual([
      [{ name: "raw", path: "/inputs/raw", s3: { key } }],
      [{ name: "model", path: "/outputs/model", s3: { key: trial } }],
    ]);
    const store = { endpoint: "s3.amazonaws.com", bucket: "artifacts", region: "eu-central-1", useSDKCreds: true };
    expect(filesOf({ artifactStore: { bucket: "artifacts", region: "eu-central-1" } })).toEqual([
      [{ name: "raw", path: "/inputs/raw", s3: { ...store, key } }],
      [{ name: "model", path: "/outputs/model", s3: { ...store, key: trial } }],
    ]);
  });

  it("makes a volume for each run, and deletes it at the end", () => {
    const step = containerStep("step", {
      run: () => ({
        ...program,
        volumes: [{ name: "work", mountPath: "/work", persistentVolumeClaim: "{{workflow.name}}-work" }],
      }),
    });
    const args = { definition: workflowDefinition(step), volumeClaims: [{ name: "work", size: "10Gi" }] };
    expect(specOf(args)).toMatchObject({
      volumeClaimTemplates: [
        {
          metadata: { name: "work" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
        },
      ],
      volumeClaimGC: { strategy: "OnWorkflowCompletion" },
    });
  });
});

describe("a step's texts", () => {
  it("hold outputs of Pulumi, which are left to the engine", () => {
    const image = pulumi.output("ghcr.io/acme/train:1.4.0");
    const step = containerStep("step", { run: () => ({ image, command: ["run"] }) });
    expect(templateOf({ definition: workflowDefinition(step) }, "step")).toMatchObject({ container: { image } });
  });
});

describe("definitions of the builder", () => {
  it("have each step once, however often it is used, and no step of another WorkflowTemplate", () => {
    const { templates } = workflowDefinition(trials);
    expect(templates.map(({ name }) => name)).toEqual(["trials", "fetch", "train", "compare"]);
  });

  it("are plain data, the same for every language", () => {
    const definition = workflowDefinition(trials);
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(definition.templates[1]!.inputs).toEqual({
      parameters: [
        { name: "day", type: "string" },
        { name: "limit", type: "number", defaultValue: "1000", description: "most rows" },
      ],
    });
    expect(workflowDefinition(fetch).entrypoint).toBe("fetch");
  });
});
