import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../model";

/** The container whose metrics count. */
export interface PrimaryContainer {
  /** Its name. */
  name: string;
  /** Its program, as far as it is known. */
  program?: TreeObject | undefined;
}

/** What Katib must be told of trials of one kind. */
export interface TrialKind {
  /** Whether Katib runs trials of the kind without being configured to. */
  isBuiltIn: boolean;
  /** When a trial has succeeded, in GJSON. */
  success: string;
  /** When a trial has failed, in GJSON. */
  failure: string;
  /**
   * The container that trains; undefined where there is none.
   *
   * @param labels of the pod that it runs in, where its author says them.
   */
  primary: (trial: Tree, labels?: Record<string, string>) => PrimaryContainer | undefined;
  /** Whether its controller starts the program by one of its own, so that Katib sees neither its command nor its shell. */
  hasStarter?: boolean;
  /** Labels of the pod that it runs in; undefined where any pod will do. */
  podLabels?: (trial: Tree) => Record<string, string> | undefined;
  /** Names of the containers of each of the other pods. */
  otherPods?: (trial: Tree) => string[][];
  /** What its controller puts behind the trial's name to name pods, where that may be more than names have room for. */
  podSuffixes?: (trial: Tree) => string[];
}

/** What a condition of an object says, as Katib's own defaults spell it. */
function condition(type: string): string {
  return `status.conditions.#(type=="${type}")#|#(status=="True")#`;
}

/** What a field of the status says; Katib wants an object or a list, and takes no bare value. */
function state(field: string, value: string): string {
  return `status.[@this].#(${field}=="${value}")#`;
}

/** Replicated Jobs of a JobSet that train, by the names that there are for them. */
const TRAINING_JOBS = ["worker", "workers"];

/** What JobSet puts behind the name of a pod so that a new one has another. */
const RANDOM_SUFFIX = "-xxxxx";

const MASTER = { "training.kubeflow.org/job-role": "master" };
const LAUNCHER = { "training.kubeflow.org/job-role": "launcher" };

/**
 * Label that a Workflow must have on the template that trains. Of its own, Argo has none.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/examples/v1beta1/argo/argo-workflow.yaml
 */
export const ARGO_TRAINING_LABEL = { "katib.kubeflow.org/model-training": "true" };

/**
 * Kinds of trials by group and kind.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/apis/controller/experiments/v1beta1/constants.go
 */
const TRIAL_KINDS: Record<string, TrialKind> = {
  "batch/Job": {
    isBuiltIn: true,
    success: condition("Complete"),
    failure: condition("Failed"),
    primary: (trial) => firstContainer(podAt(trial, "spec", "template")),
    podLabels: (trial) =>
      stringAt(objectAt(trial, "spec"), "completionMode") === "Indexed"
        ? { "batch.kubernetes.io/job-completion-index": "0" }
        : undefined,
  },
  "trainer.kubeflow.org/TrainJob": {
    isBuiltIn: true,
    success: condition("Complete"),
    failure: condition("Failed"),
    primary: (trial) => ({ name: "node", program: objectAt(objectAt(trial, "spec"), "trainer") }),
    podLabels: () => ({
      "jobset.sigs.k8s.io/replicatedjob-name": "node",
      "batch.kubernetes.io/job-completion-index": "0",
    }),
    otherPods: (trial) =>
      Object.keys(objectAt(objectAt(trial, "spec"), "initializer") ?? {}).map((part) => [`${part}-initializer`]),
    podSuffixes: (trial) => {
      const { trainer, initializer } = objectAt(trial, "spec") ?? {};
      const parts = isTreeObject(initializer) ? Object.keys(initializer) : [];
      return [
        jobSetSuffix("node", 1, childAt(trainer, "numNodes")),
        ...parts.map((part) => jobSetSuffix(`${part}-initializer`, 1, 1)),
      ];
    },
  },
  "jobset.x-k8s.io/JobSet": {
    isBuiltIn: false,
    success: state("terminalState", "Completed"),
    failure: state("terminalState", "Failed"),
    primary: (trial) => firstContainer(podOfJob(trainingJobOf(trial))),
    podLabels: (trial) => {
      const name = stringAt(trainingJobOf(trial), "name");
      if (name === undefined) return undefined;
      return {
        "jobset.sigs.k8s.io/replicatedjob-name": name,
        "jobset.sigs.k8s.io/job-index": "0",
        "batch.kubernetes.io/job-completion-index": "0",
      };
    },
    otherPods: (trial) =>
      replicatedJobs(trial)
        .filter((job) => job !== trainingJobOf(trial))
        .map((job) => containerNames(podOfJob(job) ?? {})),
    podSuffixes: (trial) =>
      replicatedJobs(trial).map((job) =>
        jobSetSuffix(
          stringAt(job, "name") ?? "",
          childAt(job, "replicas"),
          childAt(objectAt(objectAt(job, "template"), "spec"), "completions"),
        ),
      ),
  },
  "kubeflow.org/PyTorchJob": replicaKind("pytorchReplicaSpecs", ["Master", "Worker"], MASTER),
  "kubeflow.org/TFJob": replicaKind("tfReplicaSpecs", ["Chief", "Master", "Worker"], MASTER),
  "kubeflow.org/XGBoostJob": replicaKind("xgbReplicaSpecs", ["Master", "Worker"], MASTER),
  "kubeflow.org/MPIJob": {
    ...replicaKind("mpiReplicaSpecs", ["Launcher"], MASTER),
    // The MPI operator has another label than the training operator, and is another version of the same kind.
    podLabels: (trial) => (stringAt(trial, "apiVersion") === "kubeflow.org/v1" ? MASTER : LAUNCHER),
  },
  "sparkoperator.k8s.io/SparkApplication": {
    isBuiltIn: false,
    success: state("applicationState.state", "COMPLETED"),
    failure: state("applicationState.state", "FAILED"),
    primary: () => ({ name: "spark-kubernetes-driver" }),
    podLabels: () => ({ "spark-role": "driver" }),
    otherPods: () => [["spark-kubernetes-executor"]],
  },
  "argoproj.io/Workflow": {
    isBuiltIn: false,
    success: state("phase", "Succeeded"),
    failure: state("phase", "Failed"),
    hasStarter: true,
    primary: (trial, labels = ARGO_TRAINING_LABEL) => ({ name: "main", program: programOfStep(trial, labels) }),
    podLabels: () => ARGO_TRAINING_LABEL,
  },
};

