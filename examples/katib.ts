import { Katib } from "../components";

export const katib = new Katib("katib", {
  platform: { certManager: true, systemPool: "system" },
  database: { volumeSize: "20Gi" },
  trialResources: ["TrainJob.v1alpha1.trainer.kubeflow.org", "Job.v1.batch"],
});
