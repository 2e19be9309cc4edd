import type { V1Job } from "@kubernetes/client-node";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "research";

/** Two pods of two GPUs each, which run for a while. */
function job(name: string, { seconds = 3, pods = 2, gpus = 2, labels = {} } = {}): V1Job {
  return {
    metadata: { name, namespace, labels: { "kueue.x-k8s.io/queue-name": "default", ...labels } },
    spec: {
      parallelism: pods,
      completions: pods,
      template: {
        metadata: { annotations: { "mlstack.dev/simulate": `succeed after=${seconds}s` } },
        spec: {
          restartPolicy: "Never",
          tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "train",
              image: "registry.example.com/train:1",
              resources: {
                requests: { cpu: "1", memory: "1Gi" },
                limits: { cpu: "1", memory: "1Gi", "nvidia.com/gpu": String(gpus) },
              },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  };
}

describe("Kueue, with a quota of eight GPUs", () => {
  const stack = sharedStack();
  afterEach(async () => {
    await stack.batch.deleteCollectionNamespacedJob({ namespace, propagationPolicy: "Background" });
    await eventually("all jobs are gone", async () => (await jobs()).length === 0);
  });

  const submit = (...all: V1Job[]) =>
    Promise.all(all.map((body) => stack.batch.createNamespacedJob({ namespace, body })));
  const jobs = async () => (await stack.batch.listNamespacedJob({ namespace })).items;
  const states = async (): Promise<Record<string, string>> => {
    const named = (await jobs()).map(({ metadata, spec, status }) => {
      const isDone = (status?.succeeded ?? 0) === spec?.parallelism;
      return [metadata?.name ?? "", isDone ? "done" : spec?.suspend === true ? "waits" : "runs"] as const;
    });
    return Object.fromEntries(named);
  };

  test("comes up by its own chart, with the rights that this gives it, and answers the API server", async () => {
    const { items } = await stack.core.listNamespacedPod({ namespace: "kueue-system" });
    expect(items.flatMap(({ status }) => status?.containerStatuses?.map(({ ready }) => ready))).toEqual([true, true]);
    // Its webhook suspends what is to wait.
    const [created] = await submit(job("first"));
    expect(created?.spec?.suspend).toBe(true);
  });

  test("runs two jobs of four, and the third when they have ended", async () => {
    await submit(job("first"), job("second"), job("third"));
    await eventually("two run", async () => {
      return Object.values(await states()).filter((state) => state === "runs").length === 2;
    });
    expect(Object.values(await states()).sort()).toEqual(["runs", "runs", "waits"]);
    await eventually("all are done", async () => Object.values(await states()).every((state) => state === "done"));
  });

  test("never starts a part of a job that must wait, nor more than the quota", async () => {
    const waiting = async () => {
      const all = Object.entries(await states());
      return new Set(all.flatMap(([name, state]) => (state === "waits" ? [name] : [])));
    };
    let most = 0;
    const early: string[] = [];
    await submit(job("first"), job("second"), job("third"), job("fourth"));
    await eventually("all are done", async () => {
      const before = await waiting();
      const { items } = await stack.core.listNamespacedPod({ namespace });
      const after = await waiting();
      const live = items.filter(({ status }) => status?.phase === "Pending" || status?.phase === "Running");
      most = Math.max(most, live.length * 2);
      const owners = live.map(({ metadata }) => metadata?.labels?.["job-name"] ?? "");
      early.push(...owners.filter((owner) => before.has(owner) && after.has(owner)));
      return Object.values(await states()).every((state) => state === "done");
    });
    expect({ most, early }).toEqual({ most: 8, early: [] });
  });

  test("never starts a job that is larger than the quota", async () => {
    await submit(job("large", { pods: 5 }), job("small"));
    await eventually("the small one is done", async () => (await states())["small"] === "done");
    expect(await states()).toEqual({ large: "waits", small: "done" });
    expect((await stack.core.listNamespacedPod({ namespace, labelSelector: "job-name=large" })).items).toEqual([]);
  });
});
