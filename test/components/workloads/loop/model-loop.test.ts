import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ModelLoop, type ModelLoopArgs, modelLoopManifests } from "../../../../components/workloads/loop";
import { workflowTemplateManifest } from "../../../../components/workloads/workflows";
import { startMocks, valueOf } from "../../../support/mocks";
import { minimalLoop } from "./arguments";

interface Task {
  name: string;
  depends?: string;
  when?: string;
}

interface Template {
  name: string;
  dag?: { tasks: Task[] };
  container?: { env?: { name: string; value: string }[]; volumeMounts?: { name: string; mountPath: string }[] };
  resource?: { action: string; manifest: string; successCondition?: string };
}

interface TemplateSpec {
  templates: Template[];
  onExit: string;
  synchronization: object;
}

/** The part of an InferenceService that a run changes. */
interface Serving {
  metadata: { name: string; ownerReferences: object[] };
  spec: { predictor: { model: { storageUri: string } }; canary?: { predictor: { model: { storageUri: string } } }[] };
}

function specOf(args: ModelLoopArgs): TemplateSpec {
  return workflowTemplateManifest("churn", modelLoopManifests("churn", args, "u-1").template).spec as TemplateSpec;
}

function templateOf(args: ModelLoopArgs, name: string): Template | undefined {
  return specOf(args).templates.find((template) => template.name === name);
}

function tasksOf(args: ModelLoopArgs, name: string): Record<string, string> {
  const tasks = templateOf(args, name)?.dag?.tasks ?? [];
  return Object.fromEntries(tasks.map(({ name: task, depends = "", when = "" }) => [task, `${depends} | ${when}`]));
}

const env = (args: ModelLoopArgs, step: string) =>
  Object.fromEntries((templateOf(args, step)?.container?.env ?? []).map(({ name, value }) => [name, value]));

const servingOf = (args: ModelLoopArgs, step: string) => parse(templateOf(args, step)!.resource!.manifest) as Serving;

const shared: ModelLoopArgs = {
  ...minimalLoop,
  canary: { trafficPercent: 10, check: { image: "ghcr.io/acme/churn:1.4.0", command: ["check"] } },
};

describe("a run", () => {
  it("registers and rolls out only what passes the gate", () => {
    const args = { ...minimalLoop, gate: { metric: "auc", atLeast: 0.8, atMost: 1 }, register: {} };
    const gate =
      "{{=asFloat(tasks.evaluate.outputs.parameters.auc) >= 0.8 && asFloat(tasks.evaluate.outputs.parameters.auc) <= 1}}";
    expect(tasksOf(args, "loop")).toEqual({
      current: " | ",
      train: " | ",
      evaluate: "train && current.Succeeded | ",
      register: `evaluate.Succeeded | ${gate}`,
      "roll-out": `register && current.Succeeded && evaluate.Succeeded | ${gate}`,
    });
  });

  it("tries a model out where another is served, and serves it where that went well", () => {
    expect(tasksOf(minimalLoop, "roll-out")).toEqual({
      "try-out": " | {{=inputs.parameters.served != ''}}",
      serve: "try-out | ",
      watch: "serve | ",
      record: "watch | ",
    });
    expect(tasksOf(minimalLoop, "try-out")).toEqual({
      "serve-candidate": " | ",
      wait: "serve-candidate | ",
      observe: "wait | ",
    });
  });

  it("gives the candidate requests once it answers, and none any more before it goes", () => {
    expect(tasksOf(shared, "try-out")).toEqual({
      "serve-candidate": " | ",
      wait: "serve-candidate | ",
      "share-mesh": "wait | ",
      observe: "share-mesh | ",
      check: "observe | ",
      "calm-mesh": "check | ",
    });
  });

  it("keeps the served model's address while a candidate is tried out", () => {
    const { spec } = servingOf(minimalLoop, "serve-candidate");
    expect(spec.predictor.model.storageUri).toBe("{{=toJson(inputs.parameters.served)[1:-1]}}");
    expect(spec.canary![0]!.predictor.model.storageUri).toBe("{{=toJson(inputs.parameters['model-uri'])[1:-1]}}");
    expect(servingOf(minimalLoop, "serve").spec.canary).toBeUndefined();
  });

  it("serves at once where nothing is to be tried out", () => {
    expect(Object.keys(tasksOf({ ...minimalLoop, directly: true }, "roll-out"))).toEqual(["serve", "watch", "record"]);
  });

  it("goes back to the model before where it failed, if there was one", () => {
    expect(specOf(shared).onExit).toBe("roll-back");
    expect(tasksOf(shared, "roll-back")).toEqual({
      current: " | {{=workflow.status != 'Succeeded'}}",
      "calm-mesh": "current.Succeeded | {{=tasks.current.outputs.parameters.served != ''}}",
      serve: "calm-mesh && current.Succeeded | {{=tasks.current.outputs.parameters.served != ''}}",
    });
  });

  it("never overlaps with another of the same loop", () => {
    expect(specOf(minimalLoop).synchronization).toEqual({ mutexes: [{ name: "churn" }] });
  });

  it("does not go by the status of what was served before", () => {
    const applied = specOf(shared).templates.filter(({ resource }) => resource !== undefined);
    expect(applied.map(({ name, resource }) => [name, resource!.action, resource!.successCondition])).toEqual(
      ["serve-candidate", "share-mesh", "calm-mesh", "serve", "record"].map((name) => [name, "apply", undefined]),
    );
  });

  it("writes nothing of the memory but what it remembers", () => {
    expect(parse(templateOf({ ...minimalLoop, namespace: "ml" }, "record")!.resource!.manifest)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "churn-served", namespace: "ml" },
      data: { uri: "{{=toJson(inputs.parameters['model-uri'])[1:-1]}}" },
    });
  });

  it("registers the metrics as numbers, with the run as version", () => {
    const { MODEL_VERSION } = env({ ...minimalLoop, register: { description: '1 $ "each"' } }, "register");
    const known = { "{{inputs.parameters.auc}}": "0.93", "{{inputs.parameters.model-uri}}": "s3://models/churn/r-1" };
    const filled = Object.entries(known).reduce((text, [name, value]) => text.replaceAll(name, value), MODEL_VERSION!);
    expect(JSON.parse(filled)).toEqual({
      registry: "http://model-registry-service.kubeflow.svc:8080",
      model: "churn",
      version: "{{workflow.name}}-{{workflow.creationTimestamp.s}}",
      uri: "s3://models/churn/r-1",
      description: '1 $$ "each"',
      format: "sklearn",
      properties: {},
      metrics: { auc: 0.93 },
    });
  });
});

