import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { eventually } from "../../support/cluster";
import { PulumiProgram } from "../../support/pulumi-program";
import { MonitorOnCluster } from "../../support/workloads/monitor-on-cluster";
import { sharedStack } from "./stack";

const namespace = "ml-loop";
const components = join(checkoutRoot(), "bin", "components");
const workflows = { group: "argoproj.io", version: "v1alpha1", namespace, plural: "workflows" };
const services = { group: "serving.kserve.io", version: "v1beta1", namespace, plural: "inferenceservices" };

/** A loop whose models are good unless the name of their run says that they are not, since no container measures them. */
const loop = `
const { ModelLoop } = require(${JSON.stringify(components)});
const program = { image: "registry.example.com/churn:1", cpu: "100m", memory: "64Mi" };
const outputs = \`{ "auc": "{{=inputs.parameters['model-uri'] contains 'worse' ? '0.7' : '0.9'}}" }\`;
new ModelLoop("churn", {
  namespace: ${JSON.stringify(namespace)},
  modelStore: "s3://acme-models/churn",
  train: { ...program, command: ["train"] },
  evaluate: { ...program, command: ["evaluate"], metrics: ["auc"], annotations: { "mlstack.dev/simulate-outputs": outputs } },
  gate: { metric: "auc", atLeast: 0.8 },
  serve: { model: { format: "sklearn" }, cpu: "100m", memory: "64Mi" },
  canary: { observeSeconds: 0 },
  drift: {
    schedule: "@yearly",
    reference: { persistentVolumeClaim: "training", files: "*.jsonl" },
    recent: { persistentVolumeClaim: "requests", files: "*.jsonl" },
  },
  waitForCompletion: true,
}, { providers: [provider] });`;

interface WorkflowRun {
  metadata: { name: string };
  status?: { phase?: string };
}

interface Served {
  spec: { predictor: { model: { storageUri: string } } };
  status?: { conditions?: { type: string; status: string }[] };
}

describe("a loop that trains, judges and serves a model", () => {
  const stack = sharedStack();
  let folder: string;
  let program: PulumiProgram;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-loop-"));
    program = await PulumiProgram.create(await stack.ground());
  });
  afterAll(async () => {
    await program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const runs = async () =>
    ((await stack.custom.listNamespacedCustomObject(workflows)) as { items: WorkflowRun[] }).items;
  const service = async () => (await stack.custom.getNamespacedCustomObject({ ...services, name: "churn" })) as Served;
  const ended = (name: string) =>
    eventually(
      `the run ${name} has ended`,
      async () => {
        const run = (await runs()).find(({ metadata }) => metadata.name === name);
        return ["Succeeded", "Failed", "Error"].includes(run?.status?.phase ?? "") && run?.status?.phase;
      },
      150_000,
    );

  test("serves the first model that passes the gate", async () => {
    const { code, output } = await program.run("up", loop, "--skip-preview");
    expect(code, output).toBe(0);
    await eventually(
      "the model can be asked",
      async () => {
        const { status } = await service();
        return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
      },
      60_000,
    );
    const { data } = await stack.core.readNamespacedConfigMap({ name: "churn-served", namespace });
    expect(data).toEqual({ uri: (await service()).spec.predictor.model.storageUri });
  });

  test("refuses a model that is worse, and goes on to serve the one before", async () => {
    const before = await service();
    const { metadata } = (await stack.custom.createNamespacedCustomObject({
      ...workflows,
      body: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { generateName: "churn-worse-" },
        spec: { workflowTemplateRef: { name: "churn" } },
      },
    })) as WorkflowRun;
    expect(await ended(metadata.name)).toBe("Succeeded");
    expect((await service()).spec).toEqual(before.spec);
  });

  test("trains anew when the data have drifted, and serves the model that passes", async () => {
    const before = await service();
    const monitor = await MonitorOnCluster.of(stack, folder, "churn-drift", namespace);
    expect((await monitor.look(0)).report).toMatchObject({ action: "no drift", isDrift: false });
    const known = new Set((await runs()).map(({ metadata }) => metadata.name));
    const { code, error, report } = await monitor.look(30);
    expect([code, error, report.isDrift]).toEqual([0, "", true]);
    const [started, ...others] = (await runs()).map(({ metadata }) => metadata.name).filter((name) => !known.has(name));
    expect([report.action, others]).toEqual([`drift: started ${started}`, []]);
    expect(await ended(started!)).toBe("Succeeded");
    const { storageUri } = (await service()).spec.predictor.model;
    expect(storageUri).not.toBe(before.spec.predictor.model.storageUri);
    expect(storageUri).toContain(started);
  });
});
