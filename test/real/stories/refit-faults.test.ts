import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ControlPlane } from "../../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../../rehearsal/cluster/layout";
import { killProcess, liveProcesses } from "../../../rehearsal/cluster/process-table";
import { onNode } from "../../../rehearsal/real-node/node-images";
import { realNodes } from "../../../rehearsal/real-node/real-nodes";
import { eventually } from "../../support/cluster";
import { digestOf } from "../../support/digest";
import { missingS3Client } from "../../support/s3-client";
import { StackStore } from "../../support/stack-store";
import { toolPath } from "../../support/toolchain";
import { jsonAt, type Manifest, publishedBy } from "./refit-store";
import { realStack } from "./stack";

const namespace = "ml";
const argo = { group: "argoproj.io", version: "v1alpha1", namespace };
const workflows = { ...argo, plural: "workflows" };

/** A refit takes minutes, and what was killed is done again. */
const PATIENCE = 840_000;

interface Workflow {
  metadata: { name: string };
  status?: {
    phase?: string;
    message?: string;
    nodes?: Record<string, { id: string; displayName: string; type: string; phase: string }>;
  };
}

describe.skipIf(missingS3Client() !== undefined)(
  "a refit of whose machine parts are killed",
  { timeout: PATIENCE },
  () => {
    const stack = realStack();
    const layout = clusterLayout(stack.state);
    const [node] = realNodes({ count: 1 }, layout);

    const read = async (name: string) =>
      (await stack.custom.getNamespacedCustomObject({ ...workflows, name })) as Workflow;
    const kill = async (program: RegExp) => {
      const found = (await liveProcesses()).find(
        ({ command }) => program.test(command) && command.includes(`${layout.folder}/`),
      );
      await killProcess(found!.pid);
    };
    const running = (name: string, step: RegExp) =>
      eventually(
        `a step ${String(step)} of ${name} runs`,
        async () => {
          const nodes = Object.values((await read(name)).status?.nodes ?? {});
          return nodes.some(
            ({ displayName, type, phase }) => step.test(displayName) && type === "Pod" && phase === "Running",
          );
        },
        PATIENCE,
      );

    test("ends right though runtime, kubelet, the program of a trial and the API server are killed on its way", async () => {
      const run = await begun();
      await running(run, /^transform/);
      await kill(/containerd --config=/);
      await running(run, /^trials/);
      await kill(/ kubelet --config=/);
      const killed = await eventually("a trial trains", () => pidOf("/app/train.py"), PATIENCE);
      await onNode(node!, ["kill", "-9", killed]);
      await sleep(5000);
      await kill(/\/controlplane kube-apiserver --/);
      await new ControlPlane(await toolPath("controlplane"), layout).start();

      const ended = await eventually(
        "the workflow has ended",
        async () => {
          const found = await read(run).catch(() => undefined);
          return ["Succeeded", "Failed", "Error"].includes(found?.status?.phase ?? "") && found;
        },
        PATIENCE,
      );
      expect([ended.status?.phase, ended.status?.message]).toEqual(["Succeeded", undefined]);
      const phases = Object.values(ended.status?.nodes ?? {}).filter(({ type }) => type === "Pod");
      expect(phases.filter(({ phase }) => phase === "Failed").map(({ displayName }) => displayName)).toEqual([
        expect.stringMatching(/^trials\(.*\(0\)$/),
      ]);
      // It was published once, whole, and no other version with it.
      const store = await StackStore.of(stack, namespace);
      try {
        const published = await publishedBy(store, run);
        const { files } = await jsonAt<Manifest>(store, `${published}/manifest.json`);
        for (const [file, digest] of Object.entries(files)) {
          expect(digestOf(await store.bytes(`${published}/${file}`)), file).toBe(digest);
        }
      } finally {
        store.close();
      }
    });

    /** Begins a run as the schedule of the story would. */
    async function begun(): Promise<string> {
      const { spec } = (await stack.custom.getNamespacedCustomObject({
        ...argo,
        plural: "cronworkflows",
        name: "refit-weekly",
      })) as { spec: { workflowSpec: object } };
      const body = {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { generateName: "refit-faults-", namespace },
        spec: spec.workflowSpec,
      };
      return ((await stack.custom.createNamespacedCustomObject({ ...workflows, body })) as Workflow).metadata.name;
    }

    /** Number of a process inside the node that runs a file; undefined where there is none. */
    async function pidOf(file: string): Promise<string | undefined> {
      const printed = await onNode(node!, ["pgrep", "-a", "-f", file]).catch(() => "");
      // Argo's executor names what it has started, too.
      const own = printed.split("\n").find((line) => line.includes(`${file} `) && !line.includes("argoexec"));
      return own?.split(" ")[0];
    }
  },
);
