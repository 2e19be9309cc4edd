import { CustomObjectsApi, type V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { doubleSpace, gpuJobManifest, SweepDirection, sweepManifest, sweepTrial } from "../../../components";
import { eventually } from "../../support/cluster";
import { RehearsedFaults } from "../../support/rehearsed-faults";
import { sharedStack, TENANTS } from "./stack";

const namespace = "sweeps";

/** GPUs that trials may have at once. */
const QUOTA = TENANTS[namespace];
const parallelTrials = 3;

const parameters = { learningRate: doubleSpace({ min: 0.001, max: 0.1 }) };

/** A sweep whose trials have one GPU each, and measure best with a learning rate of 0.02. */
function sweep(name: string, simulate: string, more: { maxTrials: number; maxFailedTrials?: number }): object {
  return sweepManifest(name, {
    namespace,
    parameters,
    trial: sweepTrial(parameters, ({ learningRate }) =>
      gpuJobManifest("trial", {
        image: "registry.example.com/train:1",
        command: ["python", "train.py"],
        args: ["--learning-rate", learningRate],
        queue: "default",
        gpus: 1,
        backoffLimit: 0,
        runAsUser: 1000,
        annotations: {
          "mlstack.dev/simulate": simulate,
          "mlstack.dev/simulate-metrics": `accuracy=1-abs(${learningRate}-0.02)`,
        },
      }),
    ),
    objective: { metric: "accuracy", direction: SweepDirection.maximize },
    parallelTrials,
    ...more,
  });
}

interface Experiment {
  status?: {
    conditions?: { type: string; status: string }[];
    trialsSucceeded?: number;
    trialsFailed?: number;
    currentOptimalTrial?: { bestTrialName: string; observation: { metrics: { name: string; max: string }[] } };
  };
}

interface Trial {
  metadata: { name: string };
  spec: { parameterAssignments: { name: string; value: string }[] };
  status?: { completionTime?: string };
}

describe("Katib, with a queue of two GPUs for its trials", { timeout: 240_000 }, () => {
  const stack = sharedStack();

  const api = () => stack.config.makeApiClient(CustomObjectsApi);
  const at = (plural: string) => ({ group: "kubeflow.org", version: "v1beta1", namespace, plural });
  const experiment = async (name: string) =>
    ((await api().getNamespacedCustomObject({ ...at("experiments"), name })) as Experiment).status ?? {};
  const trials = async (name: string) => {
    const labelSelector = `katib.kubeflow.org/experiment=${name}`;
    return ((await api().listNamespacedCustomObject({ ...at("trials"), labelSelector })) as { items: Trial[] }).items;
  };
  const podsOf = async (name: string): Promise<V1Pod[]> => {
    const labelSelector = `katib.kubeflow.org/experiment=${name},katib.kubeflow.org/trial`;
    return (await stack.core.listNamespacedPod({ namespace, labelSelector })).items;
  };
  const isNow = async (name: string, condition: string) =>
    (await experiment(name)).conditions?.some(({ type, status }) => type === condition && status === "True");

  test("runs a sweep to its end and finds the best trial, within its parallelism and its quota, though its controller dies", async () => {
    const faults = await RehearsedFaults.on(stack);
    await stack.create(sweep("rates", "succeed after=4s", { maxTrials: 5 }));
    let mostPods = 0;
    let mostTrials = 0;
    let isKilled = false;
    await eventually(
      "it has succeeded",
      async () => {
        const live = (await podsOf("rates")).filter(({ status }) => status?.phase === "Running");
        mostPods = Math.max(mostPods, live.length);
        const open = (await trials("rates")).filter(({ status }) => status?.completionTime === undefined);
        mostTrials = Math.max(mostTrials, open.length);
        if (!isKilled && live.length === QUOTA) {
          isKilled = true;
          await faults.killController("katib");
        }
        return isNow("rates", "Succeeded");
      },
      200_000,
    );
    expect({ mostPods, mostTrials, isKilled }).toEqual({
      mostPods: QUOTA,
      mostTrials: parallelTrials,
      isKilled: true,
    });
    const accuracies = (await trials("rates")).map(({ metadata, spec }) => {
      return { name: metadata.name, accuracy: 1 - Math.abs(Number(spec.parameterAssignments[0]?.value) - 0.02) };
    });
    expect(accuracies).toHaveLength(5);
    const best = accuracies.reduce((one, other) => (other.accuracy > one.accuracy ? other : one));
    const { trialsSucceeded, currentOptimalTrial } = await experiment("rates");
    expect(trialsSucceeded).toBe(5);
    expect(currentOptimalTrial?.bestTrialName).toBe(best.name);
    const [metric] = currentOptimalTrial?.observation.metrics ?? [];
    expect(metric?.name).toBe("accuracy");
    expect(Number(metric?.max)).toBeCloseTo(best.accuracy, 6);
  });

  test("has failed once more trials have failed than it may lose", async () => {
    await stack.create(sweep("failing", "fail after=500ms", { maxTrials: 6, maxFailedTrials: 2 }));
    await eventually("it has failed", () => isNow("failing", "Failed"), 120_000);
    const { trialsFailed, trialsSucceeded = 0 } = await experiment("failing");
    expect(trialsFailed).toBeGreaterThanOrEqual(2);
    expect(trialsSucceeded).toBe(0);
    expect((await trials("failing")).length).toBeLessThan(6);
  });
});
