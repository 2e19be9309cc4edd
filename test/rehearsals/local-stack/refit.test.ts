import { describe, expect, test } from "vitest";
import { scheduledSparkJobManifest } from "../../../components";
import { eventually } from "../../support/cluster";
import { RehearsedFaults } from "../../support/rehearsed-faults";
import { sharedStack } from "./stack";

const namespace = "ml";
const workflows = { group: "argoproj.io", version: "v1alpha1", namespace, plural: "workflows" };
const cronWorkflows = { ...workflows, plural: "cronworkflows" };
const spark = { group: "sparkoperator.k8s.io", version: "v1beta2", namespace, plural: "sparkapplications" };

interface WorkflowNode {
  displayName: string;
  type: string;
  phase: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  templateName?: string;
}

interface Workflow {
  metadata: { name: string; labels?: Record<string, string> };
  status?: { phase?: string; message?: string; nodes?: Record<string, WorkflowNode> };
}

interface SparkApplication {
  metadata: { name: string };
  status?: { applicationState?: { state: string }; executorState?: Record<string, string> };
}

/** Workflows, a Spark step among them, take their time on a busy machine. */
const PATIENCE = 240_000;

describe("the refit of a model", { timeout: 300_000 }, () => {
  const stack = sharedStack();

  const workflow = async (name: string) =>
    (await stack.custom.getNamespacedCustomObject({ ...workflows, name })) as Workflow;
  const ended = (name: string) =>
    eventually(
      `the workflow ${name} has ended`,
      async () => {
        const found = await workflow(name);
        return ["Succeeded", "Failed", "Error"].includes(found.status?.phase ?? "") && found;
      },
      PATIENCE,
    );

  test("goes through Spark, trials side by side, the best of them, its library and the registry", async () => {
    const { status } = await ended("refit-first");
    expect([status?.phase, status?.message]).toEqual(["Succeeded", undefined]);
    const lost = Object.values(status?.nodes ?? {}).filter(({ phase }) => phase !== "Succeeded");
    expect(lost.map(({ displayName, phase, message }) => `${displayName} ${phase}: ${message}`)).toEqual([]);
    // The first try of a step has its name, and a number.
    const steps = Object.values(status?.nodes ?? {})
      .filter(({ type }) => type === "Pod")
      .map((step) => ({ ...step, displayName: step.displayName.replace(/\(0\)$/, "") }));
    const phases = Object.fromEntries(steps.map(({ displayName, phase }) => [displayName, phase]));
    const trials = Object.keys(phases).filter((name) => name.startsWith("trials("));
    expect(trials).toHaveLength(4);
    const single = ["analyse", "generate", "package", "publish", "select", "transform"];
    expect(
      Object.keys(phases)
        .filter((name) => !trials.includes(name))
        .sort(),
    ).toEqual(single);
    const training = steps.filter(({ displayName }) => trials.includes(displayName));
    const lastStart = Math.max(...training.map(({ startedAt }) => Date.parse(startedAt)));
    const firstEnd = Math.min(...training.map(({ finishedAt }) => Date.parse(finishedAt)));
    expect(lastStart).toBeLessThan(firstEnd);
  });

  test("runs its Spark step by the real spark-submit, with as many executors as it asks for", async () => {
    const { items } = (await stack.custom.listNamespacedCustomObject(spark)) as { items: SparkApplication[] };
    const step = items.find(({ metadata }) => metadata.name.startsWith("transform"));
    expect(step?.status?.applicationState?.state).toBe("COMPLETED");
    expect(Object.keys(step?.status?.executorState ?? {})).toHaveLength(2);
    const pods = await stack.core.listNamespacedPod({ namespace, labelSelector: "spark-role=executor" });
    const own = pods.items.filter(
      ({ metadata }) => metadata?.labels?.["sparkoperator.k8s.io/app-name"] === step?.metadata.name,
    );
    expect(own).toEqual([]);
  });

  test("runs again when its schedule says so, and to its end though its controller dies", async () => {
    const weekly = (await stack.custom.getNamespacedCustomObject({ ...cronWorkflows, name: "refit-weekly" })) as {
      spec: Record<string, unknown>;
    };
    const name = "refit-each-minute";
    const spec = { ...weekly.spec, schedules: ["* * * * *"] };
    const body = { apiVersion: "argoproj.io/v1alpha1", kind: "CronWorkflow", metadata: { name, namespace }, spec };
    await stack.custom.createNamespacedCustomObject({ ...cronWorkflows, body });
    const labelSelector = `workflows.argoproj.io/cron-workflow=${name}`;
    const run = await eventually(
      "a run has begun",
      async () =>
        ((await stack.custom.listNamespacedCustomObject({ ...workflows, labelSelector })) as { items: Workflow[] })
          .items[0],
      90_000,
    );
    await stack.custom.patchNamespacedCustomObject({
      ...cronWorkflows,
      name,
      body: [{ op: "add", path: "/spec/suspend", value: true }],
    });
    await (await RehearsedFaults.on(stack)).killController("argoWorkflows");
    expect((await ended(run.metadata.name)).status?.phase).toBe("Succeeded");
    // Pods keep the claims that they use, also when they have ended; they go with the workflow.
    await stack.custom.deleteNamespacedCustomObject({ ...cronWorkflows, name });
  });

  test("has Spark jobs that come by a schedule of their own", async () => {
    const job = scheduledSparkJobManifest("hourly", {
      namespace,
      schedule: "@every 10s",
      image: "registry.example.com/etl:1",
      sparkVersion: "4.0.1",
      mainFile: "local:///app/etl.py",
      executor: { replicas: 1, cpu: "1", memory: "1Gi" },
      serviceAccountName: "refit-spark",
      runAsUser: 185,
      annotations: { "mlstack.dev/simulate": "succeed after=1s" },
    });
    await stack.create(job);
    await eventually(
      "a run is complete",
      async () => {
        const { items } = (await stack.custom.listNamespacedCustomObject(spark)) as { items: SparkApplication[] };
        return items.some(({ metadata, status }) => {
          return metadata.name.startsWith("hourly-") && status?.applicationState?.state === "COMPLETED";
        });
      },
      120_000,
    );
    // Each further run would start a JVM.
    await stack.custom.deleteNamespacedCustomObject({ ...spark, plural: "scheduledsparkapplications", name: "hourly" });
  });
});
