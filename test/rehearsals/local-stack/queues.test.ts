import type { V1Job } from "@kubernetes/client-node";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
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

/** Whether a job ran with all its pods, had none while another ran with all of its own, and ran again thereafter. */
function isInTurn(moments: readonly Moment[], stopped: string, other: string): boolean {
  const runs = (moment: Moment, name: string) => moment[name]?.running === moment[name]?.parallelism;
  const started = moments.findIndex((moment) => moment[stopped] !== undefined && runs(moment, stopped));
  const replaced = moments.findIndex((moment) => {
    return moment[other] !== undefined && runs(moment, other) && moment[stopped]?.isSuspended === true;
  });
  const resumed = moments.findLastIndex((moment) => moment[stopped] !== undefined && runs(moment, stopped));
  const isAlone = replaced >= 0 && moments[replaced]?.[stopped]?.pods === 0;
  return started >= 0 && started < replaced && isAlone && replaced < resumed;
}

/** Waits until all pods of a job run: one that is stopped as soon as it is admitted may have had none yet. */
async function untilRunning(history: JobHistory, name: string, pods: number): Promise<void> {
  await eventually("all its pods run", () => Promise.resolve(history.moments().at(-1)?.[name]?.running === pods));
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

  const allDone = () =>
    eventually("all are done", async () => Object.values(await states()).every((state) => state === "done"), 120_000);

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
    await allDone();
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
    const history = await JobHistory.start(stack.config, namespace);
    const priority = (value: string) => ({ labels: { "kueue.x-k8s.io/priority-class": value } });
    await submit(job("patient", { pods: 4, seconds: 15, ...priority("low") }));
    await untilRunning(history, "patient", 4);
    await submit(job("urgent", priority("high")));
    await allDone();
    await history.stop();
    expect(isInTurn(history.moments(), "patient", "urgent")).toBe(true);
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
        for (const resource of resources) {
          if (resource.name === "nvidia.com/gpu" && resource.nominalQuota === "8") resource.nominalQuota = "4";
        }
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
      const history = await JobHistory.start(stack.config, namespace);
      await submit(job("borrower", { pods: 4, seconds: 15, ...of("left") }));
      await untilRunning(history, "borrower", 4);
      await submit(job("owner", of("right")));
      await allDone();
      await history.stop();
      expect(isInTurn(history.moments(), "borrower", "owner")).toBe(true);
    });

    test("goes on with what has its own quota, whatever the other wants to borrow", async () => {
      const history = await JobHistory.start(stack.config, namespace);
      await submit(job("own", { seconds: 10, ...of("right") }));
      await eventually("it runs", async () => (await states())["own"] === "runs");
      await submit(job("greedy", { pods: 4, seconds: 1, ...of("left") }));
      await allDone();
      await history.stop();
      // Of jobs before, some may still be on their way out.
      const together = history.moments().filter(({ own, greedy }) => (own?.pods ?? 0) > 0 && (greedy?.pods ?? 0) > 0);
      expect(together).toEqual([]);
      const stopped = history.moments().filter(({ own }) => own?.isSuspended === true);
      expect(stopped.filter(({ greedy }) => greedy !== undefined)).toEqual([]);
    });
  });
});
