import { join } from "node:path";
import { AutoscalingV2Api, PatchStrategy, setHeaderOptions, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseQuantity } from "../../../components/model/quantity";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { eventually } from "../../support/cluster";
import { EXAMPLE_IMAGES } from "../../support/example-images";
import { PulumiProgram } from "../../support/pulumi-program";
import { StoryPods } from "../../support/story-pods";
import { realStack } from "./stack";
import { ASK_ALWAYS, ASK_ONCE, type Asked, type Comparison, KEEP_BUSY } from "./web-app-visitors";

const namespace = "web-app";
const claim = "demand-data";
const URL = `http://demand.${namespace}:8000`;
const ESTIMATORS = "/data/estimators";
const components = join(checkoutRoot(), "bin", "components");
const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** A version of the application, as its story has it, with a gate of its own; small, so that little load is much. */
function version(code: string, maxError: number): string {
  return `
const { CronTask, WebService } = require(${JSON.stringify(components)});
const opts = { providers: [provider] };
const args = ["--estimators=${ESTIMATORS}", "--rides=/data/rides", "--iterations=30"];
const common = {
  namespace: ${JSON.stringify(namespace)},
  env: { ESTIMATORS: "${ESTIMATORS}", CODE_VERSION: "${code}", RELOAD_SECONDS: "1" },
  volumes: [{ name: "data", mountPath: "/data", persistentVolumeClaim: "${claim}" }],
  runAsUser: 10001,
};
const training = { image: "${EXAMPLE_IMAGES.demandTrain}", cpu: "250m", memory: "512Mi" };
new WebService("demand", {
  ...common,
  image: "${EXAMPLE_IMAGES.demandServe}", cpu: "100m", memory: "512Mi",
  ports: [{ name: "http", port: 8000 }],
  readiness: { path: "/readyz" },
  liveness: { path: "/healthz" },
  replicas: 1,
  maxReplicas: 3,
  drainSeconds: 5,
  memoryScaling: { maxMemory: "2Gi", mode: "Off" },
  trainFirst: { ...training, args: [...args, "--max-error=${maxError}"], backoffLimit: 0 },
}, opts);
new CronTask("retrain", {
  namespace: common.namespace,
  schedule: "0 0 1 1 *",
  job: { ...common, ...training, args, activeDeadlineSeconds: 600 },
}, opts);`;
}