/** Kinds of trials that are known, in words. */
export const KNOWN_TRIAL_KINDS = Object.keys(TRIAL_KINDS)
  .map((key) => key.slice(key.indexOf("/") + 1))
  .join(", ");

/** What Katib must be told of a trial; undefined where its kind is not known. */
export function trialKindOf(trial: Tree): TrialKind | undefined {
  const [group = ""] = (stringAt(trial, "apiVersion") ?? "").split("/");
  const key = `${group}/${stringAt(trial, "kind") ?? ""}`;
  const known = TRIAL_KINDS[key];
  if (known === undefined || key !== "kubeflow.org/MPIJob") return known;
  return { ...known, isBuiltIn: stringAt(trial, "apiVersion") === "kubeflow.org/v1" };
}

/** A kind with pods of several roles. Its operator names one container, and the first role that is there leads. */
function replicaKind(field: string, leaders: string[], labels: Record<string, string>): TrialKind {
  const rolesOf = (trial: Tree) => objectAt(objectAt(trial, "spec"), field) ?? {};
  const leaderOf = (trial: Tree) => leaders.find((role) => role in rolesOf(trial)) ?? "";
  return {
    isBuiltIn: true,
    success: condition("Succeeded"),
    failure: condition("Failed"),
    primary: (trial) => firstContainer(podAt(rolesOf(trial), leaderOf(trial), "template")),
    podLabels: () => labels,
    otherPods: (trial) =>
      Object.keys(rolesOf(trial)).flatMap((role) => {
        const pod = podAt(rolesOf(trial), role, "template");
        return role === leaderOf(trial) || pod === undefined ? [] : [containerNames(pod)];
      }),
  };
}

function replicatedJobs(jobSet: Tree): TreeObject[] {
  return arrayAt(objectAt(jobSet, "spec"), "replicatedJobs").filter(isTreeObject);
}

/** The replicated Job whose metrics count; undefined where none has a name that says so. */
function trainingJobOf(jobSet: Tree): TreeObject | undefined {
  return replicatedJobs(jobSet).find((job) => TRAINING_JOBS.includes(stringAt(job, "name") ?? ""));
}

function podOfJob(replicatedJob: TreeObject | undefined): TreeObject | undefined {
  return podAt(replicatedJob, "template", "spec", "template");
}

/**
 * What JobSet puts behind its own name to name the last pod of a replicated Job. Counts that are not known are taken for 1.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/pkg/webhooks/jobset_webhook.go "ValidateCreate"
 */
function jobSetSuffix(name: string, jobs: Tree, pods: Tree): string {
  const [lastJob, lastPod] = [jobs, pods].map((count) => (typeof count === "number" ? count - 1 : 0));
  return `-${name}-${lastJob}-${lastPod}${RANDOM_SUFFIX}`;
}

/** The program of the first template of a Workflow that has these labels. */
function programOfStep(workflow: Tree, labels: Record<string, string>): TreeObject | undefined {
  const step = arrayAt(objectAt(workflow, "spec"), "templates").find((template) => {
    const own = objectAt(objectAt(template, "metadata"), "labels");
    return Object.entries(labels).every(([key, value]) => stringAt(own, key) === value);
  });
  return objectAt(step, "container") ?? objectAt(step, "script");
}

/** The spec of the pod template at a path. */
function podAt(tree: Tree, ...path: string[]): TreeObject | undefined {
  return [...path, "spec"].reduce<TreeObject | undefined>(
    (node, key) => objectAt(node, key),
    isTreeObject(tree) ? tree : undefined,
  );
}

function firstContainer(pod: TreeObject | undefined): PrimaryContainer | undefined {
  const [program] = arrayAt(pod, "containers").filter(isTreeObject);
  const name = stringAt(program, "name");
  return name === undefined ? undefined : { name, program };
}

function containerNames(pod: TreeObject): string[] {
  return arrayAt(pod, "containers").flatMap((container) => stringAt(container, "name") ?? []);
}
