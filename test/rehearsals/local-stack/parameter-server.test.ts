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
    const { items } = await stack.core.listNamespacedEvent({ namespace });
    const made = items.filter(({ reason, involvedObject }) => {
      return reason === "SuccessfulCreatePod" && involvedObject.kind === "TFJob" && involvedObject.name === name;
    });
    const pods = made.map(({ message }) => /parameter-server-[a-z]+-\d/.exec(message ?? "")?.[0] ?? message);
    const tasks = ["chief-0", "evaluator-0", "ps-0", "ps-1", "worker-0", "worker-1", "worker-2"];
    expect(pods.sort()).toEqual(tasks.map((task) => `${name}-${task}`));
    // The others are removed when the chief has ended.
    const chief = await stack.core.readNamespacedPod({ name: `${name}-chief-0`, namespace });
    const value = chief.spec!.containers[0]!.env?.find(({ name: variable }) => variable === "TF_CONFIG")?.value;
    const { cluster, task } = JSON.parse(value ?? "{}") as ClusterSpec;
    expect(task).toEqual({ type: "chief", index: 0 });
    const sizes = Object.fromEntries(Object.entries(cluster).map(([role, hosts]) => [role, hosts.length]));
    expect(sizes).toMatchObject({ chief: 1, ps: 2, worker: 3 });
  });
});
