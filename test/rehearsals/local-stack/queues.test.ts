import type { V1Job } from "@kubernetes/client-node";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { isRunning } from "../agreement/cluster-watch";
import { JobHistory, type Moment } from "./job-history";
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

  /** Pods that run, by the job that they are of. */
  const running = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const pod of (await stack.core.listNamespacedPod({ namespace })).items.filter(isRunning)) {
      const name = pod.metadata?.labels?.["job-name"] ?? "";
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };

  test("comes up by its own chart, with the rights that this gives it, and answers the API server", async () => {
    const { items } = await stack.core.listNamespacedPod({ namespace: "kueue-system" });
    expect(items.flatMap(({ status }) => status?.containerStatuses?.map(({ ready }) => ready))).toEqual([true]);
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

  test("never starts a part of a gang, at any moment", async () => {
    const history = await JobHistory.start(stack.config, namespace);
    const names = ["first", "second", "third", "fourth", "fifth"];
    await submit(...names.map((name) => job(name, { seconds: 4 })));
    await eventually("all are done", async () => Object.values(await states()).every((state) => state === "done"));
    await history.stop();
    const moments = history.moments();
    const inAll = (moment: Moment) => Object.values(moment).reduce((sum, { pods }) => sum + pods, 0);
    expect(Math.max(...moments.map(inAll))).toBe(4);
    for (const name of names) {
      const own = moments.flatMap((moment) => moment[name] ?? []);
      expect(own.filter(({ isSuspended, pods }) => isSuspended && pods > 0)).toEqual([]);
      // All of its pods ran together before any of them had ended.
      const first = own.findIndex(({ running }) => running > 0);
      const whole = own.findIndex(({ running, parallelism }) => running === parallelism);
      expect(whole).toBeGreaterThanOrEqual(first);
      const rising = own.slice(first, whole).map(({ running }) => running);
      expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    }
  });

  test("stops a job for one of higher priority, and goes on with it afterwards", async () => {
    const priority = (value: string) => ({ labels: { "kueue.x-k8s.io/priority-class": value } });
    await submit(job("patient", { pods: 4, seconds: 15, ...priority("low") }));
    await eventually("it runs", async () => (await running())["patient"] === 4);
    await submit(job("urgent", { seconds: 4, ...priority("high") }));
    await eventually("the other runs in its place", async () => {
      return (await states())["patient"] === "waits" && (await running())["urgent"] === 2;
    });
    expect((await running())["patient"] ?? 0).toBe(0);
    await eventually("both are done", async () => {
      return Object.values(await states()).every((state) => state === "done");
    });
  });

  test("never starts a job that is larger than the quota", async () => {
    await submit(job("large", { pods: 5 }), job("small"));
    await eventually("the small one is done", async () => (await states())["small"] === "done");
    expect(await states()).toEqual({ large: "waits", small: "done" });
    expect((await stack.core.listNamespacedPod({ namespace, labelSelector: "job-name=large" })).items).toEqual([]);
  });

  describe("shared by two queues of a cohort", () => {
    const halves = ["left", "right"] as const;
    beforeAll(async () => {
      const research = (await stack.custom.getClusterCustomObject({
        group: "kueue.x-k8s.io",
        version: "v1beta2",
        plural: "clusterqueues",
        name: "research",
      })) as { spec: { resourceGroups: { flavors: { resources: { name: string; nominalQuota: string }[] }[] }[] } };
      for (const name of halves) {
        // As the platform has its queues, with half of the GPUs each.
        const spec = structuredClone(research.spec);
        const resources = spec.resourceGroups.flatMap(({ flavors }) => flavors.flatMap(({ resources }) => resources));
        for (const resource of resources) if (resource.name === "nvidia.com/gpu") resource.nominalQuota = "4";
        const apiVersion = "kueue.x-k8s.io/v1beta2";
        await stack.create({
          apiVersion,
          kind: "ClusterQueue",
          metadata: { name },
          spec: { ...spec, cohortName: "halves" },
        });
        await stack.create({
          apiVersion,
          kind: "LocalQueue",
          metadata: { name, namespace },
          spec: { clusterQueue: name },
        });
      }
    });
    const of = (queue: (typeof halves)[number]) => ({ labels: { "kueue.x-k8s.io/queue-name": queue } });

    test("lends what one of them leaves idle, and takes it back when it is wanted", async () => {
      await submit(job("borrower", { pods: 4, seconds: 15, ...of("left") }));
      await eventually("it runs on all GPUs", async () => (await running())["borrower"] === 4);
      await submit(job("owner", { seconds: 4, ...of("right") }));
      await eventually("the owner has its own", async () => {
        return (await states())["borrower"] === "waits" && (await running())["owner"] === 2;
      });
      await eventually("both are done", async () => {
        return Object.values(await states()).every((state) => state === "done");
      });
    });

    test("lets one that has its own quota run, whatever the other borrows", async () => {
      await submit(job("own", { seconds: 6, ...of("right") }));
      await eventually("it runs", async () => (await running())["own"] === 2);
      await submit(job("greedy", { pods: 4, seconds: 1, ...of("left") }), job("modest", { seconds: 1, ...of("left") }));
      await eventually("the one that fits is done", async () => (await states())["modest"] === "done");
      expect((await states())["own"]).toBe("runs");
      expect((await states())["greedy"]).toBe("waits");
    });
  });
});
