import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ModelLoop } from "mlstack/workloads";

const config = new pulumi.Config();
// An empty text is a setting that nobody has made.
const provider = new k8s.Provider("cluster", { kubeconfig: config.get("kubeconfig") || undefined });
const security = "pod-security.kubernetes.io/enforce";
const labels = { [security]: "restricted", [`${security}-version`]: "v1.35" };
const team = new k8s.core.v1.Namespace("growth", { metadata: { name: "growth", labels } }, { provider });
const namespace = team.metadata.name;

// On Amazon S3, Pod Identity gives this account a role that may write models.
const account = new k8s.core.v1.ServiceAccount(
  "model-writer",
  { metadata: { name: "model-writer", namespace }, automountServiceAccountToken: false },
  { provider },
);

// The table that models are trained with, and the requests that the one that serves has answered.
const claims = ["training", "requests"].map(
  (name) =>
    new k8s.core.v1.PersistentVolumeClaim(
      name,
      {
        metadata: { name, namespace },
        spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "20Gi" } } },
      },
      { provider },
    ),
);

const image = config.require("image");
const program = (name: string) => ({ image, command: ["python", "-m", `churn.${name}`], runAsUser: 1000 });

const loop = new ModelLoop(
  "churn",
  {
    namespace,
    modelStore: config.require("modelStore"),
    serviceAccountName: account.metadata.name,
    parameters: { LEARNING_RATE: "0.1" },
    train: { ...program("train"), gpus: 1 },
    evaluate: { ...program("evaluate"), metrics: ["auc"] },
    gate: { metric: "auc", atLeast: 0.8 },
    serve: { model: { format: "xgboost" }, requestLog: { url: "http://collector.growth.svc/" } },
    canary: { observeSeconds: 1800, check: program("compare") },
    drift: {
      schedule: "15 * * * *",
      reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
      recent: { persistentVolumeClaim: "requests", files: "churn/**/*.jsonl.gz", windowHours: 24 },
    },
    schedule: { schedules: ["40 2 * * 0"] },
  },
  { provider, dependsOn: claims },
);

/** Where the model answers, once a run has passed the gate. */
export const address = loop.url;
