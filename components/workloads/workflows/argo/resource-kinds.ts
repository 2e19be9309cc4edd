/** What a workflow must know of a kind to create an object of it and to tell when it has done its work. */
export interface ResourceKind {
  /** API group; empty for Kubernetes' own. */
  group: string;
  /** The kind, for example `TrainJob`. */
  kind: string;
  /** Plural of the kind, as rights name it. */
  resources: string;
  /** Selector of fields that all fit once it has done its work; done once the API server has accepted it by default. */
  success?: string;
  /** Selectors of fields of which each tells that it failed. Judged before `success`. */
  failure?: string;
  /** Whether it serves, or starts runs, without end, so that it outlives the run; false by default. */
  isLasting?: boolean;
  /** The object of the same name, made by the kind's controller, whose status tells; the object itself by default. */
  awaits?: AwaitedKind;
  /** Characters that its name has at most, as its controller adds to it; 63 by default. */
  longestName?: number;
}

/** A kind whose object is waited for in place of the one that made it. */
export interface AwaitedKind {
  apiVersion: string;
  kind: string;
  resources: string;
}

/** Conditions are in a list, in the order in which they first came up, and none of these kinds has more of them. */
const MOST_CONDITIONS = 6;

/** Selectors know fields and places in lists, but no search: the condition may be at any of these places. */
function hasCondition(type: string): string {
  return Array.from({ length: MOST_CONDITIONS }, (_, index) => `status.conditions.${index}.type == ${type}`).join(",");
}

/** For kinds that note the time of their end, good or bad, together with the condition that tells which. */
const ended = { success: "status.completionTime", failure: hasCondition("Failed") };

/** For kinds that have no work of their own to end, and that are there to stay. */
const kept = { isLasting: true };

const trainingJobs = ["PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "PaddleJob", "JAXJob"];

/**
 * The kinds that are known.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.1.2/workflow/executor/resource.go `matchConditions` for what
 * selectors can say
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/ (Kubernetes 1.36)
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/jobset_types.go `terminalState`
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/controller/trainjob_controller.go: a TrainJob has no field but
 * conditions, at places that depend on whether it was ever suspended; the JobSet of its name has one
 * @see https://github.com/kubeflow/training-operator/blob/v1.9.4/pkg/apis/kubeflow.org/v1/common_types.go
 * @see https://github.com/kubeflow/mpi-operator/blob/v0.8.2/pkg/apis/kubeflow/v2beta1/types.go
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/api/v1beta2/sparkapplication_types.go
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/experiment/util/status_util.go
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_status.go
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus (Kubernetes 1.36):
 * `unavailableReplicas` is left out where it is 0, and counts pods of a change that are not ready yet
 * @see https://github.com/ray-project/kuberay/blob/v1.5.1/ray-operator/apis/ray/v1/rayjob_types.go
 */
const KINDS: ResourceKind[] = [
  { group: "batch", kind: "Job", resources: "jobs", ...ended },
  {
    group: "jobset.x-k8s.io",
    kind: "JobSet",
    resources: "jobsets",
    success: "status.terminalState == Completed",
    failure: "status.terminalState == Failed",
  },
  {
    group: "trainer.kubeflow.org",
    kind: "TrainJob",
    resources: "trainjobs",
    success: "status.terminalState == Completed",
    failure: "status.terminalState == Failed",
    awaits: { apiVersion: "jobset.x-k8s.io/v1alpha2", kind: "JobSet", resources: "jobsets" },
  },
  ...trainingJobs.map((kind) => ({ group: "kubeflow.org", kind, resources: `${kind.toLowerCase()}s`, ...ended })),
  {
    group: "sparkoperator.k8s.io",
    kind: "SparkApplication",
    resources: "sparkapplications",
    success: "status.applicationState.state == COMPLETED",
    failure: "status.applicationState.state == FAILED",
  },
  { group: "kubeflow.org", kind: "Experiment", resources: "experiments", longestName: 40, ...ended },
  {
    group: "argoproj.io",
    kind: "Workflow",
    resources: "workflows",
    success: "status.phase == Succeeded",
    failure: "status.phase in (Failed, Error)",
  },
  {
    group: "serving.kserve.io",
    kind: "InferenceService",
    resources: "inferenceservices",
    success: "status.modelStatus.transitionStatus == UpToDate,status.modelStatus.states.activeModelState == Loaded",
    failure: "status.modelStatus.transitionStatus in (BlockedByFailedLoad, InvalidSpec)",
    isLasting: true,
  },
  {
    group: "apps",
    kind: "Deployment",
    resources: "deployments",
    success: "status.readyReplicas > 0,!status.unavailableReplicas",
    ...kept,
  },
  { group: "batch", kind: "CronJob", resources: "cronjobs", longestName: 52, ...kept },
  { group: "argoproj.io", kind: "CronWorkflow", resources: "cronworkflows", longestName: 52, ...kept },
  { group: "argoproj.io", kind: "WorkflowTemplate", resources: "workflowtemplates", ...kept },
  {
    group: "sparkoperator.k8s.io",
    kind: "ScheduledSparkApplication",
    resources: "scheduledsparkapplications",
    longestName: 40,
    ...kept,
  },
  { group: "kubeflow.org", kind: "Notebook", resources: "notebooks", longestName: 52, ...kept },
  { group: "tensorboard.kubeflow.org", kind: "Tensorboard", resources: "tensorboards", longestName: 58, ...kept },
  {
    group: "ray.io",
    kind: "RayJob",
    resources: "rayjobs",
    success: "status.jobDeploymentStatus == Complete,status.jobStatus == SUCCEEDED",
    failure: "status.jobDeploymentStatus == Failed,status.jobStatus == STOPPED",
    longestName: 47,
  },
];

const byName = new Map(KINDS.map((each) => [`${each.group}/${each.kind}`, each]));

/** The kinds that are known. */
export function resourceKinds(): readonly ResourceKind[] {
  return KINDS;
}

/** What is known of an object's kind; undefined where nothing is. */
export function kindOf({ apiVersion, kind }: { apiVersion?: unknown; kind?: unknown }): ResourceKind | undefined {
  return byName.get(`${groupOf(String(apiVersion))}/${String(kind)}`);
}

/** The API group of an API version; empty for Kubernetes' own. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/**
 * The plural of a kind that is not known, as Argo itself guesses it where it watches an object.
 *
 * @see https://github.com/kubernetes/gengo/blob/master/namer/plural_namer.go
 */
export function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}
