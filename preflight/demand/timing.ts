import { arrayAt, childAt, EXPECTED_DURATION_ANNOTATION, nodeAt, stringAt, type Tree } from "../../components/model";
import { hoursOf } from "./duration";
import { CONCURRENCY, mostRuns, repeatedRuns, type Repetition } from "./repetition";
import type { Timing } from "./workload";

const SECONDS_PER_HOUR = 3600;

/** How objects of a kind run. */
interface KindTiming {
  kind: Timing["kind"];
  /** Where they say after how many seconds a run is ended. */
  deadline?: string;
  /** Hours after which a run is ended, where no single field says it. */
  hoursOf?: (object: Tree) => number | undefined;
  /** What one run is made from, which may have metadata and a kind of its own. */
  run?: string;
  /** Where those that repeat say how. */
  repetition?: Repetition;
}

const KUBEFLOW_JOB: KindTiming = { kind: "once", deadline: "spec.runPolicy.activeDeadlineSeconds" };

/**
 * Kinds whose pods end by themselves, by API group and kind; all others are services.
 *
 * The driver of a Spark application takes its executors with it, so that its deadline is that of the application; its
 * `timeToLiveSeconds` only says when the object is removed.
 */
const KINDS: ReadonlyMap<string, KindTiming> = new Map([
  ["batch/Job", { kind: "once", deadline: "spec.activeDeadlineSeconds" }],
  [
    "batch/CronJob",
    {
      kind: "repeated",
      deadline: "spec.jobTemplate.spec.activeDeadlineSeconds",
      run: "spec.jobTemplate",
      repetition: { schedules: ["spec.schedule"], overlap: CONCURRENCY },
    },
  ],
  ["kubeflow.org/PyTorchJob", KUBEFLOW_JOB],
  ["kubeflow.org/TFJob", KUBEFLOW_JOB],
  ["kubeflow.org/XGBoostJob", KUBEFLOW_JOB],
  ["kubeflow.org/MXJob", KUBEFLOW_JOB],
  ["kubeflow.org/PaddleJob", KUBEFLOW_JOB],
  ["kubeflow.org/JAXJob", KUBEFLOW_JOB],
  ["kubeflow.org/MPIJob", KUBEFLOW_JOB],
  ["trainer.kubeflow.org/TrainJob", { kind: "once", deadline: "spec.activeDeadlineSeconds" }],
  ["jobset.x-k8s.io/JobSet", { kind: "once", hoursOf: jobSetHours }],
  ["batch.volcano.sh/Job", { kind: "once" }],
  ["ray.io/RayJob", { kind: "once", deadline: "spec.activeDeadlineSeconds" }],
  ["workload.codeflare.dev/AppWrapper", { kind: "once" }],
  ["kueue.x-k8s.io/Workload", { kind: "once", deadline: "spec.maximumExecutionTimeSeconds" }],
  ["keda.sh/ScaledJob", { kind: "once", deadline: "spec.jobTargetRef.activeDeadlineSeconds" }],
  [
    "sparkoperator.k8s.io/SparkApplication",
    { kind: "once", deadline: "spec.driver.template.spec.activeDeadlineSeconds" },
  ],
  [
    "sparkoperator.k8s.io/ScheduledSparkApplication",
    {
      kind: "repeated",
      deadline: "spec.template.driver.template.spec.activeDeadlineSeconds",
      run: "spec.template",
      repetition: { schedules: ["spec.schedule"], overlap: CONCURRENCY },
    },
  ],
  ["argoproj.io/Workflow", { kind: "once", deadline: "spec.activeDeadlineSeconds" }],
  [
    "argoproj.io/CronWorkflow",
    {
      kind: "repeated",
      deadline: "spec.workflowSpec.activeDeadlineSeconds",
      // The operator adds the runs of all schedules; the singular is the older spelling.
      repetition: { schedules: ["spec.schedules", "spec.schedule"], overlap: CONCURRENCY },
    },
  ],
  [
    "kubeflow.org/ScheduledWorkflow",
    {
      kind: "repeated",
      deadline: "spec.workflow.spec.activeDeadlineSeconds",
      repetition: {
        schedules: ["spec.trigger.cronSchedule.cron"],
        pause: { path: "spec.enabled", by: false },
        overlap: { most: "spec.maxConcurrency", absent: 1 },
      },
    },
  ],
  ["kubeflow.org/Experiment", { kind: "once", run: "spec.trialTemplate.trialSpec" }],
  ["kubeflow.org/Trial", { kind: "once", run: "spec.runSpec" }],
]);

/**
 * Trials at once where an experiment does not say.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/
 */
const PARALLEL_TRIALS = 3;

