import { AUTOSCALING, KARPENTER_ON_KWOK } from "../../components/model/local-autoscaling";
import { CHARTS, MANIFESTS } from "../../components/model/versions";
import type { CompletedModule } from "../toolchain/completed-module";
import type { ImageParts } from "./program-file";
import { WITHOUT_AGENTGATEWAY } from "./mesh-module";
import { sparkImage } from "./spark-image";

/** A controller of the platform, and where its program comes from. */
export interface Controller {
  /** Part of the platform that installs it. */
  part: string;
  /** Name of its binary. */
  name: string;
  title: string;
  /** Folder of the Go module under `rehearsal/modules`. */
  folder: string;
  package: string;
  /** Module that the package is of, and its version. */
  module: string;
  version: string;
  /** Module that does not build as the module proxy has it, and what is done about it; none by default. */
  completed?: CompletedModule;
  /** Image that the program stands for, without its tag. */
  image: string;
  /** Further images that it stands for; none by default. */
  furtherImages?: readonly string[];
  /**
   * Whether controllers ask it rather than it being one. False by default; faults of controllers leave it alone, as it plays a
   * database that would outlive them.
   */
  isService?: boolean;
  /** What the image starts where a container has no command. */
  entry: string;
  /** What else its image has that it needs; nothing by default. */
  imageParts?: () => Promise<ImageParts>;
  /** Minutes that its build takes on two idle cores, once those before it in the same module were built. */
  typicalMinutes: number;
}

/**
 * Controllers of the platform that are run for real, each as its chart or manifests have it. Versions are those that the
 * platform installs; a test holds the `go.mod` files to them.
 */
export const CONTROLLERS: readonly Controller[] = [
  {
    part: "kueue",
    name: "kueue",
    title: "Kueue",
    folder: "operators/jobs",
    package: "sigs.k8s.io/kueue/cmd/kueue",
    module: "sigs.k8s.io/kueue",
    version: `v${CHARTS.kueue.version}`,
    image: "registry.k8s.io/kueue/kueue",
    entry: "/manager",
    typicalMinutes: 4,
  },
  {
    part: "jobSet",
    name: "jobset",
    title: "JobSet controller",
    folder: "operators/jobs",
    package: "sigs.k8s.io/jobset",
    module: "sigs.k8s.io/jobset",
    version: `v${CHARTS.jobSet.version}`,
    image: "registry.k8s.io/jobset/jobset",
    entry: "/manager",
    typicalMinutes: 2,
  },
  {
    part: "trainer",
    name: "trainer",
    title: "Kubeflow Trainer",
    folder: "operators/jobs",
    package: "github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager",
    module: "github.com/kubeflow/trainer/v2",
    version: `v${CHARTS.trainer.version}`,
    image: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
    entry: "/manager",
    typicalMinutes: 1,
  },
  {
    part: "trainingOperator",
    name: "training-operator",
    title: "Kubeflow Training Operator",
    folder: "operators/jobs",
    package: "github.com/kubeflow/training-operator/cmd/training-operator.v1",
    module: "github.com/kubeflow/training-operator",
    version: `v${MANIFESTS.trainingOperator.version}`,
    image: "ghcr.io/kubeflow/training-v1/training-operator",
    entry: "/manager",
    typicalMinutes: 1,
  },
  {
    part: "mpiOperator",
    name: "mpi-operator",
    title: "MPI Operator",
    folder: "operators/jobs",
    package: "github.com/kubeflow/mpi-operator/cmd/mpi-operator",
    module: "github.com/kubeflow/mpi-operator",
    version: `v${MANIFESTS.mpiOperator.version}`,
    image: "docker.io/mpioperator/mpi-operator",
    entry: "/opt/mpi-operator",
    typicalMinutes: 1,
  },
  {
    part: "verticalPodAutoscaling",
    name: "vpa-recommender",
    title: "VerticalPodAutoscaler recommender",
    folder: "operators/jobs",
    package: "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender",
    module: "k8s.io/autoscaler/vertical-pod-autoscaler",
    version: CHARTS.verticalPodAutoscaler.module.version,
    image: "registry.k8s.io/autoscaling/vpa-recommender",
    entry: "/recommender",
    typicalMinutes: 1,
  },
  {
    part: "argoWorkflows",
    name: "workflow-controller",
    title: "Argo workflow-controller",
    folder: "operators/workflows",
    package: "github.com/argoproj/argo-workflows/v4/cmd/workflow-controller",
    module: "github.com/argoproj/argo-workflows/v4",
    version: `v${MANIFESTS.argoWorkflows.version}`,
    image: "quay.io/argoproj/workflow-controller",
    entry: "/bin/workflow-controller",
    typicalMinutes: 2,
  },
  {
    part: "sparkOperator",
    name: "spark-operator",
    title: "Spark operator",
    folder: "operators/workflows",
    package: "github.com/kubeflow/spark-operator/v2/cmd/operator",
    module: "github.com/kubeflow/spark-operator/v2",
    version: `v${CHARTS.sparkOperator.version}`,
    image: "ghcr.io/kubeflow/spark-operator/controller",
    entry: "/usr/bin/spark-operator",
    imageParts: sparkImage,
    typicalMinutes: 3,
  },
  {
    part: "katib",
    name: "katib-controller",
    title: "Katib controller",
    folder: "operators/tuning",
    package: "github.com/kubeflow/katib/cmd/katib-controller/v1beta1",
    module: "github.com/kubeflow/katib",
    version: `v${MANIFESTS.katib.version}`,
    image: "ghcr.io/kubeflow/katib/katib-controller",
    entry: "/app/katib-controller",
    typicalMinutes: 3,
  },
  {
    part: "katib",
    name: "katib-services",
    title: "Suggestion service and DB manager of Katib",
    folder: "operators/tuning",
    package: "mlstack.internal/operators/tuning/services",
    module: "github.com/kubeflow/katib",
    version: `v${MANIFESTS.katib.version}`,
    image: "ghcr.io/kubeflow/katib/katib-db-manager",
    furtherImages: ["hyperopt", "goptuna", "optuna", "hyperband", "skopt"].map(
      (name) => `ghcr.io/kubeflow/katib/suggestion-${name}`,
    ),
    isService: true,
    entry: "/opt/katib/services",
    typicalMinutes: 1,
  },
  {
    part: "kserve",
    name: "kserve",
    title: "KServe controller",
    folder: "operators/serving",
    package: "github.com/kserve/kserve/cmd/manager",
    module: "github.com/kserve/kserve",
    version: CHARTS.kserve.version,
    image: "kserve/kserve-controller",
    entry: "/manager",
    typicalMinutes: 5,
  },
  {
    part: "istio",
    name: "istiod",
    title: "Istio's control plane",
    folder: "operators/mesh",
    package: "istio.io/istio/pilot/cmd/pilot-discovery",
    module: CHARTS.istiod.module.module,
    version: CHARTS.istiod.module.version,
    completed: WITHOUT_AGENTGATEWAY,
    image: "registry.istio.io/release/pilot",
    entry: "/usr/local/bin/pilot-discovery",
    typicalMinutes: 6,
  },
  {
    part: AUTOSCALING,
    name: "karpenter-kwok",
    title: "Karpenter with its KWOK provider",
    folder: "operators/autoscaling",
    package: "sigs.k8s.io/karpenter/kwok",
    module: "sigs.k8s.io/karpenter",
    version: `v${KARPENTER_ON_KWOK.version}`,
    image: KARPENTER_ON_KWOK.image,
    entry: "/kwok",
    typicalMinutes: 3,
  },
];
