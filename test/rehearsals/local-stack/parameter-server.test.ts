import { describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "ml";
const name = "parameter-server";

interface TensorFlowJob {
  status?: { conditions?: { type: string; status: string }[] };
}

interface ClusterSpec {
  cluster: Record<string, string[]>;
  task: { type: string; index: number };
}

describe("a training with parameter servers", () => {
  const stack = sharedStack();

  test("ends well, and had told each process who the others are", async () => {
    const at = { group: "kubeflow.org", version: "v1", namespace, plural: "tfjobs", name };
    await eventually(
      "it has succeeded",
      async () => {
        const { status } = (await stack.custom.getNamespacedCustomObject(at)) as TensorFlowJob;
        return status?.conditions?.some(({ type, status: value }) => type === "Succeeded" && value === "True");
      },
      120_000,
    );
    const labelSelector = `training.kubeflow.org/job-name=${name}`;
    const { items } = await stack.core.listNamespacedPod({ namespace, labelSelector });
    const told = items.map(({ spec }) => {
      const value = spec!.containers[0]!.env?.find(({ name: variable }) => variable === "TF_CONFIG")?.value;
      return JSON.parse(value ?? "{}") as ClusterSpec;
    });
    const tasks = told.map(({ task }) => `${task.type} ${task.index}`).sort();
    const workers = ["worker 0", "worker 1", "worker 2"];
    expect(tasks).toEqual(["chief 0", "evaluator 0", "ps 0", "ps 1", ...workers]);
    for (const { cluster } of told) {
      const sizes = Object.fromEntries(Object.entries(cluster).map(([role, hosts]) => [role, hosts.length]));
      expect(sizes).toMatchObject({ chief: 1, ps: 2, worker: 3 });
    }
  });
});
