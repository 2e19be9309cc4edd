/**
 * In which order custom resources go while their controllers live: what makes others before what is made, and what holds
 * others back last.
 */
export const DRAIN_PHASES = [
  "schedules",
  "makers",
  "workloads",
  "helpers",
  "templates",
  "admissions",
  "localQueues",
  "clusterQueues",
  "flavors",
] as const;
/** One of {@link DRAIN_PHASES}. */
export type DrainPhase = (typeof DRAIN_PHASES)[number];

/** A resource type that a part of the platform brings. */
export interface PlatformType {
  group: string;
  kind: string;
  plural: string;
  /** Name of the part, as `MlPlatform` has it, whose controller lets resources of the type go. */
  part: string;
  phase: DrainPhase;
  /** Finalizers that the part is known to put on; empty where it puts on none. */
  finalizers: string[];
}

/** Types of one part and group that go together; kinds with their plurals. */
interface TypeRow {
  part: string;
  group: string;
  phase: DrainPhase;
  kinds: Record<string, string>;
  finalizers?: string[];
}

/** Finalizer of everything in Kueue that something else uses. */
const kueueFinalizers = ["kueue.x-k8s.io/resource-in-use"];
const kedaFinalizers = ["finalizer.keda.sh"];

const rows: TypeRow[] = [
  { part: "argoWorkflows", group: "argoproj.io", phase: "schedules", kinds: { CronWorkflow: "cronworkflows" } },
  {
    part: "argoWorkflows",
    group: "argoproj.io",
    phase: "makers",
    kinds: { Workflow: "workflows" },
    finalizers: ["workflows.argoproj.io/artifact-gc"],
  },
  {
    part: "argoWorkflows",
    group: "argoproj.io",
    phase: "workloads",
    kinds: {
      WorkflowTaskSet: "workflowtasksets",
      WorkflowTaskResult: "workflowtaskresults",
      WorkflowArtifactGCTask: "workflowartifactgctasks",
    },
  },
  {
    part: "argoWorkflows",
    group: "argoproj.io",
    phase: "templates",
    kinds: {
      WorkflowTemplate: "workflowtemplates",
      ClusterWorkflowTemplate: "clusterworkflowtemplates",
      WorkflowEventBinding: "workfloweventbindings",
    },
  },
  { part: "pipelines", group: "kubeflow.org", phase: "schedules", kinds: { ScheduledWorkflow: "scheduledworkflows" } },
  { part: "pipelines", group: "kubeflow.org", phase: "helpers", kinds: { Viewer: "viewers" } },
  {
    part: "pipelines",
    group: "pipelines.kubeflow.org",
    phase: "templates",
    kinds: { PipelineVersion: "pipelineversions", Pipeline: "pipelines" },
  },
  {
    part: "sparkOperator",
    group: "sparkoperator.k8s.io",
    phase: "schedules",
    kinds: { ScheduledSparkApplication: "scheduledsparkapplications" },
  },
  {
    part: "sparkOperator",
    group: "sparkoperator.k8s.io",
    phase: "workloads",
    kinds: { SparkApplication: "sparkapplications", SparkConnect: "sparkconnects" },
  },
  {
    part: "katib",
    group: "kubeflow.org",
    phase: "makers",
    kinds: { Experiment: "experiments" },
    finalizers: ["update-prometheus-metrics"],
  },
  {
    part: "katib",
    group: "kubeflow.org",
    phase: "makers",
    kinds: { Trial: "trials" },
    finalizers: ["clean-metrics-in-db"],
  },
  { part: "katib", group: "kubeflow.org", phase: "makers", kinds: { Suggestion: "suggestions" } },
  { part: "trainer", group: "trainer.kubeflow.org", phase: "makers", kinds: { TrainJob: "trainjobs" } },
  {
    part: "trainer",
    group: "trainer.kubeflow.org",
    phase: "templates",
    kinds: { TrainingRuntime: "trainingruntimes", ClusterTrainingRuntime: "clustertrainingruntimes" },
    finalizers: ["trainer.kubeflow.org/resource-in-use"],
  },
  {
    part: "trainingOperator",
    group: "kubeflow.org",
    phase: "workloads",
    kinds: {
      PyTorchJob: "pytorchjobs",
      TFJob: "tfjobs",
      JAXJob: "jaxjobs",
      PaddleJob: "paddlejobs",
      XGBoostJob: "xgboostjobs",
    },
  },
  // The training operator has the type as well, in its first version.
  { part: "mpiOperator", group: "kubeflow.org", phase: "workloads", kinds: { MPIJob: "mpijobs" } },
  { part: "jobSet", group: "jobset.x-k8s.io", phase: "workloads", kinds: { JobSet: "jobsets" } },
  {
    part: "leaderWorkerSet",
    group: "disaggregatedset.x-k8s.io",
    phase: "makers",
    kinds: { DisaggregatedSet: "disaggregatedsets", DisaggregatedSetRoleScaler: "disaggregatedsetrolescalers" },
  },
  {
    part: "leaderWorkerSet",
    group: "leaderworkerset.x-k8s.io",
    phase: "workloads",
    kinds: { LeaderWorkerSet: "leaderworkersets" },
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "makers",
    kinds: { InferenceGraph: "inferencegraphs" },
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "makers",
    kinds: { TrainedModel: "trainedmodels" },
    finalizers: ["trainedmodel.finalizer"],
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "makers",
    kinds: { InferenceService: "inferenceservices" },
    finalizers: ["inferenceservice.finalizers"],
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "makers",
    kinds: { LLMInferenceService: "llminferenceservices" },
    finalizers: ["serving.kserve.io/llmisvc-finalizer"],
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "templates",
    kinds: { LLMInferenceServiceConfig: "llminferenceserviceconfigs" },
    finalizers: ["serving.kserve.io/llmisvcconfig-finalizer"],
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "templates",
    kinds: {
      ServingRuntime: "servingruntimes",
      ClusterServingRuntime: "clusterservingruntimes",
      ClusterStorageContainer: "clusterstoragecontainers",
    },
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "templates",
    kinds: { LocalModelNamespaceCache: "localmodelnamespacecaches" },
    finalizers: ["localmodelnamespacecache.kserve.io/finalizer"],
  },
  {
    part: "kserve",
    group: "serving.kserve.io",
    phase: "templates",
    kinds: { LocalModelCache: "localmodelcaches" },
    finalizers: ["localmodel.kserve.io/finalizer"],
  },
  { part: "notebooks", group: "kubeflow.org", phase: "workloads", kinds: { Notebook: "notebooks" } },
  { part: "notebooks", group: "kubeflow.org", phase: "helpers", kinds: { PVCViewer: "pvcviewers" } },
  {
    part: "tensorBoards",
    group: "tensorboard.kubeflow.org",
    phase: "workloads",
    kinds: { Tensorboard: "tensorboards" },
  },
  { part: "profiles", group: "kubeflow.org", phase: "templates", kinds: { PodDefault: "poddefaults" } },
  {
    part: "keda",
    group: "keda.sh",
    phase: "schedules",
    kinds: { ScaledJob: "scaledjobs" },
    finalizers: kedaFinalizers,
  },
  {
    part: "keda",
    group: "keda.sh",
    phase: "helpers",
    kinds: { ScaledObject: "scaledobjects" },
    finalizers: kedaFinalizers,
  },
  {
    part: "keda",
    group: "keda.sh",
    phase: "templates",
    kinds: {
      TriggerAuthentication: "triggerauthentications",
      ClusterTriggerAuthentication: "clustertriggerauthentications",
    },
    finalizers: kedaFinalizers,
  },
  {
    part: "keda",
    group: "eventing.keda.sh",
    phase: "helpers",
    kinds: { CloudEventSource: "cloudeventsources", ClusterCloudEventSource: "clustercloudeventsources" },
    finalizers: kedaFinalizers,
  },
  {
    part: "verticalPodAutoscaling",
    group: "autoscaling.k8s.io",
    phase: "helpers",
    kinds: { VerticalPodAutoscaler: "verticalpodautoscalers" },
  },
  {
    part: "certManager",
    group: "cert-manager.io",
    phase: "helpers",
    kinds: { Certificate: "certificates", CertificateRequest: "certificaterequests" },
  },
  {
    part: "certManager",
    group: "acme.cert-manager.io",
    phase: "helpers",
    kinds: { Order: "orders" },
  },
  {
    part: "certManager",
    group: "acme.cert-manager.io",
    phase: "helpers",
    kinds: { Challenge: "challenges" },
    finalizers: ["acme.cert-manager.io/finalizer", "finalizer.acme.cert-manager.io"],
  },
  // Challenges are cleaned up with what their issuer knows.
  {
    part: "certManager",
    group: "cert-manager.io",
    phase: "templates",
    kinds: { Issuer: "issuers", ClusterIssuer: "clusterissuers" },
  },
  {
    part: "kueue",
    group: "kueue.x-k8s.io",
    phase: "admissions",
    kinds: { Workload: "workloads" },
    finalizers: kueueFinalizers,
  },
  { part: "kueue", group: "kueue.x-k8s.io", phase: "localQueues", kinds: { LocalQueue: "localqueues" } },
  {
    part: "kueue",
    group: "kueue.x-k8s.io",
    phase: "clusterQueues",
    kinds: { ClusterQueue: "clusterqueues" },
    finalizers: kueueFinalizers,
  },
  {
    part: "kueue",
    group: "kueue.x-k8s.io",
    phase: "flavors",
    kinds: { ResourceFlavor: "resourceflavors", AdmissionCheck: "admissionchecks", Topology: "topologies" },
    finalizers: kueueFinalizers,
  },
  {
    part: "kueue",
    group: "kueue.x-k8s.io",
    phase: "flavors",
    kinds: {
      Cohort: "cohorts",
      MultiKueueCluster: "multikueueclusters",
      MultiKueueConfig: "multikueueconfigs",
      ProvisioningRequestConfig: "provisioningrequestconfigs",
      WorkloadPriorityClass: "workloadpriorityclasses",
    },
  },
];

/**
 * The resource types of the platform's parts of which resources are drained, with what is known of how they go.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ and the sources of the pinned version of each part, which name
 * the finalizers: Argo Workflows 4.0.5, cert-manager 1.21.1, Katib 0.19.0, KServe 0.20.0, Kueue 0.19.2, Trainer 2.3.0.
 */
export const PLATFORM_TYPES: PlatformType[] = rows.flatMap(({ kinds, finalizers = [], ...row }) =>
  Object.entries(kinds).map(([kind, plural]) => ({ ...row, kind, plural, finalizers })),
);

/** The name of a type's CustomResourceDefinition, for example `workflows.argoproj.io`. */
export function definitionName({ plural, group }: Pick<PlatformType, "plural" | "group">): string {
  return `${plural}.${group}`;
}
