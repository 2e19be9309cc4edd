import { describe, expect, it } from "vitest";
import { jobLimits } from "../../../../policies/pod-security/practices/job-limits";
import type { TestResource } from "../../analyzer";
import { fixesOf, refused, said, waiting, waitsFor, written } from "./said";

const POD = "{ metadata: {}, spec: { restartPolicy: Never, containers: [{ name: main }] } }";
const WHOLE = "backoffLimit: 2, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 60";

function deadline(path: string, object = "Job it"): string {
  return (
    `advisory [POD-27] ${object}: ${path} is absent, so that a job which hangs runs for ever; ` +
    "allowed: a number of seconds. Set the longest that the job may take."
  );
}

function timeToLive(path: string, object = "Job it", seconds = 86400): string {
  return (
    `advisory [POD-27] ${object}: ${path} is absent, so that the finished job stays until somebody deletes it; ` +
    `allowed: a number of seconds. Set it, for example to ${seconds}.`
  );
}

function retries(path: string, observed: string, most = 10, object = "Job it"): string {
  return (
    `advisory [POD-27] ${object}: ${path} is ${observed}; allowed: a number from 0 to ${most}. ` +
    "Set as many retries as a passing fault of a node takes, and resume from a checkpoint."
  );
}

function restart(observed: string): string {
  return (
    `advisory [POD-27] Job it: spec.template.spec.restartPolicy is ${observed}; allowed: "Never" or "OnFailure". ` +
    "Set it to Never, which keeps the logs of every try."
  );
}

function object(apiVersion: string, kind: string, spec: string): string {
  return `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: it }, spec: { ${spec} } }`;
}

function batchJob(spec: string, pod = POD): string {
  return object("batch/v1", "Job", `${spec}${spec === "" ? "" : ", "}template: ${pod}`);
}

function one(yaml: string): TestResource {
  return written(yaml)[0]!;
}

describe("POD-27 Jobs", () => {
  it.each([
    ["one that has it all", batchJob(WHOLE)],
    ["restarts on failure", batchJob(WHOLE, POD.replace("Never", "OnFailure"))],
    [
      "no number of retries, of which Kubernetes has few",
      batchJob("activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 0"),
    ],
    ["ten retries", batchJob(WHOLE.replace("2", "10"))],
    ["ten retries for each of two pods", batchJob(`parallelism: 2, ${WHOLE.replace("2", "20")}`)],
    ["retries of each index", batchJob(`backoffLimitPerIndex: 1, ${WHOLE.replace("2", "100")}`)],
    ["no retries", batchJob(WHOLE.replace("2", "0"))],
    ["any retries of pods that nobody has counted", batchJob(`parallelism: ?, ${WHOLE.replace("2", "1000")}`)],
  ])("accepts %s", (_case, yaml) => {
    expect(said(jobLimits, yaml)).toEqual([]);
  });

  it.each([
    ["nothing set", batchJob(""), [deadline("spec.activeDeadlineSeconds"), timeToLive("spec.ttlSecondsAfterFinished")]],
    [
      "null",
      batchJob("activeDeadlineSeconds: null, ttlSecondsAfterFinished: null"),
      [deadline("spec.activeDeadlineSeconds"), timeToLive("spec.ttlSecondsAfterFinished")],
    ],
    ["eleven retries", batchJob(WHOLE.replace("2", "11")), [retries("spec.backoffLimit", "11")]],
    [
      "more for each of two pods",
      batchJob(`parallelism: 2, ${WHOLE.replace("2", "21")}`),
      [retries("spec.backoffLimit", "21", 20)],
    ],
    [
      "more where no pod runs",
      batchJob(`parallelism: 0, ${WHOLE.replace("2", "11")}`),
      [retries("spec.backoffLimit", "11")],
    ],
    [
      "no restart policy",
      batchJob(WHOLE, POD.replace("restartPolicy: Never, ", "")),
      [restart("absent, which stands for Always")],
    ],
    ["restarts for ever", batchJob(WHOLE, POD.replace("Never", "Always")), [restart('"Always"')]],
  ])("refuses %s", (_case, yaml, messages) => {
    expect(said(jobLimits, yaml)).toEqual(messages);
  });

  it("sets the time-to-live alone", () => {
    const fix = [{ path: "spec.ttlSecondsAfterFinished", value: 86400 }];

    expect(fixesOf(jobLimits, one(batchJob("backoffLimit: 100")))).toEqual(fix);
    expect(fixesOf(jobLimits, one(batchJob("")), { seconds: 60 })).toEqual([{ ...fix[0], value: 60 }]);
  });

  it("takes its numbers from parameters", () => {
    const object = batchJob("backoffLimit: 4, activeDeadlineSeconds: 60");

    expect(said(jobLimits, object, { retries: 3, seconds: 60 })).toEqual([
      retries("spec.backoffLimit", "4", 3),
      timeToLive("spec.ttlSecondsAfterFinished", "Job it", 60),
    ]);
    expect(said(jobLimits, object, { retries: 4, timeToLive: false })).toEqual([]);
    expect([-1, 1.5, "3"].every((value) => refused(jobLimits, "retries", value))).toBe(true);
    expect(refused(jobLimits, "retries", 0)).toBe(false);
    expect(refused(jobLimits, "seconds", 0)).toBe(true);
    expect(refused(jobLimits, "seconds", 1)).toBe(false);
    expect(refused(jobLimits, "timeToLive", "no")).toBe(true);
    expect(refused(jobLimits, "timeToLive", false)).toBe(false);
  });

  it.each([
    [
      "the deadline",
      batchJob(WHOLE.replace("activeDeadlineSeconds: 60", "activeDeadlineSeconds: ?")),
      "spec.activeDeadlineSeconds",
    ],
    ["the retries", batchJob(WHOLE.replace("2", "?")), "spec.backoffLimit"],
    ["the time-to-live", batchJob(WHOLE.replace("Finished: 60", "Finished: ?")), "spec.ttlSecondsAfterFinished"],
    ["the restart policy", batchJob(WHOLE, POD.replace("Never", "?")), "spec.template.spec.restartPolicy"],
  ])("waits for %s", (_case, yaml, path) => {
    expect(said(jobLimits, yaml)).toEqual([waiting(jobLimits, "Job it", path)]);
  });

  it("waits for all of it", () => {
    const paths = ["spec", "spec.template.spec.restartPolicy"];

    expect(waitsFor(jobLimits, one("{ apiVersion: batch/v1, kind: Job, metadata: { name: it }, spec: ? }"))).toEqual(
      paths,
    );
  });

  it("has nothing to say of pods that are no job's", () => {
    expect(said(jobLimits, object("apps/v1", "Deployment", `template: ${POD}`))).toEqual([]);
    expect(said(jobLimits, object("v1", "Pod", "restartPolicy: Always"))).toEqual([]);
  });
});

