import type * as pulumi from "@pulumi/pulumi";
import type { InputProblem } from "../../internal";
import { DcgmExporter, validateDcgmExporter } from "../accelerators/dcgm-exporter";
import { GpuOperator } from "../accelerators/gpu-operator";
import { validateGpuOperator } from "../accelerators/gpu-operator-args";
import { NvidiaDevicePlugin } from "../accelerators/nvidia-device-plugin";
import { validateNvidiaDevicePlugin } from "../accelerators/nvidia-device-plugin-args";
import { Minio } from "../artifact-store/minio";
import { validateMinio } from "../artifact-store/minio-args";
import { SeaweedFs } from "../artifact-store/seaweed-fs";
import { validateSeaweedFs } from "../artifact-store/seaweed-fs-args";
import { VersityGateway } from "../artifact-store/versity-gateway";
import { validateVersityGateway } from "../artifact-store/versity-gateway-args";
import { CertManager, validateCertManager } from "../foundations/cert-manager";
import { Keda, validateKeda } from "../foundations/keda";
import { MetricsServer } from "../foundations/metrics-server";
import { validateVerticalPodAutoscaling, VerticalPodAutoscaling } from "../foundations/vertical-pod-autoscaling";
import { Katib } from "../kubeflow/katib";
import { validateKatib } from "../kubeflow/katib-args";
import { KServe } from "../kubeflow/kserve";
import { validateKServe } from "../kubeflow/kserve-args";
import { KubeflowDashboard } from "../kubeflow/kubeflow-dashboard";
import { validateKubeflowDashboard } from "../kubeflow/kubeflow-dashboard-args";
import { KubeflowProfiles } from "../kubeflow/kubeflow-profiles";
import { validateKubeflowProfiles } from "../kubeflow/kubeflow-profiles-args";
import { ModelRegistry } from "../kubeflow/model-registry";
import { validateModelRegistry } from "../kubeflow/model-registry-args";
import { Notebooks } from "../kubeflow/notebooks";
import { validateNotebooks } from "../kubeflow/notebooks-args";
import { Pipelines } from "../kubeflow/pipelines";
import { type PipelinesArgs, validatePipelines } from "../kubeflow/pipelines-args";
import { TensorBoardController, validateTensorBoardController } from "../kubeflow/tensor-board-controller";
import { ConsoleAccess } from "../mesh/console-access";
import { validateConsoleAccess } from "../mesh/console-access-args";
import { Istio } from "../mesh/istio";
import { validateIstio } from "../mesh/istio-args";
import { Monitoring } from "../monitoring/monitoring";
import { validateMonitoring } from "../monitoring/monitoring-args";
import { ArgoWorkflows } from "../operators/argo-workflows";
import { validateArgoWorkflows } from "../operators/argo-workflows-validation";
import { MpiOperator, validateMpiOperator } from "../operators/mpi-operator";
import { SparkOperator } from "../operators/spark-operator";
import { validateSparkOperator } from "../operators/spark-operator-args";
import { Trainer } from "../operators/trainer";
import { validateTrainer } from "../operators/trainer-args";
import { TrainingOperator } from "../operators/training-operator";
import { validateTrainingOperator } from "../operators/training-operator-args";
import { checkPart } from "../part/part-args";
import { JobSetController } from "../queues/job-set-controller";
import { Kueue } from "../queues/kueue";
import { validateKueue } from "../queues/kueue-args";
import { LeaderWorkerSetController } from "../queues/leader-worker-set-controller";
import { Queues } from "../queues/queues";
import { type QueuesArgs, validateQueues } from "../queues/queues-args";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";

