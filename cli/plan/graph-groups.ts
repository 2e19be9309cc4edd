/** What a node of the graph stands for, in the order in which a legend tells of them. */
export const GRAPH_GROUPS = ["cluster", "pool", "platform", "storage", "queue", "tenant", "workload", "other"] as const;
/** What a node of the graph stands for. */
export type GraphGroup = (typeof GRAPH_GROUPS)[number];

const COMPONENT = "mlstack:index:";

/** Components that are no part of the platform, by what they are. */
const COMPONENTS: Partial<Record<GraphGroup, readonly string[]>> = {
  cluster: ["Cluster", "Vpc", "EksAddOns", "PodIdentityRole"],
  pool: ["GpuNodePool", "SystemNodePool"],
  storage: ["ArtifactBucket", "Dataset", "Minio", "S3ArtifactStore", "SeaweedFs", "SharedVolume", "VersityGateway"],
  queue: ["Queues"],
  tenant: ["Tenant"],
  workload: [
    ...["BatchJob", "CronTask", "CronWorkflow", "DriftMonitor", "GpuJob", "IndexedJob", "InferenceService"],
    ...["MasterWorkerJob", "ModelLoop", "ModelVersion", "MpiJob", "MxNetJob", "Notebook", "Pipeline", "PipelineRun"],
    ...["PyTorchJob", "ScheduledSparkJob", "SparkJob", "Sweep", "TensorBoard", "TensorFlowJob", "TrainJob"],
    ...["WebService", "Workflow", "WorkflowTemplate"],
  ],
};

const groupOfComponent = new Map(
  Object.entries(COMPONENTS).flatMap(([group, names]) => names.map((name) => [name, group as GraphGroup])),
);

/** What stands in a program without a component around it; the first that fits counts. */
const OTHERS: readonly [pattern: RegExp, group: GraphGroup][] = [
  [/^kubernetes:karpenter\./, "pool"],
  [/^kubernetes:core\/v1:Node$/, "pool"],
  [/^(aws|eks|aws-native):.*(NodeGroup|NodePool|LaunchTemplate)/i, "pool"],
  [/^kubernetes:kueue\.x-k8s\.io\//, "queue"],
  [/^kubernetes:core\/v1:(PersistentVolume|PersistentVolumeClaim)$/, "storage"],
  [/^kubernetes:storage\.k8s\.io\//, "storage"],
  [/^aws:(s3|efs|fsx)\//, "storage"],
  [/^(aws|eks|aws-native):/, "cluster"],
  [/^kubernetes:core\/v1:Namespace$/, "tenant"],
  [/^kubernetes:(apps|batch)\//, "workload"],
  [/^kubernetes:core\/v1:(Pod|ReplicationController)$/, "workload"],
  [/^kubernetes:(argoproj\.io|jobset\.x-k8s\.io|leaderworkerset\.x-k8s\.io|sparkoperator\.k8s\.io)\//, "workload"],
  [/^kubernetes:([a-z]+\.)?kubeflow\.org\//, "workload"],
  [/^kubernetes:serving\.kserve\.io\//, "workload"],
  [/^kubernetes:(helm\.sh|yaml)/, "platform"],
];

/** What a resource stands for, by its Pulumi type token; components that are not known by name are of the platform. */
export function groupOf(type: string): GraphGroup {
  if (isComponent(type)) return groupOfComponent.get(type.slice(COMPONENT.length)) ?? "platform";
  return OTHERS.find(([pattern]) => pattern.test(type))?.[1] ?? "other";
}

/** Whether a type token is that of a component of this project. */
export function isComponent(type: string): boolean {
  return type.startsWith(COMPONENT);
}

/** Whether a resource is something that the program declares, rather than the stack itself or a provider. */
export function isPartOfProgram(type: string): boolean {
  return type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");
}
