import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { timingOf } from "../../../preflight/demand/timing";
import { workloadsOf } from "../../../preflight/demand";
import { goldenStack } from "../pools/written-stack";

const annotated = (duration: Tree): TreeObject => ({ annotations: { "mlstack.dev/expected-duration": duration } });

/** Puts a value at a dotted path of an empty object. */
const at = (path: string, value: Tree): TreeObject =>
  path.split(".").reduceRight<Tree>((inner, key) => ({ [key]: inner }), value) as TreeObject;

describe("what runs", () => {
  it.each<[string, string]>([
    ["apps", "Deployment"],
    ["apps", "StatefulSet"],
    ["kubeflow.org", "Notebook"],
    ["serving.kserve.io", "InferenceService"],
    ["ray.io", "RayService"],
    ["example.com", "Whatever"],
    ["apps", "Job"],
  ])("always does where it is a service: %s/%s", (group, kind) => {
    expect(timingOf(group, kind, { metadata: annotated("1h") })).toEqual({ kind: "always" });
  });

  it.each<[string, string]>([
    ["batch", "Job"],
    ["kubeflow.org", "PyTorchJob"],
    ["kubeflow.org", "TFJob"],
    ["kubeflow.org", "XGBoostJob"],
    ["kubeflow.org", "MXJob"],
    ["kubeflow.org", "PaddleJob"],
    ["kubeflow.org", "JAXJob"],
    ["kubeflow.org", "MPIJob"],
    ["trainer.kubeflow.org", "TrainJob"],
    ["jobset.x-k8s.io", "JobSet"],
    ["batch.volcano.sh", "Job"],
    ["ray.io", "RayJob"],
    ["workload.codeflare.dev", "AppWrapper"],
    ["kueue.x-k8s.io", "Workload"],
    ["keda.sh", "ScaledJob"],
    ["sparkoperator.k8s.io", "SparkApplication"],
    ["argoproj.io", "Workflow"],
    ["kubeflow.org", "Experiment"],
    ["kubeflow.org", "Trial"],
  ])("runs once where it ends by itself: %s/%s", (group, kind) => {
    expect(timingOf(group, kind, {})).toEqual({ kind: "once" });
  });

  it.each<[Tree, "always" | "once"]>([
    [undefined, "always"],
    ["Always", "always"],
    ["OnFailure", "once"],
    ["Never", "once"],
  ])("runs as long as its restart policy %s says, where it is a pod", (restartPolicy, kind) => {
    expect(timingOf("", "Pod", { spec: { restartPolicy } }).kind).toBe(kind);
  });
});

