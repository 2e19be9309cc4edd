import { Katib } from "../../../../components/platform/kubeflow/katib";
import { KubeflowDashboard } from "../../../../components/platform/kubeflow/kubeflow-dashboard";
import { DashboardPage } from "../../../../components/platform/kubeflow/kubeflow-dashboard-args";
import { KubeflowProfiles } from "../../../../components/platform/kubeflow/kubeflow-profiles";
import { KServe } from "../../../../components/platform/kubeflow/kserve";
import { KServeDeploymentMode, KServeRuntime } from "../../../../components/platform/kubeflow/kserve-args";
import { kserveRuntimeValues, kserveValues } from "../../../../components/platform/kubeflow/kserve-values";
import { ModelRegistry } from "../../../../components/platform/kubeflow/model-registry";
import { DatabaseEngine } from "../../../../components/platform/kubeflow/model-registry-args";
import { Notebooks } from "../../../../components/platform/kubeflow/notebooks";
import { Pipelines } from "../../../../components/platform/kubeflow/pipelines";
import { TensorBoardController } from "../../../../components/platform/kubeflow/tensor-board-controller";
import { PodSecurityLevel } from "../../../../components/platform/part/part-namespace";
import type { PartCase } from "../../../support/part-case";
import { consoleOfLab, database, s3, seaweedFs } from "./samples";

const common = {
  namespace: [undefined, "kf"],
  existingNamespace: [undefined, true],
  replicas: [undefined, 1, 3],
  resources: [undefined, { cpu: "1", memory: "1Gi" }],
};
const withCertificates = { platform: { certManager: true } };

const pipelines: Pick<PartCase, "part" | "create" | "charts"> = {
  part: "Pipelines",
  create: (name, args) => new Pipelines(name, args),
  charts: [],
};
const pipelineOptions = {
  ...common,
  database: [undefined, database.own, database.external, database.encrypted],
  ownArgo: [undefined, true],
  artifactStore: [s3, seaweedFs],
  clientNamespaces: [undefined, ["team-a"]],
  blockV1Pipelines: [undefined, false],
  viewers: [undefined, true],
};

/** Parts of Kubeflow. */
export const cases: PartCase[] = [
  {
    part: "Katib",
    create: (name, args) => new Katib(name, args),
    required: withCertificates,
    options: {
      ...common,
      database: [undefined, database.own, database.external],
      trialResources: [undefined, ["Job.v1.batch", "RayJob.v1.ray.io"]],
      suggestionResources: [undefined, { cpu: "1" }],
      sharedStorageClassName: [undefined, "efs"],
      injectSecurityContext: [undefined, false],
      console: [undefined, consoleOfLab],
    },
    charts: [],
  },
  {
    part: "KServe",
    create: (name, args) => new KServe(name, args),
    required: withCertificates,
    options: {
      namespace: [undefined, "serving"],
      replicas: [undefined, 1],
      resources: [undefined, { cpu: "1", memory: "1Gi" }],
      deploymentMode: [undefined, KServeDeploymentMode.knative],
      ingress: [undefined, { domain: "models.lab.example" }, { domain: "models.lab.example", gateway: "edge/models" }],
      runtimes: [undefined, [], Object.values(KServeRuntime)],
      vllmImage: ["docker.io/vllm/vllm-openai:v0.11.0"],
      artifactStore: [undefined, s3, seaweedFs],
      modelcar: [undefined, true],
      automountServiceAccountToken: [undefined, true],
      modelResources: [undefined, { memory: "4Gi" }],
    },
    charts: [
      {
        values: kserveValues,
        inMirror: "kserve-resources-v0.20.0/kserve-resources/values.yaml",
        upstream: "kserve/charts/kserve-resources/values.yaml",
        open: ["kserve.controller.nodeSelector"],
      },
      {
        values: kserveRuntimeValues,
        inMirror: "kserve-runtime-configs-v0.20.0/kserve-runtime-configs/values.yaml",
        upstream: "kserve/charts/kserve-runtime-configs/values.yaml",
      },
    ],
  },
  {
    ...pipelines,
    required: withCertificates,
    options: {
      ...pipelineOptions,
      nativeApi: [undefined, true],
      workflowTtlSeconds: [undefined, 3600],
      cronTimezone: [undefined, "Europe/Berlin"],
      securityContext: [undefined, { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true }],
    },
  },
  {
    ...pipelines,
    required: { multiUser: true, console: consoleOfLab },
    options: { ...pipelineOptions, tenants: [undefined, ["team-a", "team-b"]] },
  },
  {
    part: "Notebooks",
    create: (name, args) => new Notebooks(name, args),
    required: { ...withCertificates, console: consoleOfLab },
    options: {
      ...common,
      cullIdleMinutes: [undefined, 0, 30],
      cullCheckMinutes: [undefined, 5],
      fsGroup: [undefined, false],
      spawner: [undefined, { gpus: 1, pools: [{ name: "a10g", tolerations: [{ key: "nvidia.com/gpu" }] }] }],
      volumesApp: [undefined, false],
      volumeViewer: [undefined, true],
    },
    charts: [],
  },
  {
    part: "TensorBoardController",
    create: (name, args) => new TensorBoardController(name, args),
    required: { console: consoleOfLab },
    options: {
      ...common,
      webApp: [undefined, false],
      tensorBoardImage: [undefined, "docker.io/tensorflow/tensorflow:2.20.0"],
      readWriteOnceScheduling: [undefined, false],
    },
    charts: [],
  },
  {
    part: "KubeflowProfiles",
    create: (name, args) => new KubeflowProfiles(name, args),
    required: { ...withCertificates, console: consoleOfLab },
    options: {
      ...common,
      podSecurityLevel: [undefined, PodSecurityLevel.restricted],
      namespaceLabels: [undefined, { "mlstack.dev/queues": "true" }],
      admin: [undefined, "admin@lab.example"],
      podDefaults: [undefined, false],
    },
    charts: [],
  },
  {
    part: "KubeflowDashboard",
    create: (name, args) => new KubeflowDashboard(name, args),
    required: { console: consoleOfLab },
    options: {
      ...common,
      pages: [undefined, Object.values(DashboardPage)],
      links: [undefined, [{ text: "Grafana", link: "https://grafana.lab.example" }]],
      registration: [undefined, true],
      logoutUrl: [undefined, "/logout"],
    },
    charts: [],
  },
  {
    part: "ModelRegistry",
    create: (name, args) => new ModelRegistry(name, args),
    options: {
      ...common,
      databaseEngine: [undefined, DatabaseEngine.postgres],
      database: [undefined, database.own, database.external, database.encrypted],
      clientNamespaces: [undefined, ["team-a"]],
      console: [undefined, consoleOfLab],
      inferenceController: [undefined, true],
      storageInitializer: [undefined, true],
    },
    charts: [],
  },
];
