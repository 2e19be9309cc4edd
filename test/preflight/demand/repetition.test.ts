import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import { mayOverlap, timingOf } from "../../../preflight/demand/timing";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { stackOf } from "../pools/written-stack";

const TWO_HOURS = { annotations: { "mlstack.dev/expected-duration": "2h" } };

/** What is known of the runs of an object of which each takes two hours. */
const runsOf = (kind: string, spec: TreeObject) => {
  const [group = "", name = ""] = kind.split("/");
  const { runsPerWeek, runsAtOnce } = timingOf(group, name, { metadata: TWO_HOURS, spec });
  return [runsPerWeek, runsAtOnce];
};

const HALF_HOURLY = 7 * 24 * 2;

describe("runs that take longer than the time between them", () => {
  it.each<[kind: string, spec: TreeObject, runsPerWeek: number | undefined, atOnce: number | undefined]>([
    ["batch/CronJob", { schedule: "*/30 * * * *" }, HALF_HOURLY, 4],
    ["batch/CronJob", { schedule: "*/30 * * * *", concurrencyPolicy: "Allow" }, HALF_HOURLY, 4],
    ["batch/CronJob", { schedule: "*/30 * * * *", concurrencyPolicy: "Forbid" }, HALF_HOURLY, undefined],
    ["batch/CronJob", { schedule: "*/30 * * * *", concurrencyPolicy: "Replace" }, HALF_HOURLY, undefined],
    ["batch/CronJob", { schedule: "*/30 * * * *", concurrencyPolicy: UNKNOWN }, HALF_HOURLY, 4],
    ["batch/CronJob", { schedule: "*/30 * * * *", suspend: true }, 0, undefined],
    ["batch/CronJob", { schedule: "0 */2 * * *" }, 84, undefined],
    ["batch/CronJob", { schedule: UNKNOWN }, undefined, undefined],
    ["batch/CronJob", { schedule: 5 }, undefined, undefined],
    ["batch/CronJob", { schedule: "often" }, undefined, undefined],
    ["batch/CronJob", {}, undefined, undefined],
    ["sparkoperator.k8s.io/ScheduledSparkApplication", { schedule: "@every 30m" }, HALF_HOURLY, 4],
    [
      "sparkoperator.k8s.io/ScheduledSparkApplication",
      { schedule: "@every 30m", concurrencyPolicy: "Forbid" },
      HALF_HOURLY,
      undefined,
    ],
    ["argoproj.io/CronWorkflow", { schedules: ["*/30 * * * *", "0 * * * *"] }, HALF_HOURLY + 168, 6],
    ["argoproj.io/CronWorkflow", { schedules: ["0 0 * * *", "0 12 * * *"] }, 14, 2],
    ["argoproj.io/CronWorkflow", { schedules: ["0 0 * * *", UNKNOWN] }, undefined, undefined],
    ["argoproj.io/CronWorkflow", { schedules: [] }, 0, undefined],
    ["argoproj.io/CronWorkflow", { schedule: "*/30 * * * *", concurrencyPolicy: "Replace" }, HALF_HOURLY, undefined],
    ["kubeflow.org/ScheduledWorkflow", { trigger: { cronSchedule: { cron: "*/30 * * * *" } } }, HALF_HOURLY, undefined],
    [
      "kubeflow.org/ScheduledWorkflow",
      { trigger: { cronSchedule: { cron: "*/30 * * * *" } }, maxConcurrency: 3 },
      HALF_HOURLY,
      3,
    ],
    [
      "kubeflow.org/ScheduledWorkflow",
      { trigger: { periodicSchedule: { intervalSecond: "1800" } }, maxConcurrency: 10 },
      HALF_HOURLY,
      4,
    ],
    [
      "kubeflow.org/ScheduledWorkflow",
      { trigger: { periodicSchedule: { intervalSecond: 1800 } }, maxConcurrency: 0 },
      HALF_HOURLY,
      undefined,
    ],
    ["kubeflow.org/ScheduledWorkflow", { trigger: { periodicSchedule: { intervalSecond: 0 } } }, undefined, undefined],
    [
      "kubeflow.org/ScheduledWorkflow",
      { trigger: { periodicSchedule: { intervalSecond: true } } },
      undefined,
      undefined,
    ],
  ])("of a %s with %j", (kind, spec, runsPerWeek, atOnce) => {
    expect(runsOf(kind, spec)).toEqual([runsPerWeek, atOnce]);
  });

  it("are one where nothing tells how long they take", () => {
    const spec = { schedule: "*/30 * * * *" };
    expect(timingOf("batch", "CronJob", { spec })).toEqual({ kind: "repeated", runsPerWeek: HALF_HOURLY });
  });

  it.each<[kind: string, spec: Tree, overlaps: boolean]>([
    ["batch/CronJob", {}, true],
    ["batch/CronJob", { concurrencyPolicy: "Forbid" }, false],
    ["kubeflow.org/ScheduledWorkflow", {}, false],
    ["kubeflow.org/ScheduledWorkflow", { maxConcurrency: 2 }, true],
    ["batch/Job", {}, false],
    ["apps/Deployment", {}, false],
  ])("can be of a %s with %j: %s", (kind, spec, overlaps) => {
    const [group = "", name = ""] = kind.split("/");
    expect(mayOverlap(group, name, { spec })).toBe(overlaps);
  });
});