/** What a platform needs to know to create a part. */
export interface PartEntry<Args = never> {
  /** Parts that must be there before, and that go after it, where the platform has them. */
  after: PlatformPart[];
  create: (name: string, args: Args, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  validate: (name: string, args: Args) => InputProblem[];
}

/** Arguments of a part, completed by what the platform knows. */
type PartArgsOf<Part extends PlatformPart> = Part extends "queues"
  ? QueuesArgs
  : Part extends "pipelines"
    ? PipelinesArgs
    : NonNullable<MlPlatformArgs[Part]>;

const onlyCommon = (_: string, args: Parameters<typeof checkPart>[0]) => checkPart(args);
const foundations: PlatformPart[] = ["certManager", "monitoring"];
/** What makes pods of jobs: Kueue comes after all of these, as its webhooks hold their jobs back. */
const jobControllers: PlatformPart[] = [
  "jobSet",
  "leaderWorkerSet",
  "trainer",
  "trainingOperator",
  "mpiOperator",
  "sparkOperator",
];
const doors: PlatformPart[] = ["istio", "consoleAccess"];

/**
 * Every part with what it comes after, in an order in which all of them can be created. They go in the reverse order.
 *
 * @see https://github.com/kubeflow/community-distribution/blob/master/README.md "Install individual components" (26.03)
 */
export const platformParts: { [Part in PlatformPart]: PartEntry<PartArgsOf<Part>> } = {
  certManager: { after: [], create: (...of) => new CertManager(...of), validate: validateCertManager },
  monitoring: { after: ["certManager"], create: (...of) => new Monitoring(...of), validate: validateMonitoring },
  metricsServer: { after: foundations, create: (...of) => new MetricsServer(...of), validate: onlyCommon },
  verticalPodAutoscaling: {
    after: [...foundations, "metricsServer"],
    create: (...of) => new VerticalPodAutoscaling(...of),
    validate: validateVerticalPodAutoscaling,
  },
  keda: { after: foundations, create: (...of) => new Keda(...of), validate: validateKeda },
  devicePlugin: {
    after: [],
    create: (...of) => new NvidiaDevicePlugin(...of),
    validate: validateNvidiaDevicePlugin,
  },
  gpuOperator: { after: foundations, create: (...of) => new GpuOperator(...of), validate: validateGpuOperator },
  dcgmExporter: {
    after: [...foundations, "devicePlugin"],
    create: (...of) => new DcgmExporter(...of),
    validate: validateDcgmExporter,
  },
  istio: { after: foundations, create: (...of) => new Istio(...of), validate: validateIstio },
  consoleAccess: {
    after: [...foundations, "istio"],
    create: (...of) => new ConsoleAccess(...of),
    validate: validateConsoleAccess,
  },
  jobSet: { after: foundations, create: (...of) => new JobSetController(...of), validate: onlyCommon },
  leaderWorkerSet: {
    after: foundations,
    create: (...of) => new LeaderWorkerSetController(...of),
    validate: onlyCommon,
  },
  sparkOperator: { after: foundations, create: (...of) => new SparkOperator(...of), validate: validateSparkOperator },
  argoWorkflows: { after: foundations, create: (...of) => new ArgoWorkflows(...of), validate: validateArgoWorkflows },
  trainer: { after: [...foundations, "jobSet"], create: (...of) => new Trainer(...of), validate: validateTrainer },
  trainingOperator: {
    after: foundations,
    create: (...of) => new TrainingOperator(...of),
    validate: validateTrainingOperator,
  },
  mpiOperator: { after: foundations, create: (...of) => new MpiOperator(...of), validate: validateMpiOperator },
  kueue: {
    after: [...foundations, ...jobControllers],
    create: (...of) => new Kueue(...of),
    validate: validateKueue,
  },
  queues: { after: ["kueue"], create: (...of) => new Queues(...of), validate: validateQueues },
  katib: {
    after: [...foundations, ...doors, ...jobControllers],
    create: (...of) => new Katib(...of),
    validate: validateKatib,
  },
  kserve: {
    after: [...foundations, "keda", "istio", "leaderWorkerSet"],
    create: (...of) => new KServe(...of),
    validate: validateKServe,
  },
  profiles: {
    after: [...foundations, ...doors],
    create: (...of) => new KubeflowProfiles(...of),
    validate: validateKubeflowProfiles,
  },
  notebooks: {
    after: [...foundations, ...doors, "profiles"],
    create: (...of) => new Notebooks(...of),
    validate: validateNotebooks,
  },
  tensorBoards: {
    after: [...foundations, ...doors],
    create: (...of) => new TensorBoardController(...of),
    validate: validateTensorBoardController,
  },
  modelRegistry: {
    after: [...foundations, ...doors],
    create: (...of) => new ModelRegistry(...of),
    validate: validateModelRegistry,
  },
  seaweedFs: { after: foundations, create: (...of) => new SeaweedFs(...of), validate: validateSeaweedFs },
  versityGateway: {
    after: foundations,
    create: (...of) => new VersityGateway(...of),
    validate: validateVersityGateway,
  },
  minio: { after: foundations, create: (...of) => new Minio(...of), validate: validateMinio },
  pipelines: {
    after: [...foundations, ...doors, "argoWorkflows", "seaweedFs", "versityGateway", "minio"],
    create: (...of) => new Pipelines(...of),
    validate: validatePipelines,
  },
  dashboard: {
    after: [...foundations, ...doors, "profiles", "notebooks", "pipelines", "katib", "kserve", "tensorBoards"],
    create: (...of) => new KubeflowDashboard(...of),
    validate: validateKubeflowDashboard,
  },
};

/**
 * Parts that come after tenants: stores put keys into their namespaces and pipelines put settings there, once these are
 * there, and pods of pipelines do not start without the store's keys.
 */
export const PARTS_AFTER_TENANTS: PlatformPart[] = ["seaweedFs", "versityGateway", "minio", "pipelines", "dashboard"];

/** Names of all parts, in the order in which they are created. */
export const PLATFORM_PARTS = Object.keys(platformParts) as PlatformPart[];
