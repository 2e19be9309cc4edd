import { describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "ml";
const name = "heart-disease";

interface Conditions {
  status?: { phase?: string; message?: string; conditions?: { type: string; status: string }[] };
}

interface Experiment extends Conditions {
  status?: Conditions["status"] & { trialsSucceeded?: number; currentOptimalTrial?: { bestTrialName: string } };
}

interface PipelineRun extends Conditions {
  status?: Conditions["status"] & {
    nodes?: Record<
      string,
      { type: string; templateName: string; outputs?: { artifacts?: { name: string; s3?: { key: string } }[] } }
    >;
  };
}

/** Two runs of the pipeline, and the trials of the sweep. */
const PATIENCE = 240_000;

describe("the pipeline, the sweep and the model of a stack", { timeout: 300_000 }, () => {
  const stack = sharedStack();
  const get = async <T>(group: string, version: string, plural: string, object: string) =>
    (await stack.custom.getNamespacedCustomObject({ group, version, namespace, plural, name: object })) as T;
  const isTrue = ({ status }: Conditions, condition: string) =>
    status?.conditions?.some(({ type, status: value }) => type === condition && value === "True") === true;

  test.each(["first", "next"])("the steps of the pipeline's %s run hand files on, and all end well", async (which) => {
    const { status } = await eventually(
      "it has ended",
      async () => {
        const run = await get<PipelineRun>("argoproj.io", "v1alpha1", "workflows", `${name}-${which}`);
        return ["Succeeded", "Failed", "Error"].includes(run.status?.phase ?? "") && run;
      },
      PATIENCE,
    );
    expect([status?.phase, status?.message]).toEqual(["Succeeded", undefined]);
    const read = Object.values(status?.nodes ?? {}).find(
      ({ type, templateName }) => type === "Pod" && templateName === "read",
    );
    expect(read?.outputs?.artifacts?.find(({ name: artifact }) => artifact !== "main-logs")?.s3?.key).toMatch(/./);
  });

  test("the sweep tries what it may, and knows the best", async () => {
    const { status } = await eventually(
      "it has succeeded",
      async () => {
        const experiment = await get<Experiment>("kubeflow.org", "v1beta1", "experiments", name);
        return isTrue(experiment, "Succeeded") && experiment;
      },
      PATIENCE,
    );
    expect(status?.trialsSucceeded).toBe(6);
    expect(status?.currentOptimalTrial?.bestTrialName).toMatch(/^heart-disease-/);
  });

  test("the model is served, beside the one that may follow it", async () => {
    await eventually("it is ready", async () =>
      isTrue(await get<Conditions>("serving.kserve.io", "v1beta1", "inferenceservices", name), "Ready"),
    );
    for (const deployment of [`${name}-predictor`, `${name}-next-predictor`]) {
      const { status } = await stack.apps.readNamespacedDeployment({ name: deployment, namespace });
      expect(status?.readyReplicas).toBeGreaterThan(0);
    }
  });
});
