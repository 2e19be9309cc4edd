import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IMAGES } from "../../../components/model/images";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { PYTHON_IMAGES } from "../../../rehearsal/real-node/python-images";
import { eventually } from "../../support/cluster";
import { PulumiProgram } from "../../support/pulumi-program";
import { StoryPods } from "../../support/story-pods";
import { COMPARE, EVALUATE, ROWS, TRAIN } from "./model-loop-programs";
import { realStack } from "./stack";

const namespace = "model-loop";
const USER = 1000;
const components = join(checkoutRoot(), "bin", "components");
const workflows = { group: "argoproj.io", version: "v1alpha1", namespace, plural: "workflows" };

/** Secret with the key of the platform's store, in which steps of workflows leave their logs. */
const STORE_KEY = "artifact-store";

/** What serves has the packages that train for it. */
const image = PYTHON_IMAGES.find(({ folder }) => folder.endsWith("sklearn-server"))!.image;

const loop = `
const { ModelLoop } = require(${JSON.stringify(components)});
const program = {
  image: ${JSON.stringify(image)}, cpu: "100m", memory: "512Mi", runAsUser: ${USER},
  volumes: [{ name: "data", mountPath: "/data", persistentVolumeClaim: "data" }],
};
new ModelLoop("rides", {
  namespace: ${JSON.stringify(namespace)},
  modelStore: "pvc://models/rides",
  parameters: { SPOIL: "no" },
  train: { ...program, command: ["python", "-c", ${JSON.stringify(TRAIN)}] },
  evaluate: { ...program, command: ["python", "-c", ${JSON.stringify(EVALUATE)}], metrics: ["error"] },
  gate: { metric: "error", atMost: 3 },
  serve: { model: { format: "sklearn" }, replicas: 1, cpu: "100m", memory: "512Mi" },
  canary: { observeSeconds: 2 },
  drift: {
    schedule: "@yearly",
    reference: { persistentVolumeClaim: "data", files: "reference/*.csv" },
    recent: { persistentVolumeClaim: "data", files: "recent/*.csv" },
    features: ["temperature"],
  },
  waitForCompletion: true,
}, { providers: [provider] });`;

interface WorkflowRun {
  metadata: { name: string };
  status?: { phase?: string };
}

describe("a loop that trains, judges, serves and watches a model", () => {
  const stack = realStack();
  const pods = new StoryPods(stack.config, namespace);
  let program: PulumiProgram;

  const visit = (name: string, source: string, args: string[], claims: Record<string, string>, of = image) =>
    pods.visit({ name, image: of, command: ["python3", "-c", source, ...args], user: USER, claims });

  /** Has the city's temperatures begin at some degrees from now on. */
  const temperatures = (least: number) =>
    visit("rows", ROWS, ["/data/recent/rides.csv", String(least)], { "/data": "data" }, IMAGES.python);

  const served = async (): Promise<string> =>
    (await stack.core.readNamespacedConfigMap({ name: "rides-served", namespace })).data?.["uri"] ?? "";

  /** Asks what serves, and a model on the volume the same. */
  const compared = async (uri: string) => {
    const { items } = await stack.core.listNamespacedService({ namespace });
    const service = items.find(({ metadata }) => metadata!.name === "rides-predictor")!.metadata!.name!;
    const url = `http://${service}.${namespace}/v1/models/rides:predict`;
    const printed = await visit("compares", COMPARE, [url, uri.replace("pvc://models", "/models")], {
      "/models": "models",
    });
    return JSON.parse(printed) as { answered: number[]; predicted: number[] };
  };

  const ended = (name: string) =>
    eventually(
      `the run ${name} has ended`,
      async () => {
        const run = (await stack.custom.getNamespacedCustomObject({ ...workflows, name })) as WorkflowRun;
        return ["Succeeded", "Failed", "Error"].includes(run.status?.phase ?? "") && run.status?.phase;
      },
      180_000,
    );

  /** Has the monitor look once. @returns its report. */
  const look = async (name: string) => {
    const cron = await stack.batch.readNamespacedCronJob({ name: "rides-drift", namespace });
    const { metadata = {}, spec } = cron.spec.jobTemplate;
    await stack.batch.createNamespacedJob({
      namespace,
      body: { metadata: { labels: metadata.labels ?? {}, name }, spec: spec! },
    });
    await eventually(
      "it has looked",
      async () => (await stack.batch.readNamespacedJob({ name, namespace })).status?.succeeded === 1,
      60_000,
    );
    const { data } = await stack.core.readNamespacedConfigMap({ name: "rides-drift-state", namespace });
    return JSON.parse(data!["report.json"]!) as { action: string; isDrift: boolean };
  };

  beforeAll(async () => {
    const labels = { "mlstack.dev/node": "real", "pod-security.kubernetes.io/enforce": "restricted" };
    await stack.core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    // The stack's own namespace has a key; a namespace of a test has none.
    const { type, data } = await stack.core.readNamespacedSecret({ name: STORE_KEY, namespace: "ml" });
    const key = { metadata: { name: STORE_KEY }, ...(type && { type }), ...(data && { data }) };
    await stack.core.createNamespacedSecret({ namespace, body: key });
    for (const name of ["data", "models"]) {
      await stack.core.createNamespacedPersistentVolumeClaim({
        namespace,
        body: {
          metadata: { name },
          spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
        },
      });
    }
    await temperatures(0);
    program = await PulumiProgram.create(await stack.ground());
  });

  afterAll(async () => {
    await program.remove();
    await stack.core.deleteNamespace({ name: namespace });
  });

  test("serves the first model that passes the gate, which answers as the file on the volume does", async () => {
    const { code, output } = await program.run("up", loop, "--skip-preview");
    expect(code, output).toBe(0);
    const { answered, predicted } = await compared(await served());
    expect(answered).toEqual(predicted);
    // It has learnt what the rows say of temperatures that they have.
    expect(answered[0]).toBeGreaterThan(23);
    expect(answered[0]).toBeLessThan(27);
  });

  test("refuses a model that is worse, and goes on to serve the one before", async () => {
    const before = await served();
    const { metadata } = (await stack.custom.createNamespacedCustomObject({
      ...workflows,
      body: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { generateName: "rides-worse-" },
        spec: {
          workflowTemplateRef: { name: "rides" },
          arguments: { parameters: [{ name: "SPOIL", value: "yes" }] },
        },
      },
    })) as WorkflowRun;
    expect(await ended(metadata.name)).toBe("Succeeded");
    expect(await served()).toBe(before);
    const { answered, predicted } = await compared(before);
    expect(answered).toEqual(predicted);
  });

  test("trains anew when the data have drifted, and serves the model that fits them", async () => {
    const before = await served();
    expect(await look("looks-before")).toMatchObject({ action: "no drift", isDrift: false });
    await temperatures(30);
    const { action, isDrift } = await look("looks-after");
    const [, started = ""] = /^drift: started (\S+)$/.exec(action) ?? [];
    expect([isDrift, started]).toEqual([true, expect.stringMatching(/^rides-/)]);
    expect(await ended(started)).toBe("Succeeded");
    const after = await served();
    expect(after).not.toBe(before);
    const { answered, predicted } = await compared(after);
    expect(answered).toEqual(predicted);
    // The warmer it is, the fewer ride: at 35 degrees 25, where the model before expects more than a hundred.
    expect(answered[2]).toBeGreaterThan(22);
    expect(answered[2]).toBeLessThan(28);
    // What was trained away is drift no more.
    expect(await look("looks-again")).toMatchObject({ isDrift: false });
  });
});
