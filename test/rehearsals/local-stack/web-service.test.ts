import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { eventually } from "../../support/cluster";
import type { Outcome } from "../../support/mlstack";
import { PulumiProgram } from "../../support/pulumi-program";
import { sharedStack } from "./stack";

const namespace = "web";
const components = join(checkoutRoot(), "bin", "components");

/** One version of a web application that is trained first, whose training ends as it is told. */
function version(tag: string, training: string): string {
  return `
const { CronTask, WebService } = require(${JSON.stringify(components)});
const small = { namespace: ${JSON.stringify(namespace)}, image: "registry.example.com/churn:${tag}", cpu: "100m", memory: "64Mi" };
const opts = { providers: [provider] };
new WebService("churn", {
  ...small,
  trainFirst: {
    command: ["train"], backoffLimit: 1, cpu: "100m", memory: "64Mi",
    annotations: { "mlstack.dev/simulate": "${training}" },
  },
}, opts);
new CronTask("retrain", {
  namespace: small.namespace,
  schedule: "* * * * *",
  job: {
    image: small.image, command: ["train"], cpu: "100m", memory: "64Mi", activeDeadlineSeconds: 3600,
    annotations: { "mlstack.dev/simulate": "succeed after=1s" },
  },
}, opts);`;
}

describe("a web application that is trained before it is rolled out", () => {
  const stack = sharedStack();
  let program: PulumiProgram;
  beforeAll(async () => {
    await stack.core.createNamespace({ body: { metadata: { name: namespace } } });
    program = await PulumiProgram.create(await stack.ground());
  });
  afterAll(() => program.remove());

  const up = (tag: string, training: string): Promise<Outcome> =>
    program.run("up", version(tag, training), "--skip-preview");

  /** Tags of the images of the pods that answer. */
  async function answering(): Promise<string[]> {
    const { items } = await stack.core.listNamespacedPod({ namespace });
    const ready = items.filter(({ metadata, status }) => {
      const isReady = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
      return metadata?.labels?.["app.kubernetes.io/component"] === "web" && isReady;
    });
    return ready.map(({ spec }) => spec!.containers[0]!.image!.split(":")[1]!);
  }

  test("answers with the version that was trained", async () => {
    const { code, output } = await up("1", "succeed after=1s");
    expect(code, output).toBe(0);
    expect(await answering()).toEqual(["1", "1"]);
  });

  test("goes on to answer with the version before, at each moment, where a training fails", async () => {
    let over = false;
    const seen = new Set<string>();
    const watching = (async () => {
      while (!over) seen.add((await answering()).join());
    })();
    const { code, output } = await up("2", "fail after=1s exit=1");
    over = true;
    await watching;
    expect(code).not.toBe(0);
    expect(output).toContain("churn-training");
    expect([...seen]).toEqual(["1,1"]);
  });

  test("is rolled out when the training succeeds at the next try", async () => {
    const { code, output } = await up("2", "succeed after=1s");
    expect(code, output).toBe(0);
    expect(await answering()).toEqual(["2", "2"]);
  });

  test("is retrained at the minute that its schedule names, with the version that it is at", async () => {
    await eventually(
      "a run of the schedule with the second version is done",
      async () => {
        const { items } = await stack.batch.listNamespacedJob({ namespace });
        return items.some(({ metadata, spec, status }) => {
          const isOfSchedule = metadata?.ownerReferences?.[0]?.kind === "CronJob";
          const image = spec?.template.spec?.containers[0]?.image;
          return isOfSchedule && image === "registry.example.com/churn:2" && status?.succeeded === 1;
        });
      },
      90_000,
    );
  });

  test("has a run of its nightly retraining when somebody asks for one by hand", async () => {
    const cron = await stack.batch.readNamespacedCronJob({ name: "scooter-demand-retrain", namespace: "ml" });
    const { metadata, spec } = cron.spec.jobTemplate;
    const name = "scooter-demand-by-hand";
    const labels = metadata?.labels ?? {};
    await stack.batch.createNamespacedJob({ namespace: "ml", body: { metadata: { name, labels }, spec: spec! } });
    await eventually("it is done", async () => {
      return (await stack.batch.readNamespacedJob({ name, namespace: "ml" })).status?.succeeded === 1;
    });
    // Pods keep the claims that they use, also when they have ended.
    await stack.batch.deleteNamespacedJob({ name, namespace: "ml", propagationPolicy: "Background" });
  });
});