/** What is known of when the pods of an object run, and for how long; of an experiment, one trial is a run. */
export function timingOf(group: string, kind: string, object: Tree): Timing {
  if (`${group}/${kind}` === "/Pod") return podTiming(object);
  const told = KINDS.get(`${group}/${kind}`);
  if (told === undefined) return { kind: "always" };
  const trials = `${group}/${kind}` === "kubeflow.org/Experiment" ? trialsOf(object) : undefined;
  const duration = durationOf(object, told);
  return {
    kind: told.kind,
    ...duration,
    ...(told.repetition === undefined ? {} : repeatedRuns(object, told.repetition, duration.hours)),
    ...(trials === undefined ? {} : { trials }),
  };
}

function podTiming(pod: Tree): Timing {
  const policy = childAt(childAt(pod, "spec"), "restartPolicy") ?? "Always";
  if (policy === "Always") return { kind: "always" };
  return { kind: "once", ...durationOf(pod, { kind: "once", deadline: "spec.activeDeadlineSeconds" }) };
}

/** The annotation is what somebody expects, so that it goes before the deadline, which is the longest it can be. */
function durationOf(
  object: Tree,
  { deadline, run, hoursOf: longest }: KindTiming,
): Pick<Timing, "hours" | "hoursFrom"> {
  const inner = run === undefined ? undefined : nodeAt(object, run);
  const expected = annotatedHours(object) ?? annotatedHours(inner);
  if (expected !== undefined) return { hours: expected, hoursFrom: "annotation" };
  const hours = longest === undefined ? secondsAt(object, deadline) : longest(object);
  if (hours !== undefined) return { hours, hoursFrom: "deadline" };
  return innerDuration(inner);
}

/** Hours of the seconds at a path. */
function secondsAt(object: Tree, path: string | undefined): number | undefined {
  const seconds = path === undefined ? undefined : nodeAt(object, path);
  return typeof seconds === "number" && seconds > 0 ? seconds / SECONDS_PER_HOUR : undefined;
}

/**
 * The Jobs of a JobSet run side by side, each within its own deadline, and start again as often as it may fail; where
 * some wait for others, one comes after the other.
 *
 * @see https://jobset.sigs.k8s.io/docs/concepts/ (v0.12.0)
 */
function jobSetHours(jobSet: Tree): number | undefined {
  const spec = childAt(jobSet, "spec");
  const restarts = nodeAt(spec, "failurePolicy.maxRestarts") ?? 0;
  const jobs = arrayAt(spec, "replicatedJobs");
  const hours = jobs.map((job): number | undefined => secondsAt(job, "template.spec.activeDeadlineSeconds"));
  const known = hours.filter((each) => each !== undefined);
  if (known.length < hours.length || known.length === 0 || typeof restarts !== "number") return undefined;
  const isChain = jobs.some((job) => arrayAt(job, "dependsOn").length > 0);
  return (isChain ? known.reduce((a, b) => a + b, 0) : Math.max(...known)) * (1 + restarts);
}

/** What an experiment runs is an object of any kind, with a duration of its own. */
function innerDuration(object: Tree): Pick<Timing, "hours" | "hoursFrom"> {
  const [apiVersion = "", kind = ""] = [stringAt(object, "apiVersion"), stringAt(object, "kind")];
  const told = KINDS.get(`${apiVersion.split("/").slice(0, -1).join("/")}/${kind}`);
  return told === undefined ? {} : durationOf(object, told);
}

function annotatedHours(object: Tree): number | undefined {
  return hoursOf(childAt(childAt(childAt(object, "metadata"), "annotations"), EXPECTED_DURATION_ANNOTATION));
}

/** Whether runs of an object may overlap if they take long enough. */
export function mayOverlap(group: string, kind: string, object: Tree): boolean {
  const repetition = KINDS.get(`${group}/${kind}`)?.repetition;
  return repetition !== undefined && mostRuns(object, repetition) > 1;
}

/** An experiment without an end has no number of trials in all. */
function trialsOf(experiment: Tree): Timing["trials"] {
  const total = nodeAt(experiment, "spec.maxTrialCount");
  const parallel = trialsAtOnce(experiment);
  return typeof total === "number" && parallel !== undefined ? { total, parallel } : undefined;
}

/** Trials of an experiment that run at the same time; undefined where that is not known. */
export function trialsAtOnce(experiment: Tree): number | undefined {
  const spec = childAt(experiment, "spec");
  const [total, parallel] = [
    childAt(spec, "maxTrialCount") ?? Infinity,
    childAt(spec, "parallelTrialCount") ?? PARALLEL_TRIALS,
  ];
  if (typeof total !== "number" || typeof parallel !== "number") return undefined;
  return total > 0 && parallel > 0 ? Math.min(total, parallel) : undefined;
}
