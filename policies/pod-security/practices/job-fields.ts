import { childAt, objectAt, stringAt, type Tree } from "../../../components/model";

/** Where a kind of job keeps the fields that end it. */
export interface JobFields {
  /** Group and kind. */
  kind: string;
  /** Path of what holds the fields; `[]` stands for each item of a list. */
  base: string;
  /** The field below it that limits how long the job runs. */
  deadline?: string;
  /** The field below it that limits how often the job is tried again. */
  retries?: string;
  /** Tells whether a job without that field is tried again for ever. */
  retriesForEver?: (job: Tree) => boolean;
  /** The fields below it of which one has the finished job removed; the first is what the fix sets. */
  timeToLive?: string[];
}

const TTL = ["ttlSecondsAfterFinished"];
const JOB = { deadline: "activeDeadlineSeconds", retries: "backoffLimit" };

/** Jobs of the Training Operator and the MPI Operator; pods of a PyTorchJob restart on failure unless it says otherwise. */
const RUN_POLICY: JobFields[] = ["PyTorchJob", "TFJob", "XGBoostJob", "PaddleJob", "JAXJob", "MXJob", "MPIJob"].map(
  (kind) => ({
    kind: `kubeflow.org/${kind}`,
    base: "spec.runPolicy",
    ...JOB,
    ...(kind === "PyTorchJob" ? { retriesForEver: restartsOnFailure } : {}),
    timeToLive: TTL,
  }),
);

/**
 * The fields by kind. A JobSet has some for itself and some for each of its Jobs; a TrainJob has its time-to-live in the
 * runtime.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/jobset_types.go
 * @see https://github.com/kubeflow/trainer/tree/v1.9.4/pkg/apis/kubeflow.org/v1 "RunPolicy"
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/pkg/apis/trainer/v1alpha1
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/api/v1beta2/sparkapplication_types.go
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/fields/ "TTLStrategy"
 */
export const JOB_FIELDS: readonly JobFields[] = [
  { kind: "batch/Job", base: "spec", ...JOB, timeToLive: TTL },
  { kind: "batch/CronJob", base: "spec.jobTemplate.spec", ...JOB },
  { kind: "jobset.x-k8s.io/JobSet", base: "spec", timeToLive: TTL },
  { kind: "jobset.x-k8s.io/JobSet", base: "spec.replicatedJobs[].template.spec", ...JOB },
  ...RUN_POLICY,
  { kind: "trainer.kubeflow.org/TrainJob", base: "spec", deadline: "activeDeadlineSeconds" },
  { kind: "trainer.kubeflow.org/TrainingRuntime", base: "spec.template.spec", timeToLive: TTL },
  { kind: "trainer.kubeflow.org/ClusterTrainingRuntime", base: "spec.template.spec", timeToLive: TTL },
  { kind: "sparkoperator.k8s.io/SparkApplication", base: "spec", timeToLive: ["timeToLiveSeconds"] },
  {
    kind: "argoproj.io/Workflow",
    base: "spec",
    timeToLive: ["secondsAfterCompletion", "secondsAfterSuccess", "secondsAfterFailure"].map(
      (field) => `ttlStrategy.${field}`,
    ),
  },
  { kind: "batch.volcano.sh/Job", base: "spec", timeToLive: TTL },
  { kind: "ray.io/RayJob", base: "spec", deadline: "activeDeadlineSeconds" },
];

function restartsOnFailure(job: Tree): boolean {
  const replicas = Object.values(objectAt(childAt(job, "spec"), "pytorchReplicaSpecs") ?? {});
  return replicas.some((replica) => ["OnFailure", "Always", undefined].includes(stringAt(replica, "restartPolicy")));
}
