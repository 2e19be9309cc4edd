import { isUnknown, nodeAt, pathInPodSet, type Tree } from "../../../components/model";
import { onOff, wholeNumber } from "../../engine/parameters";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule, type Values } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isOneOf } from "../../engine/truth";
import { shown } from "../../engine/shown";
import { JOB_FIELDS, type JobFields } from "./job-fields";

interface Limits extends Values {
  retries: number;
  seconds: number;
  timeToLive: boolean;
}

/**
 * POD-27: jobs of every kind end: after a time, after some retries, and after a while they are gone.
 *
 * Where each kind keeps these fields is in {@link JOB_FIELDS}. The time-to-live of what a CronJob or a schedule starts is
 * not asked for, as these keep the last runs by number. A job that is gone is created again, and so runs again, where
 * Pulumi refreshes its stack: there, `timeToLive: false` leaves that part out.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/ v1.36
 */
export const jobLimits: ResourceRule<Limits> = {
  id: "POD-27",
  title: "Jobs have a deadline, few retries, and a time after which they are removed",
  why: "A job that hangs or fails over and over holds its GPUs until somebody looks, and finished ones fill the cluster.",
  remediation:
    "Set a deadline, a number of retries and a time-to-live, in the fields that the kind of job has for them.",
  url: "https://kubernetes.io/docs/concepts/workloads/controllers/job/",
  severity: "medium",
  level: "advisory",
  family: "pod",
  parameters: {
    retries: wholeNumber("the most retries that a job may have for each of its pods, a whole number from 0", 10, 0),
    seconds: wholeNumber("the seconds that the fix keeps a finished job, a whole number from 1", 86400, 1),
    timeToLive: onOff("whether jobs need a time-to-live, true or false", true),
  },
  fix: "sets the time-to-live where it is absent",
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  backoffLimit: 100
  template:
    spec:
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  backoffLimit: 2
  activeDeadlineSeconds: 43200
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judge(subject, limits) {
    for (const fields of JOB_FIELDS.filter(({ kind }) => subject.is(kind))) {
      for (const base of basesOf(subject.tree, fields.base)) {
        if (isUnknown(base.node)) yield undecided(base.path);
        else yield* judgeJob(subject, base, fields, limits);
      }
    }
    if (subject.is("batch/Job", "batch/CronJob")) {
      for (const pods of subject.pods) yield* judgeRestart(pods);
    }
  },
};

interface Base {
  path: string;
  node: Tree;
}

/** The nodes that hold the fields of a job; `[]` in a path stands for each item of a list. */
function basesOf(tree: Tree, path: string): Base[] {
  const [list = "", rest] = path.split("[].");
  const node = nodeAt(tree, list);
  if (rest === undefined || isUnknown(node)) return [{ path: list, node }];
  return (Array.isArray(node) ? node : []).map((item, index) => ({
    path: `${list}[${index}].${rest}`,
    node: nodeAt(item, rest),
  }));
}

function* judgeJob(job: Subject, { path: base, node }: Base, fields: JobFields, limits: Limits): Iterable<Judgement> {
  const { deadline, retries, retriesForEver, timeToLive } = fields;
  if (deadline !== undefined) yield* judgeDeadline(`${base}.${deadline}`, nodeAt(node, deadline));
  // Retries counted for each index stand for those of the whole Job.
  if (retries !== undefined && nodeAt(node, "backoffLimitPerIndex") === undefined) {
    const isEndless = retriesForEver?.(job.tree) === true;
    yield* judgeRetries(`${base}.${retries}`, nodeAt(node, retries), limits.retries * podsOf(job), isEndless);
  }
  if (timeToLive !== undefined && limits.timeToLive) yield* judgeTimeToLive(base, node, timeToLive, limits.seconds);
}

/** Failures are counted over all pods of a job. */
function podsOf({ pods }: Subject): number {
  return Math.max(
    1,
    pods.reduce((sum, { count }) => sum + (count ?? Infinity), 0),
  );
}

function* judgeDeadline(path: string, deadline: Tree): Iterable<Judgement> {
  if (isUnknown(deadline)) yield undecided(path);
  if (deadline === undefined || deadline === null) {
    yield {
      path,
      observed: "absent, so that a job which hangs runs for ever",
      allowed: "a number of seconds",
      remedy: "Set the longest that the job may take.",
    };
  }
}

function* judgeRetries(path: string, retries: Tree, most: number, forEver: boolean): Iterable<Judgement> {
  if (isUnknown(retries)) yield undecided(path);
  const isEndless = forEver && (retries === undefined || retries === null);
  if (isEndless || (typeof retries === "number" && retries > most)) {
    yield {
      path,
      observed: isEndless ? "absent, so that failed pods start again for ever" : String(retries),
      allowed: Number.isFinite(most) ? `a number from 0 to ${most}` : "a number",
      remedy: "Set as many retries as a passing fault of a node takes, and resume from a checkpoint.",
    };
  }
}

function* judgeTimeToLive(base: string, node: Tree, fields: string[], seconds: number): Iterable<Judgement> {
  const [first = "", ...others] = fields;
  const values = [first, ...others].map((field) => nodeAt(node, field));
  if (values.some((value) => value !== undefined && value !== null && !isUnknown(value))) return;
  const path = `${base}.${first}`;
  if (values.some(isUnknown)) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: "absent, so that the finished job stays until somebody deletes it",
      allowed: "a number of seconds",
      remedy: `Set it, for example to ${seconds}.`,
      fix: [{ path, value: seconds }],
    };
  }
}

function* judgeRestart(pods: PodGroup): Iterable<Judgement> {
  const path = pathInPodSet(pods, "spec.restartPolicy");
  const policy = podValue(pods, "restartPolicy");
  const fits = isOneOf(policy, "Never", "OnFailure");
  if (isUnknown(fits)) yield undecided(path);
  if (fits === false) {
    yield {
      path,
      observed: policy === undefined ? "absent, which stands for Always" : shown(policy),
      allowed: `"Never" or "OnFailure"`,
      remedy: "Set it to Never, which keeps the logs of every try.",
    };
  }
}