describe("how long a run takes", () => {
  it.each<[string, string, string]>([
    ["batch", "Job", "spec.activeDeadlineSeconds"],
    ["batch", "CronJob", "spec.jobTemplate.spec.activeDeadlineSeconds"],
    ["kubeflow.org", "PyTorchJob", "spec.runPolicy.activeDeadlineSeconds"],
    ["kubeflow.org", "MPIJob", "spec.runPolicy.activeDeadlineSeconds"],
    ["trainer.kubeflow.org", "TrainJob", "spec.activeDeadlineSeconds"],
    ["ray.io", "RayJob", "spec.activeDeadlineSeconds"],
    ["kueue.x-k8s.io", "Workload", "spec.maximumExecutionTimeSeconds"],
    ["keda.sh", "ScaledJob", "spec.jobTargetRef.activeDeadlineSeconds"],
    ["sparkoperator.k8s.io", "SparkApplication", "spec.driver.template.spec.activeDeadlineSeconds"],
    ["sparkoperator.k8s.io", "ScheduledSparkApplication", "spec.template.driver.template.spec.activeDeadlineSeconds"],
    ["argoproj.io", "Workflow", "spec.activeDeadlineSeconds"],
    ["argoproj.io", "CronWorkflow", "spec.workflowSpec.activeDeadlineSeconds"],
    ["kubeflow.org", "ScheduledWorkflow", "spec.workflow.spec.activeDeadlineSeconds"],
  ])("is at most the deadline of a %s/%s", (group, kind, path) => {
    expect(timingOf(group, kind, at(path, 5400))).toMatchObject({ hours: 1.5, hoursFrom: "deadline" });
    for (const nonsense of [0, -1, "5400", UNKNOWN, null] as Tree[]) {
      expect(timingOf(group, kind, at(path, nonsense))).not.toHaveProperty("hours");
    }
  });

  it("is not told by how long a Spark application is kept", () => {
    expect(timingOf("sparkoperator.k8s.io", "SparkApplication", at("spec.timeToLiveSeconds", 3600))).toEqual({
      kind: "once",
    });
  });

  it("is the deadline of a pod that ends", () => {
    const spec = { restartPolicy: "Never", activeDeadlineSeconds: 1800 };
    expect(timingOf("", "Pod", { spec })).toEqual({ kind: "once", hours: 0.5, hoursFrom: "deadline" });
  });

  it("is what the annotation expects, whatever the deadline", () => {
    const job = { metadata: annotated("45m"), spec: { activeDeadlineSeconds: 86_400 } };
    expect(timingOf("batch", "Job", job)).toEqual({ kind: "once", hours: 0.75, hoursFrom: "annotation" });
  });

  it("is the deadline where the annotation is nonsense", () => {
    const job = { metadata: annotated("soon"), spec: { activeDeadlineSeconds: 3600 } };
    expect(timingOf("batch", "Job", job)).toEqual({ kind: "once", hours: 1, hoursFrom: "deadline" });
  });

  it("is what the annotation of the run expects, where the schedule has none", () => {
    const spec = {
      schedule: "@daily",
      jobTemplate: { metadata: annotated("2h"), spec: { activeDeadlineSeconds: 9e4 } },
    };
    const inner = timingOf("batch", "CronJob", { spec });
    expect(inner).toEqual({ kind: "repeated", hours: 2, hoursFrom: "annotation", runsPerWeek: 7 });
    expect(timingOf("batch", "CronJob", { metadata: annotated("3h"), spec })).toMatchObject({ hours: 3 });
  });

  describe("of a JobSet", () => {
    const job = (seconds?: number, more: TreeObject = {}): TreeObject => ({
      template: { spec: seconds === undefined ? {} : { activeDeadlineSeconds: seconds } },
      ...more,
    });
    const jobSet = (replicatedJobs: TreeObject[], more: TreeObject = {}) =>
      timingOf("jobset.x-k8s.io", "JobSet", { spec: { replicatedJobs, ...more } }).hours;

    it("is that of its longest Job, as they run side by side", () => {
      expect(jobSet([job(3600), job(7200)])).toBe(2);
    });

    it("is that of all Jobs together where some wait for others", () => {
      expect(jobSet([job(3600), job(7200, { dependsOn: [{ name: "a", status: "Complete" }] })])).toBe(3);
    });

    it("grows with each time it may start again", () => {
      expect(jobSet([job(3600)], { failurePolicy: { maxRestarts: 3 } })).toBe(4);
      expect(jobSet([job(3600)], { failurePolicy: { maxRestarts: UNKNOWN } })).toBeUndefined();
    });

    it("is not known where a Job has none", () => {
      expect(jobSet([job(3600), job()])).toBeUndefined();
      expect(jobSet([])).toBeUndefined();
    });
  });

  describe("of an experiment", () => {
    const experiment = (trialSpec: Tree, more: TreeObject = {}) =>
      timingOf("kubeflow.org", "Experiment", { spec: { trialTemplate: { trialSpec } }, ...more });
    const job = { apiVersion: "batch/v1", kind: "Job", spec: { activeDeadlineSeconds: 1800 } };

    it("is that of a trial", () => {
      expect(experiment(job)).toEqual({ kind: "once", hours: 0.5, hoursFrom: "deadline" });
      expect(experiment({ ...job, metadata: annotated("6m") })).toMatchObject({ hours: 0.1, hoursFrom: "annotation" });
      expect(experiment(job, { metadata: annotated("12m") })).toMatchObject({ hours: 0.2 });
    });

    it("is that of whatever a trial is made from", () => {
      const training = {
        apiVersion: "kubeflow.org/v1",
        kind: "PyTorchJob",
        spec: { runPolicy: { activeDeadlineSeconds: 3600 } },
      };
      expect(experiment(training)).toMatchObject({ hours: 1 });
      expect(experiment({ apiVersion: "v1", kind: "Thing", spec: {} })).toEqual({ kind: "once" });
      expect(experiment(UNKNOWN)).toEqual({ kind: "once" });
    });

    it("counts its trials", () => {
      const trials = (spec: TreeObject) => timingOf("kubeflow.org", "Experiment", { spec }).trials;
      expect(trials({ maxTrialCount: 12, parallelTrialCount: 4 })).toEqual({ total: 12, parallel: 4 });
      expect(trials({ maxTrialCount: 12 })).toEqual({ total: 12, parallel: 3 });
      expect(trials({ maxTrialCount: 2, parallelTrialCount: 4 })).toEqual({ total: 2, parallel: 2 });
      for (const maxTrialCount of [undefined, 0, "12", UNKNOWN] as Tree[])
        expect(trials({ maxTrialCount })).toBeUndefined();
      for (const parallelTrialCount of [0, UNKNOWN] as Tree[]) {
        expect(trials({ maxTrialCount: 12, parallelTrialCount })).toBeUndefined();
      }
      expect(timingOf("kubeflow.org", "Trial", { spec: { maxTrialCount: 12 } })).not.toHaveProperty("trials");
    });
  });
});

