import { LABELS } from "../../differential/vocabulary";
import { affinity, allEmpty, declaredJob, declaredNode, type Regression } from "./regression";

/** The template of a Job says nothing of the label that its pods have from the controller. */
export const exclusiveByJobName: Regression = {
  title: "pods of a Job keep away from each other by the label that the controller gives them",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [declaredJob("bert", 3, affinity("podAntiAffinity", LABELS.hostname, { "job-name": "bert" }))],
    others: [],
  },
  outcomes: [{ title: "Job default/bert", offered: 3, everywhere: allEmpty(2), nodes: ["node-0", "node-1"] }],
};

/** Without the label no pod would be near any other, so that the first of them could never start. */
export const togetherByJobName: Regression = {
  title: "pods of a Job stay together by the label that the controller gives them",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [
      declaredJob("bert", 3, affinity("podAffinity", LABELS.zone, { "batch.kubernetes.io/job-name": "bert" })),
    ],
    others: [],
  },
  outcomes: [{ title: "Job default/bert", offered: 3, everywhere: allEmpty(2), nodes: ["node-0", "node-1", "node-0"] }],
};

/** Pods of a training job have its name, and that of their role in small letters. */
export const exclusiveByReplicaType: Regression = {
  title: "pods of a TFJob keep away from each other by the label of their role",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [
      {
        apiVersion: "kubeflow.org/v1",
        kind: "TFJob",
        metadata: { name: "bert", namespace: "default" },
        spec: {
          tfReplicaSpecs: {
            Worker: {
              replicas: 3,
              template: {
                spec: {
                  containers: [{ name: "main", image: "none" }],
                  ...affinity("podAntiAffinity", LABELS.hostname, {
                    "training.kubeflow.org/job-name": "bert",
                    "training.kubeflow.org/replica-type": "worker",
                  }),
                },
              },
            },
          },
        },
      },
    ],
    others: [],
  },
  outcomes: [{ title: "TFJob default/bert Worker", offered: 3, everywhere: allEmpty(2), nodes: ["node-0", "node-1"] }],
};