describe("programs", () => {
  it("find the model by variables, and the training its parameters", () => {
    const args = { ...minimalLoop, parameters: { rate: "0.1" } };
    const uri = { MODEL_URI: "{{inputs.parameters.model-uri}}" };
    expect(env(args, "train")).toEqual({ rate: "{{inputs.parameters.rate}}", ...uri });
    expect(env(args, "evaluate")).toEqual({ ...uri, SERVED_MODEL_URI: "{{inputs.parameters.served}}" });
    expect(env(shared, "check")).toEqual({
      ...uri,
      CANDIDATE_URL: "http://churn-candidate-predictor",
      STABLE_URL: "http://churn-predictor",
    });
  });

  it("find it as a folder too where it is on a claim, under an address that tells its lineage", () => {
    const args = { ...minimalLoop, modelStore: "pvc://models/eu", lineage: { commit: "0123abc" } };
    const folder = "eu/0123abc/{{workflow.name}}-{{workflow.creationTimestamp.s}}";
    expect(env(args, "train")["MODEL_DIR"]).toBe(`/model-store/${folder}`);
    expect(templateOf(args, "evaluate")!.container!.volumeMounts).toContainEqual(
      expect.objectContaining({ name: "model-store", mountPath: "/model-store" }),
    );
    expect(JSON.stringify(templateOf(args, "loop"))).toContain(`pvc://models/${folder}`);
  });
});

describe("a ModelLoop", () => {
  const runOf = (args: ModelLoopArgs) => modelLoopManifests("churn", args, "u-1").run?.spec as object;

  it("runs anew where what is trained is another, and not where it is served otherwise", () => {
    const { serve, train } = minimalLoop;
    expect(runOf({ ...minimalLoop, serve: { ...serve, memory: "4Gi" } })).toEqual(runOf(minimalLoop));
    expect(runOf({ ...minimalLoop, train: { ...train, args: ["--fast"] } })).not.toEqual(runOf(minimalLoop));
    expect(runOf({ ...minimalLoop, lineage: { commit: "0123abc" } })).not.toEqual(runOf(minimalLoop));
  });

  it("has what serves belong to its memory", () => {
    const memory = { apiVersion: "v1", kind: "ConfigMap", name: "churn-served", uid: "u-1" };
    expect(servingOf(minimalLoop, "serve").metadata.ownerReferences).toEqual([memory]);
  });

  it("starts its first run once all that it needs is there, and is waited for where that is asked for", async () => {
    const program = await startMocks();
    const loop = new ModelLoop("churn", { ...minimalLoop, namespace: "ml", waitForCompletion: true, waitSeconds: 900 });
    const run = await program.resource("churn-initial");
    expect(run.dependsOn).toEqual(expect.arrayContaining(["churn-loop-resources-binding", "churn-loop-template"]));
    expect(run.createTimeout).toBe("900s");
    expect(run.replaceOnChanges).toEqual(["spec"]);
    expect(run.inputs["metadata"]).toMatchObject({
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Succeeded" },
    });
    expect(await valueOf(loop.url)).toBe("http://churn-predictor.ml.svc");
    expect(await valueOf(loop.workflowTemplate)).toBe("churn");
  });

  it("leads to the transformer where there is one", async () => {
    await startMocks();
    const serve = { ...minimalLoop.serve, transformer: { image: "ghcr.io/acme/churn:1.4.0" } };
    const loop = new ModelLoop("churn", { ...minimalLoop, namespace: "ml", serve });
    expect(await valueOf(loop.url)).toBe("http://churn-transformer.ml.svc");
  });

  it("has drift start it, and nothing else", () => {
    const drift = {
      schedule: "@hourly",
      reference: { persistentVolumeClaim: "training", files: "*.csv" },
      recent: { persistentVolumeClaim: "requests", files: "*.jsonl" },
    };
    const { drift: monitor } = modelLoopManifests("churn", { ...minimalLoop, drift }, "u-1");
    expect(monitor).toMatchObject({ objectName: "churn-drift", retrain: { workflowTemplate: "churn" } });
  });
});
