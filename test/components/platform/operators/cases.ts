import {
  ArgoWorkflows,
  MpiOperator,
  SparkOperator,
  sparkOperatorValues,
  Trainer,
  trainerValues,
  TrainingOperator,
} from "../../../../components/platform/operators";
import type { PartCase } from "../../../support/part-case";

const sso = {
  issuer: "https://id.example.com",
  clientId: { name: "argo-sso", key: "id" },
  clientSecret: { name: "argo-sso", key: "secret" },
  redirectUrl: "https://argo.example.com/oauth2/callback",
};

/** The operators, as tests over all parts try them. */
export const cases: PartCase[] = [
  {
    part: "SparkOperator",
    create: (name, args) => new SparkOperator(name, args),
    options: {
      namespace: [undefined, "spark"],
      replicas: [undefined, 1, 3],
      jobNamespaces: [undefined, ["team-a"]],
      serviceAccount: [undefined, { create: false }],
      webhook: [undefined, { replicas: 3, failurePolicy: "Ignore" }],
      resourceQuotaEnforcement: [undefined, false],
      batchScheduler: [undefined, { default: "volcano" }],
    },
    charts: [
      {
        values: sparkOperatorValues,
        inMirror: "spark-operator-2.5.2/spark-operator/values.yaml",
        upstream: "spark-operator/chart/values.yaml",
        open: [
          "controller.nodeSelector",
          "controller.resources",
          "controller.topologySpreadConstraints",
          "webhook.nodeSelector",
          "webhook.resources",
          "webhook.topologySpreadConstraints",
          "spark.serviceAccount.annotations",
        ],
      },
    ],
  },
  {
    part: "ArgoWorkflows",
    create: (name, args) => new ArgoWorkflows(name, args),
    options: {
      namespace: [undefined, "flows"],
      replicas: [undefined, 1],
      artifactStore: [
        undefined,
        { kind: "s3", bucket: "artifacts", region: "us-east-1" },
        {
          kind: "minio",
          bucket: "artifacts",
          region: "us-east-1",
          endpoint: "s3:9000",
          credentialsSecret: "artifacts",
        },
      ],
      instanceId: [undefined, "argo"],
      managedNamespace: [undefined, "team-a"],
      templateReferencing: [undefined, "Secure"],
      server: [undefined, { enabled: false }, { sso }],
      limits: [undefined, { podsPerSecond: 20 }],
    },
    charts: [],
  },
  {
    part: "Trainer",
    create: (name, args) => new Trainer(name, args),
    options: {
      namespace: [undefined, "trainer"],
      replicas: [undefined, 1],
      failurePolicy: [undefined, "Ignore"],
      standardRuntimes: [undefined, false],
      runtimes: [undefined, { llm: { image: "registry.example.com/llm:1.0", gpusPerNode: 8 } }],
    },
    charts: [
      {
        values: trainerValues,
        inMirror: "kubeflow-trainer-2.3.0/kubeflow-trainer/values.yaml",
        upstream: "trainer/chart/values.yaml",
        open: ["manager.nodeSelector", "manager.resources"],
      },
    ],
  },
  {
    part: "TrainingOperator",
    create: (name, args) => new TrainingOperator(name, args),
    options: {
      namespace: [undefined, "training"],
      replicas: [undefined, 1],
      jobs: [undefined, ["PyTorchJob"], ["MPIJob", "TFJob"]],
      gangScheduler: [undefined, "volcano"],
      kubeflowRoles: [undefined, true],
      createNamespace: [undefined, false],
    },
    charts: [],
  },
  {
    part: "MpiOperator",
    create: (name, args) => new MpiOperator(name, args),
    options: {
      namespace: [undefined, "mpi"],
      replicas: [undefined, 1],
      gangScheduler: [undefined, "volcano"],
      jobNamespace: [undefined, "team-a"],
    },
    charts: [],
  },
];