describe("a web application that is trained before it is rolled out", () => {
  const stack = realStack();
  const pods = new StoryPods(stack.config, namespace);
  const claims = { "/data": claim };
  let program: PulumiProgram;

  const up = (code: string, maxError = 0.35) => program.run("up", version(code, maxError), "--skip-preview");

  const compared = async (code: string) => {
    const command = ["python", "-c", ASK_ONCE, URL, ESTIMATORS, code];
    return JSON.parse(
      await pods.visit({ name: "asks-once", image: EXAMPLE_IMAGES.demandServe, command, claims }),
    ) as Comparison;
  };

  /** Has a pod ask until the work is done. @returns what became of its requests. */
  const whileAsked = async (name: string, work: () => Promise<void>): Promise<Asked> => {
    const command = ["python", "-c", ASK_ALWAYS, URL, `/data/${name}.stop`];
    await pods.start({ name, image: EXAMPLE_IMAGES.demandServe, command, claims });
    await eventually("it is answered", async () => (await pods.printed(name).catch(() => "")).includes("version"));
    await work();
    await pods.visit({
      name: `${name}-stop`,
      image: EXAMPLE_IMAGES.demandServe,
      command: ["touch", `/data/${name}.stop`],
      claims,
    });
    const { printed } = await pods.outcome(name);
    await pods.remove(name);
    return JSON.parse(printed.trim().split("\n").at(-1)!) as Asked;
  };

  const serving = async (): Promise<V1Pod[]> =>
    pods.labelled("app.kubernetes.io/name=demand,app.kubernetes.io/component=web");
  const trainings = async (): Promise<V1Job[]> => {
    const { items } = await stack.batch.listNamespacedJob({ namespace });
    return items.filter(({ metadata }) => metadata!.name!.startsWith("demand-train-"));
  };

  beforeAll(async () => {
    const labels = { "mlstack.dev/node": "real", "pod-security.kubernetes.io/enforce": "restricted" };
    await stack.core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    await stack.core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: claim },
        spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
      },
    });
    const command = ["python", "-m", "demand.rides", "--folder=/data/rides", "--districts", "center", "harbor", "west"];
    await pods.visit({ name: "rides", image: EXAMPLE_IMAGES.demandTrain, command, claims });
    program = await PulumiProgram.create(await stack.ground());
  });

  afterAll(async () => {
    await program.remove();
    await stack.core.deleteNamespace({ name: namespace });
  });

  test("is rolled out once its training has succeeded, and answers what the estimator on the volume predicts", async () => {
    const { code, output } = await up("1");
    expect(code, output).toBe(0);
    const [training] = await trainings();
    const [pod] = await serving();
    expect(pod!.metadata!.creationTimestamp!.getTime()).toBeGreaterThanOrEqual(
      training!.status!.completionTime!.getTime(),
    );
    const { answer, newest, predicted, lineage } = await compared("1");
    expect(answer).toEqual({ version: newest, rides: predicted });
    expect(lineage).toMatchObject({ code: "1" });
    expect(lineage.error).toBeLessThan(0.35);
  });

  test("goes on to answer every request where a training fails, and where the next one is rolled out", async () => {
    const { newest } = await compared("1");
    const during = await whileAsked("asks-while-failing", async () => {
      const { code, output } = await up("2", 0.0001);
      expect(code).not.toBe(0);
      expect(output).toContain("demand-training");
    });
    expect(during).toMatchObject({ failures: [], versions: [newest] });
    const across = await whileAsked("asks-while-rolling", async () => {
      const { code, output } = await up("2");
      expect(code, output).toBe(0);
    });
    const { answer } = await compared("2");
    expect(across).toMatchObject({ failures: [], versions: [newest, answer.version] });
  });

  test("switches to what a run of the retraining publishes, in the same pods", async () => {
    const cron = await stack.batch.readNamespacedCronJob({ name: "retrain", namespace });
    const { metadata = {}, spec } = cron.spec.jobTemplate;
    const before = await compared("2");
    const idsOf = async () =>
      (await serving()).map((pod) => [pod.metadata!.uid, pod.status!.containerStatuses![0]!.restartCount]);
    const ids = await idsOf();
    const asked = await whileAsked("asks-while-retraining", async () => {
      const name = "retrain-by-hand";
      await stack.batch.createNamespacedJob({
        namespace,
        body: { metadata: { labels: metadata.labels ?? {}, name }, spec: spec! },
      });
      await eventually(
        "it is done",
        async () => (await stack.batch.readNamespacedJob({ name, namespace })).status?.succeeded === 1,
        90_000,
      );
      await eventually("another version answers", async () => {
        return (await pods.printed("asks-while-retraining")).match(/version /g)?.length === 2;
      });
    });
    const after = await compared("2");
    expect(after.newest).not.toBe(before.newest);
    expect(after.answer).toEqual({ version: after.newest, rides: after.predicted });
    expect(asked).toMatchObject({ failures: [], versions: [before.newest, after.newest] });
    expect(await idsOf()).toEqual(ids);
  });

  test("has more pods while much is asked, and one again afterwards", async () => {
    const body = { spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } };
    const scaling = stack.config.makeApiClient(AutoscalingV2Api);
    await scaling.patchNamespacedHorizontalPodAutoscaler({ name: "demand", namespace, body }, merge);
    const ready = async () =>
      (await stack.apps.readNamespacedDeployment({ name: "demand", namespace })).status?.readyReplicas;
    const command = ["python", "-c", KEEP_BUSY, URL, "90"];
    await pods.start({ name: "busy", image: EXAMPLE_IMAGES.demandServe, command });
    await eventually("three pods answer", async () => (await ready()) === 3, 120_000);
    await pods.remove("busy");
    await eventually("one pod answers", async () => (await ready()) === 1 && (await serving()).length === 1, 150_000);
    const { status } = await scaling.readNamespacedHorizontalPodAutoscaler({ name: "demand", namespace });
    expect(status?.currentMetrics?.[0]?.containerResource?.current.averageUtilization).toBeLessThan(80);
  });

  test("is recommended the memory that it really uses", async () => {
    interface Recommended {
      status?: { recommendation?: { containerRecommendations?: { target: Record<string, string> }[] } };
    }
    const at = {
      group: "autoscaling.k8s.io",
      version: "v1",
      namespace,
      plural: "verticalpodautoscalers",
      name: "demand",
    };
    const target = await eventually(
      "it is recommended",
      async () => {
        const { status } = (await stack.custom.getNamespacedCustomObject(at)) as Recommended;
        return status?.recommendation?.containerRecommendations?.[0]?.target;
      },
      150_000,
    );
    // The recommender gives no pod less than 250 MiB, and CPU is not its to tell here.
    expect(Object.keys(target)).toEqual(["memory"]);
    expect(parseQuantity(target["memory"]!)).toBeGreaterThanOrEqual(parseQuantity("250Mi"));
    expect(parseQuantity(target["memory"]!)).toBeLessThan(parseQuantity("512Mi"));
  });
});
