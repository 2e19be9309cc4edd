const TRAINING_OPERATOR = ["TFJob", "PyTorchJob", "XGBoostJob", "PaddleJob", "JAXJob", "MXJob", "MPIJob"];

/** Kinds that train on pods which end with their program, each as group and kind. */
export const TRAINING_KINDS: readonly string[] = [
  "batch/Job",
  "jobset.x-k8s.io/JobSet",
  "batch.volcano.sh/Job",
  ...TRAINING_OPERATOR.map((kind) => `kubeflow.org/${kind}`),
  "trainer.kubeflow.org/TrainJob",
  "ray.io/RayJob",
];

/** Kinds of which the pods end with their program, or which bring such kinds about. */
export const JOB_KINDS: readonly string[] = [
  ...TRAINING_KINDS,
  "batch/CronJob",
  "keda.sh/ScaledJob",
  "kubeflow.org/Experiment",
  "trainer.kubeflow.org/TrainingRuntime",
  "sparkoperator.k8s.io/SparkApplication",
  "sparkoperator.k8s.io/ScheduledSparkApplication",
  "argoproj.io/Workflow",
  "argoproj.io/WorkflowTemplate",
  "argoproj.io/CronWorkflow",
];