const CRON_JOB = `
apiVersion: batch/v1
kind: CronJob
metadata: { name: eval, namespace: ml, annotations: { mlstack.dev/expected-duration: 2h } }
spec:
  schedule: "*/30 * * * *"
  jobTemplate:
    metadata: { labels: { kueue.x-k8s.io/queue-name: night } }
    spec:
      parallelism: 3
      template: { spec: { containers: [{ name: main, resources: { requests: { cpu: 1 } } }] } }
`;

const QUEUE = `
---
apiVersion: kueue.x-k8s.io/v1beta1
kind: LocalQueue
metadata: { name: night, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: kueue.x-k8s.io/v1beta1
kind: ClusterQueue
metadata: { name: research }
spec:
  resourceGroups:
    - coveredResources: [cpu, pods]
      flavors: [{ name: main, resources: [{ name: cpu, nominalQuota: 12 }, { name: pods, nominalQuota: 100 }] }]
`;

describe("the pods of runs that overlap", () => {
  const setOf = (resources: PlannedResource[]) => workloadsOf(resources)[0]!.podSets[0]!;

  it("are there at once, and each run's together with each other alone", () => {
    expect(setOf(stackOf(CRON_JOB))).toMatchObject({ count: 12, minCount: 1 });
    const indexed = CRON_JOB.replace(
      "parallelism: 3",
      "parallelism: 3\n      completions: 3\n      completionMode: Indexed",
    );
    expect(setOf(stackOf(indexed))).toMatchObject({ count: 12, minCount: 3 });
    expect(setOf(stackOf(CRON_JOB.replace("schedule:", "concurrencyPolicy: Forbid\n  schedule:")))).toMatchObject({
      count: 3,
    });
  });

  it("are admitted by their queue run by run", () => {
    expect(setOf(stackOf(CRON_JOB + QUEUE))).toMatchObject({ count: 12, admittedCount: 3 });
  });

  it("are as many as is not known, where that is not known of one", () => {
    const [job] = stackOf(CRON_JOB.replace("parallelism: 3", "parallelism: 3\n      completions: 9"));
    const spec = job!.properties["spec"] as TreeObject;
    const jobTemplate = spec["jobTemplate"] as TreeObject;
    const inner: TreeObject = { ...(jobTemplate["spec"] as TreeObject), parallelism: UNKNOWN };
    const properties: TreeObject = {
      ...job!.properties,
      spec: { ...spec, jobTemplate: { ...jobTemplate, spec: inner } },
    };
    expect(setOf([{ ...job!, properties }]).count).toBeUndefined();
  });
});
