/** A kind of objects that make pods, or make what makes them. */
export interface OwnerKind {
  group: string;
  version: string;
  plural: string;
  kind: string;
  /** Whether its pods are of use only together. */
  isGang?: boolean;
  /** Whether it starts runs that are workloads of their own. */
  repeats?: boolean;
}

/** The kinds that are looked at, as far as a cluster has them. A test holds them to those whose pods plans know. */
export const OWNER_KINDS: readonly OwnerKind[] = [
  { group: "batch", version: "v1", plural: "jobs", kind: "Job" },
  { group: "batch", version: "v1", plural: "cronjobs", kind: "CronJob", repeats: true },
  { group: "apps", version: "v1", plural: "replicasets", kind: "ReplicaSet" },
  { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" },
  { group: "apps", version: "v1", plural: "statefulsets", kind: "StatefulSet" },
  { group: "apps", version: "v1", plural: "daemonsets", kind: "DaemonSet" },
  { group: "jobset.x-k8s.io", version: "v1alpha2", plural: "jobsets", kind: "JobSet", isGang: true },
  { group: "trainer.kubeflow.org", version: "v1alpha1", plural: "trainjobs", kind: "TrainJob", isGang: true },
  ...["PyTorch", "TF", "XGBoost", "MX", "Paddle", "JAX"].map((name) => ({
    group: "kubeflow.org",
    version: "v1",
    plural: `${name.toLowerCase()}jobs`,
    kind: `${name}Job`,
    isGang: true,
  })),
  { group: "kubeflow.org", version: "v2beta1", plural: "mpijobs", kind: "MPIJob", isGang: true },
  { group: "kubeflow.org", version: "v1beta1", plural: "experiments", kind: "Experiment" },
  { group: "kubeflow.org", version: "v1beta1", plural: "suggestions", kind: "Suggestion" },
  { group: "kubeflow.org", version: "v1beta1", plural: "trials", kind: "Trial" },
  { group: "argoproj.io", version: "v1alpha1", plural: "workflows", kind: "Workflow" },
  { group: "argoproj.io", version: "v1alpha1", plural: "cronworkflows", kind: "CronWorkflow", repeats: true },
  { group: "sparkoperator.k8s.io", version: "v1beta2", plural: "sparkapplications", kind: "SparkApplication" },
  {
    group: "sparkoperator.k8s.io",
    version: "v1beta2",
    plural: "scheduledsparkapplications",
    kind: "ScheduledSparkApplication",
    repeats: true,
  },
  { group: "serving.kserve.io", version: "v1beta1", plural: "inferenceservices", kind: "InferenceService" },
];

/** Kinds whose runs are workloads of their own. */
export const REPEATING: ReadonlySet<string> = new Set(
  OWNER_KINDS.filter(({ repeats }) => repeats === true).map(({ kind }) => kind),
);

/** Kinds whose pods go on until somebody ends them. */
export const SERVICES: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "InferenceService",
]);
