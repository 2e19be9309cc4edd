import { Cluster, ClusterKind, DriftMonitor } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const watch = new DriftMonitor(
  "churn-drift",
  {
    namespace: "vision",
    schedule: "15 * * * *",
    reference: { persistentVolumeClaim: "training-data", files: "churn/latest/*.csv" },
    recent: { persistentVolumeClaim: "requests", files: "churn/**/*.jsonl.gz", windowHours: 24 },
    quality: { prediction: "predicted", label: "churned", metric: "accuracy", worst: 0.85 },
    // The CronJob of a CronTask, which trains at night as well.
    retrain: { cronJob: "churn-train", coolDownHours: 24 },
    reports: { persistentVolumeClaim: "requests", folder: "drift" },
  },
  { providers: [cluster.provider] },
);