describe("how often it runs", () => {
  const runs = (group: string, kind: string, spec: TreeObject) => timingOf(group, kind, { spec }).runsPerWeek;

  it.each<[string, string]>([
    ["batch", "CronJob"],
    ["argoproj.io", "CronWorkflow"],
    ["sparkoperator.k8s.io", "ScheduledSparkApplication"],
  ])("is what the schedule of a %s/%s says, and 0 while it is suspended", (group, kind) => {
    expect(runs(group, kind, { schedule: "0 3 * * 1-5" })).toBe(5);
    expect(runs(group, kind, { schedule: "0 3 * * 1-5", suspend: false })).toBe(5);
    expect(runs(group, kind, { schedule: "0 3 * * 1-5", suspend: true })).toBe(0);
    expect(runs(group, kind, { schedule: "now and then" })).toBeUndefined();
    expect(runs(group, kind, { schedule: UNKNOWN })).toBeUndefined();
    expect(runs(group, kind, {})).toBeUndefined();
  });

  it("is that of all schedules of a CronWorkflow together", () => {
    expect(runs("argoproj.io", "CronWorkflow", { schedules: ["@daily", "@weekly"] })).toBe(8);
    expect(runs("argoproj.io", "CronWorkflow", { schedules: ["@daily", UNKNOWN] })).toBeUndefined();
    expect(runs("argoproj.io", "CronWorkflow", { schedules: [UNKNOWN, "@daily"] })).toBeUndefined();
    expect(runs("argoproj.io", "CronWorkflow", { schedules: null, schedule: "@daily" })).toBe(7);
    expect(runs("argoproj.io", "CronWorkflow", { schedules: UNKNOWN })).toBeUndefined();
  });

  it("is what the trigger of a ScheduledWorkflow says", () => {
    const scheduled = (spec: TreeObject) => runs("kubeflow.org", "ScheduledWorkflow", spec);
    expect(scheduled({ trigger: { cronSchedule: { cron: "0 0 5 * * *" } } })).toBe(7);
    expect(scheduled({ trigger: { periodicSchedule: { intervalSecond: 3600 } } })).toBe(168);
    expect(scheduled({ trigger: { periodicSchedule: { intervalSecond: "7200" } } })).toBe(84);
    for (const intervalSecond of [0, "x", UNKNOWN] as Tree[]) {
      expect(scheduled({ trigger: { periodicSchedule: { intervalSecond } } })).toBeUndefined();
    }
    expect(scheduled({ enabled: false, trigger: { cronSchedule: { cron: "@daily" } } })).toBe(0);
    expect(scheduled({ enabled: true, trigger: { cronSchedule: { cron: "@daily" } } })).toBe(7);
  });

  it("is nothing for what runs once", () => {
    expect(timingOf("batch", "Job", { spec: { schedule: "@daily", suspend: true } })).toEqual({ kind: "once" });
  });
});

describe("the golden files of this project", () => {
  const timings = (name: string) => workloadsOf(goldenStack(name)).map(({ timing }) => timing);

  it.each<[string, object[]]>([
    ["example-cron-task", [{ kind: "repeated", hours: 1, hoursFrom: "deadline", runsPerWeek: 7 }]],
    ["example-drift-monitor", [{ kind: "repeated", hours: 1, hoursFrom: "deadline", runsPerWeek: 168 }]],
    ["workload-cron-task-gpu", [{ kind: "repeated", hours: 24, hoursFrom: "deadline", runsPerWeek: 0 }]],
    ["workload-cron-workflow-minimal", [{ kind: "repeated", hours: 24, hoursFrom: "deadline", runsPerWeek: 7 }]],
    ["example-scheduled-spark-job", [{ kind: "repeated", hours: 2, hoursFrom: "deadline", runsPerWeek: 5 }]],
    ["example-sweep", [{ kind: "once", hours: 1, hoursFrom: "deadline", trials: { total: 30, parallel: 4 } }]],
    ["example-train-job", [{ kind: "once", hours: 12, hoursFrom: "deadline" }]],
    ["example-tensor-board", [{ kind: "always" }]],
  ])("are read: %s", (name, expected) => {
    expect(timings(name)).toEqual(expected);
  });
});