describe("POD-27 other kinds of jobs", () => {
  const jobs = "replicatedJobs: [{ name: node, template: { spec: { backoffLimit: 11, template: {} } } }]";
  const runPolicy = (path: string, kind: string) => [
    deadline(`${path}.activeDeadlineSeconds`, `${kind} it`),
    timeToLive(`${path}.ttlSecondsAfterFinished`, `${kind} it`),
  ];

  it.each([
    [
      "batch/v1",
      "CronJob",
      `jobTemplate: { spec: { template: ${POD} } }`,
      [deadline("spec.jobTemplate.spec.activeDeadlineSeconds", "CronJob it")],
    ],
    [
      "jobset.x-k8s.io/v1alpha2",
      "JobSet",
      jobs,
      [
        timeToLive("spec.ttlSecondsAfterFinished", "JobSet it"),
        deadline("spec.replicatedJobs[0].template.spec.activeDeadlineSeconds", "JobSet it"),
        retries("spec.replicatedJobs[0].template.spec.backoffLimit", "11", 10, "JobSet it"),
      ],
    ],
    ...["TFJob", "XGBoostJob", "PaddleJob", "JAXJob", "MXJob", "MPIJob"].map(
      (kind): [string, string, string, string[]] => [
        "kubeflow.org/v1",
        kind,
        "a: 1",
        runPolicy("spec.runPolicy", kind),
      ],
    ),
    [
      "trainer.kubeflow.org/v1alpha1",
      "TrainJob",
      "runtimeRef: { name: torch }",
      [deadline("spec.activeDeadlineSeconds", "TrainJob it")],
    ],
    [
      "trainer.kubeflow.org/v1alpha1",
      "TrainingRuntime",
      "a: 1",
      [timeToLive("spec.template.spec.ttlSecondsAfterFinished", "TrainingRuntime it")],
    ],
    [
      "trainer.kubeflow.org/v1alpha1",
      "ClusterTrainingRuntime",
      "a: 1",
      [timeToLive("spec.template.spec.ttlSecondsAfterFinished", "ClusterTrainingRuntime it")],
    ],
    [
      "sparkoperator.k8s.io/v1beta2",
      "SparkApplication",
      "a: 1",
      [timeToLive("spec.timeToLiveSeconds", "SparkApplication it")],
    ],
    [
      "argoproj.io/v1alpha1",
      "Workflow",
      "a: 1",
      [timeToLive("spec.ttlStrategy.secondsAfterCompletion", "Workflow it")],
    ],
    ["batch.volcano.sh/v1alpha1", "Job", "a: 1", [timeToLive("spec.ttlSecondsAfterFinished")]],
    ["ray.io/v1", "RayJob", "a: 1", [deadline("spec.activeDeadlineSeconds", "RayJob it")]],
  ])("judges %s %s", (apiVersion, kind, spec, messages) => {
    expect(said(jobLimits, object(apiVersion, kind, spec))).toEqual(messages);
  });

  it.each([
    [
      "a CronJob",
      object("batch/v1", "CronJob", `jobTemplate: { spec: { activeDeadlineSeconds: 1, template: ${POD} } }`),
    ],
    [
      "a workflow that is kept when it fails",
      object("argoproj.io/v1alpha1", "Workflow", "ttlStrategy: { secondsAfterSuccess: 1 }"),
    ],
    [
      "a workflow that is removed when it fails",
      object("argoproj.io/v1alpha1", "Workflow", "ttlStrategy: { secondsAfterFailure: 1 }"),
    ],
    [
      "a workflow that is removed",
      object("argoproj.io/v1alpha1", "Workflow", "ttlStrategy: { secondsAfterCompletion: 1, secondsAfterFailure: ? }"),
    ],
    ["a Spark application", object("sparkoperator.k8s.io/v1beta2", "SparkApplication", "timeToLiveSeconds: 60")],
    [
      "a JobSet without jobs",
      object("jobset.x-k8s.io/v1alpha2", "JobSet", "ttlSecondsAfterFinished: 1, replicatedJobs: 4"),
    ],
    ["a template for workflows", object("argoproj.io/v1alpha1", "WorkflowTemplate", "a: 1")],
    ["a schedule of workflows", object("argoproj.io/v1alpha1", "CronWorkflow", "workflowSpec: {}")],
  ])("accepts %s", (_case, yaml) => {
    expect(said(jobLimits, yaml)).toEqual([]);
  });

  it("finds a CronJob's pods that restart for ever", () => {
    const cron = object("batch/v1", "CronJob", `jobTemplate: { spec: { activeDeadlineSeconds: 1, template: ${POD} } }`);
    const path = "spec.jobTemplate.spec.template.spec.restartPolicy";

    expect(said(jobLimits, cron.replace("Never", "Always"))).toEqual([
      restart('"Always"').replace("Job it: spec.template.spec.restartPolicy", `CronJob it: ${path}`),
    ]);
  });

  const policy = "runPolicy: { activeDeadlineSeconds: 1, ttlSecondsAfterFinished: 1";
  const replicas = (first: string, second = "Never") =>
    `pytorchReplicaSpecs: { Master: { restartPolicy: ${first} }, Worker: { restartPolicy: ${second} } }`;

  it.each([
    ["by default", replicas("null", "Never").replace("restartPolicy: null", "replicas: 1")],
    ["on failure", replicas("Never", "OnFailure")],
    ["always", replicas("Always")],
  ])("asks a PyTorchJob whose pods restart %s for a number of retries", (_case, specs) => {
    const endless = "absent, so that failed pods start again for ever";
    const path = "spec.runPolicy.backoffLimit";

    expect(said(jobLimits, object("kubeflow.org/v1", "PyTorchJob", `${policy} }, ${specs}`))).toEqual([
      retries(path, endless, 10, "PyTorchJob it"),
    ]);
    expect(
      said(jobLimits, object("kubeflow.org/v1", "PyTorchJob", `${policy}, backoffLimit: null }, ${specs}`)),
    ).toEqual([retries(path, endless, 10, "PyTorchJob it")]);
    expect(said(jobLimits, object("kubeflow.org/v1", "PyTorchJob", `${policy}, backoffLimit: 3 }, ${specs}`))).toEqual(
      [],
    );
    expect(said(jobLimits, object("kubeflow.org/v1", "TFJob", `${policy} }, ${specs}`))).toEqual([]);
  });

  it("names no most for a PyTorchJob of which nobody knows the pods", () => {
    const specs = "pytorchReplicaSpecs: { Worker: { replicas: ?, template: {} } }";

    expect(said(jobLimits, object("kubeflow.org/v1", "PyTorchJob", `${policy} }, ${specs}`))).toEqual([
      retries(
        "spec.runPolicy.backoffLimit",
        "absent, so that failed pods start again for ever",
        10,
        "PyTorchJob it",
      ).replace("a number from 0 to 10", "a number"),
    ]);
  });

  it.each([
    ["never restart", replicas("Never")],
    ["restart by exit code", replicas("ExitCode")],
    ["are not there", "a: 1"],
  ])("asks none of a PyTorchJob whose pods %s", (_case, specs) => {
    expect(said(jobLimits, object("kubeflow.org/v1", "PyTorchJob", `${policy} }, ${specs}`))).toEqual([]);
  });

  it("waits for a run policy, for jobs, and for what removes a workflow", () => {
    expect(said(jobLimits, object("kubeflow.org/v1", "TFJob", "runPolicy: ?"))).toEqual([
      waiting(jobLimits, "TFJob it", "spec.runPolicy"),
    ]);
    expect(
      said(jobLimits, object("jobset.x-k8s.io/v1alpha2", "JobSet", "ttlSecondsAfterFinished: 1, replicatedJobs: ?")),
    ).toEqual([waiting(jobLimits, "JobSet it", "spec.replicatedJobs")]);
    expect(
      said(jobLimits, object("argoproj.io/v1alpha1", "Workflow", "ttlStrategy: { secondsAfterFailure: ? }")),
    ).toEqual([waiting(jobLimits, "Workflow it", "spec.ttlStrategy.secondsAfterCompletion")]);
  });
});
