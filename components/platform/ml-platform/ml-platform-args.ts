import type { PoolShape } from "../../model";
import type { PlatformFacts } from "../../rendering";
import type { DcgmExporterArgs } from "../accelerators/dcgm-exporter";
import type { GpuOperatorArgs } from "../accelerators/gpu-operator-args";
import type { NvidiaDevicePluginArgs } from "../accelerators/nvidia-device-plugin-args";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import type { MinioArgs } from "../artifact-store/minio-args";
import type { SeaweedFsArgs } from "../artifact-store/seaweed-fs-args";
import type { VersityGatewayArgs } from "../artifact-store/versity-gateway-args";
import type { CertManagerArgs } from "../foundations/cert-manager";
import type { KedaArgs } from "../foundations/keda";
import type { MetricsServerArgs } from "../foundations/metrics-server";
import type { VerticalPodAutoscalingArgs } from "../foundations/vertical-pod-autoscaling";
import type { KatibArgs } from "../kubeflow/katib-args";
import type { KServeArgs } from "../kubeflow/kserve-args";
import type { KubeflowDashboardArgs } from "../kubeflow/kubeflow-dashboard-args";
import type { KubeflowProfilesArgs } from "../kubeflow/kubeflow-profiles-args";
import type { ModelRegistryArgs } from "../kubeflow/model-registry-args";
import type { NotebooksArgs } from "../kubeflow/notebooks-args";
import type { PipelineSettings } from "../kubeflow/pipelines-args";
import type { TensorBoardControllerArgs } from "../kubeflow/tensor-board-controller";
import type { ConsoleAccessArgs } from "../mesh/console-access-args";
import type { IstioArgs } from "../mesh/istio-args";
import type { MonitoringArgs } from "../monitoring/monitoring-args";
import type { ArgoWorkflowsArgs } from "../operators/argo-workflows-args";
import type { MpiOperatorArgs } from "../operators/mpi-operator";
import type { SparkOperatorArgs } from "../operators/spark-operator-args";
import type { TrainerArgs } from "../operators/trainer-args";
import type { TrainingOperatorArgs } from "../operators/training-operator-args";
import type { JobSetControllerArgs } from "../queues/job-set-controller";
import type { KueueArgs } from "../queues/kueue-args";
import type { LeaderWorkerSetControllerArgs } from "../queues/leader-worker-set-controller";
import type { QueueSettings } from "../queues/queues-args";
import type { TenantArgs } from "../tenants/tenant-args";

/**
 * What an {@link MlPlatform} is made from. A part is installed where its arguments are given, `{}` for its defaults; it is told
 * of the parts beside it, so that these arguments hold only what is to differ.
 */
export interface MlPlatformArgs {
  /** What is known of the cluster; a real one of the newest supported version by default. */
  platform?: PlatformFacts;
  /** Pools that jobs run on, that of the system among them, for `queues`: `shape` of each pool; none by default. */
  pools?: PoolShape[];
  /** Store for artifacts that is there already, S3 for example; `seaweedFs`, `versityGateway` or `minio` where one of them is installed. */
  artifactStore?: ArtifactStoreFacts;
  /** Issues certificates; what can have its certificates from it then does. */
  certManager?: CertManagerArgs;
  /** CPU and memory use for autoscalers and `kubectl top`. */
  metricsServer?: MetricsServerArgs;
  /** Prometheus, Grafana, alerts and dashboards; the other parts then show their metrics to it. */
  monitoring?: MonitoringArgs;
  /** Sizes of pods by what they use. */
  verticalPodAutoscaling?: VerticalPodAutoscalingArgs;
  /** Scaling by events. */
  keda?: KedaArgs;
  /** Makes GPUs show as `nvidia.com/gpu`; exclusive with `gpuOperator`. */
  devicePlugin?: NvidiaDevicePluginArgs;
  /** Device plugin, GPU metrics and MIG by one operator. */
  gpuOperator?: GpuOperatorArgs;
  /** Metrics of GPUs; part of `gpuOperator` where that is installed. */
  dcgmExporter?: DcgmExporterArgs;
  /** The mesh. */
  istio?: IstioArgs;
  /** Sign-in in front of every console; needs `istio`. */
  consoleAccess?: ConsoleAccessArgs;
  /** Artifacts in SeaweedFS; exclusive with the other stores and `artifactStore`. */
  seaweedFs?: SeaweedFsArgs;
  /** Artifacts on one volume, behind the Versity S3 Gateway; exclusive with the other stores and `artifactStore`. */
  versityGateway?: VersityGatewayArgs;
  /** Artifacts in MinIO; exclusive with the other stores and `artifactStore`. */
  minio?: MinioArgs;
  /** Groups of Jobs that run as one. */
  jobSet?: JobSetControllerArgs;
  /** Groups of pods that serve as one. */
  leaderWorkerSet?: LeaderWorkerSetControllerArgs;
  /** Spark applications. */
  sparkOperator?: SparkOperatorArgs;
  /** Workflows. */
  argoWorkflows?: ArgoWorkflowsArgs;
  /** Distributed training as TrainJobs; needs `jobSet`. */
  trainer?: TrainerArgs;
  /** Distributed training by the older kinds: TFJob, PyTorchJob, XGBoostJob and others. */
  trainingOperator?: TrainingOperatorArgs;
  /** MPI and Horovod as MPIJobs. */
  mpiOperator?: MpiOperatorArgs;
  /** Queues and quotas for jobs. */
  kueue?: KueueArgs;
  /** Queues derived from `pools`, which take the place of those in here; needs `kueue`. */
  queues?: QueueSettings;
  /** Hyperparameter tuning. */
  katib?: KatibArgs;
  /** Serving of models. */
  kserve?: KServeArgs;
  /** Kubeflow Pipelines; needs a store for artifacts, and `argoWorkflows` unless it brings a controller of its own. */
  pipelines?: PipelineSettings;
  /** Notebooks. */
  notebooks?: NotebooksArgs;
  /** TensorBoards as resources. */
  tensorBoards?: TensorBoardControllerArgs;
  /** Kubeflow's profiles. */
  profiles?: KubeflowProfilesArgs;
  /** Kubeflow's dashboard; needs sign-in. */
  dashboard?: KubeflowDashboardArgs;
  /** Registry of models. */
  modelRegistry?: ModelRegistryArgs;
  /** Tenants by their names; none by default. */
  tenants?: Record<string, TenantArgs>;
}

/** A part that a platform can have, by the name of its arguments. */
export type PlatformPart = Exclude<keyof MlPlatformArgs, "platform" | "pools" | "artifactStore" | "tenants">;
