import type { V1Job } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/cluster";
import { RehearsedStack } from "./rehearsed-stack";

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
  let stack: RehearsedStack;
  beforeAll(async () => {
    stack = await RehearsedStack.up({
      parts: ["jobSet", "trainer", "kueue", "queues", "tenants"],
      set: [
        [["mlstack:gpuPools"], [{ name: "a10g", instanceType: "g5.12xlarge", minNodes: 2, maxNodes: 2 }]],
        [["mlstack:platform", "parts", "queues"], { queues: [{ name: "research", quotas: [{ pool: "a10g" }] }] }],
        [
          ["mlstack:platform", "parts", "tenants"],
          {
            research: {
              limits: { gpus: 8 },
              queues: [{ clusterQueue: "research" }],
              editors: { groups: ["researchers"] },
            },
          },
        ],
      ],
    });
  });
  afterAll(() => stack.remove());
  afterEach(async () => {
    await stack.batch.deleteCollectionNamespacedJob({ namespace, propagationPolicy: "Background" });
    await eventually("all jobs are gone", async () => (await jobs()).length === 0);
  });

  const submit = (...all: V1Job[]) =>
    Promise.all(all.map((body) => stack.batch.createNamespacedJob({ namespace, body })));
  const jobs = async () => (await stack.batch.listNamespacedJob({ namespace })).items;
  const states = async () =>
    Object.fromEntries(
      (await jobs()).map(({ metadata, spec, status }) => [
        metadata?.name,
        (status?.succeeded ?? 0) === spec?.parallelism ? "done" : spec?.suspend === true ? "waits" : "runs",
      ]),
    );

  test("comes up by its own chart, with the rights that this gives it, and answers the API server", async () => {
    const { items } = await stack.core.listNamespacedPod({ namespace: "kueue-system" });
    expect(items.flatMap(({ status }) => status?.containerStatuses?.map(({ ready }) => ready))).toEqual([true, true]);
    const wrong = {
      apiVersion: "kueue.x-k8s.io/v1beta2",
      kind: "LocalQueue",
      metadata: { name: "x", namespace },
      spec: { clusterQueue: "Not A Name" },
    };
    await expect(stack.create(wrong)).rejects.toThrow(/clusterQueue/);
  });

  test("runs two jobs of four, and the third when they have ended", async () => {
    await submit(job("first"), job("second"), job("third"));
    expect(
      await eventually("two run", async () => {
        const now = await states();
        return Object.values(now).filter((state) => state === "runs").length === 2 && now;
      }),
    ).toMatchObject(expect.objectContaining({}));
    expect(Object.values(await states()).sort()).toEqual(["runs", "runs", "waits"]);
    await eventually("all are done", async () => Object.values(await states()).every((state) => state === "done"));
  });

  test("never starts a part of a job that must wait", async () => {
    const seen = new Set<string>();
    await submit(job("first"), job("second"), job("third"), job("fourth"));
    await eventually("all are done", async () => {
      const { items } = await stack.core.listNamespacedPod({ namespace });
      for (const { metadata, status } of await jobs()) {
        const pods = items.filter((pod) => pod.metadata?.labels?.["job-name"] === metadata?.name);
        if (status?.ready !== undefined && status.ready > 0) seen.add(`${pods.length} pods`);
      }
      return Object.values(await states()).every((state) => state === "done");
    });
    expect([...seen]).toEqual(["2 pods"]);
  });

  test("never starts a job that is larger than the quota", async () => {
    await submit(job("large", { pods: 5 }), job("small"));
    await eventually("the small one is done", async () => (await states())["small"] === "done");
    expect(await states()).toEqual({ large: "waits", small: "done" });
    expect((await stack.core.listNamespacedPod({ namespace, labelSelector: "job-name=large" })).items).toEqual([]);
  });
});
