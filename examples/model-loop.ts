import { Cluster, ClusterKind, ModelLoop } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const image = "ghcr.io/acme/churn:1.4.0";

export const churn = new ModelLoop(
  "churn",
  {
    namespace: "growth",
    modelStore: "s3://acme-models/churn",
    serviceAccountName: "model-writer",
    lineage: { commit: "0123abc" },
    parameters: { LEARNING_RATE: "0.1" },
    train: { image, command: ["python", "-m", "churn.train"], gpus: 1 },
    evaluate: { image, command: ["python", "-m", "churn.evaluate"], metrics: ["auc"] },
    gate: { metric: "auc", atLeast: 0.8 },
    register: {},
    serve: { model: { format: "xgboost" }, requestLog: { url: "http://collector.growth.svc/" } },
    canary: {
      trafficPercent: 10,
      observeSeconds: 1800,
      check: { image, command: ["python", "-m", "churn.compare"] },
    },
    drift: {
      schedule: "15 * * * *",
      reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
      recent: { persistentVolumeClaim: "requests", files: "churn/**/*.jsonl.gz", windowHours: 24 },
    },
    schedule: { schedules: ["40 2 * * 0"] },
  },
  { providers: [cluster.provider] },
);
