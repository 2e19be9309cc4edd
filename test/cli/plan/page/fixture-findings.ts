import { describeFinding } from "../../../../components/model/finding";
import type { GraphEdge, GraphNode, StackGraph } from "../../../../cli/plan/graph";
import type { GraphGroup } from "../../../../cli/plan/graph-groups";
import type { ReportedFinding } from "../../../../cli/plan/report";

type Facts = Omit<ReportedFinding, "message">;

const facts: Facts[] = [
  {
    section: "placement",
    level: "mandatory",
    rule: "PLAN-01",
    severity: "high",
    object: "MPIJob language/pretrain",
    path: "spec.mpiReplicaSpecs.Worker.replicas",
    observed: "8 pods that must run together, each with 8 GPUs",
    allowed: "at most 4, as the pool train-a100 has 4 nodes at its largest",
    remedy: "Ask for 4 workers, or raise maxNodes of train-a100 to 8.",
  },
  {
    section: "placement",
    level: "mandatory",
    rule: "PLAN-01",
    severity: "high",
    object: "Job vision/arm-export",
    path: "spec.template.spec.nodeSelector",
    observed: "kubernetes.io/arch: arm64",
    allowed: "amd64, the architecture of every pool",
    remedy: "Add a pool of arm64 nodes, or build the image for amd64.",
  },
  {
    section: "agreement",
    level: "mandatory",
    rule: "AGREE-03",
    severity: "critical",
    object: "GpuNodePool train-a100",
    path: "taints",
    observed: "nvidia.com/gpu=present:NoSchedule",
    allowed: "taints that the ResourceFlavor a100 tolerates",
    remedy: "Add the toleration to the ResourceFlavor, or take the taint away.",
  },
  {
    section: "cost",
    level: "advisory",
    rule: "COST-02",
    severity: "medium",
    object: "GpuNodePool dev-spot",
    path: "maxNodes",
    observed: "no bound",
    allowed: "a ceiling, so that the environment has one",
    remedy: "Set limits on the NodePool.",
  },
  {
    section: "advice",
    level: "advisory",
    rule: "ADVICE-04",
    severity: "low",
    object: "GpuNodePool serve-a10g",
    path: "minNodes",
    observed: "1 node that is there while nothing runs, USD 5.67/h",
    allowed: "0, as everything on it can wait for a node",
    remedy: "Set minNodes to 0, or say why it must be there.",
  },
  {
    section: "advice",
    level: "advisory",
    rule: "ADVICE-06",
    severity: "medium",
    object: "Job vision/mnist",
    path: "spec.template.spec.containers[0]",
    observed: "runs on spot nodes without a checkpoint",
    allowed: "a volume for checkpoints, or on-demand nodes",
    remedy: "Mount a volume and write checkpoints to it.",
  },
];

/** Findings of each section and level. */
export const findings: ReportedFinding[] = facts.map((each) => ({ ...each, message: describeFinding(each) }));

/** Each node: its name, its type, how many resources are inside, and what it waits for; `<` before what it is a part of. */
const nodes: [name: string, group: GraphGroup, type: string, children: number, ends: string][] = [
  ["vpc", "cluster", "Vpc", 23, ""],
  ["cluster", "cluster", "Cluster", 31, "vpc"],
  ["add-ons", "cluster", "EksAddOns", 6, "cluster"],
  ["system", "pool", "SystemNodePool", 4, "cluster"],
  ["karpenter", "platform", "Karpenter", 18, "system"],
  ["train-a100", "pool", "GpuNodePool", 3, "karpenter"],
  ["serve-a10g", "pool", "GpuNodePool", 3, "karpenter"],
  ["dev-spot", "pool", "GpuNodePool", 3, "karpenter"],
  ["spark-spot", "pool", "SystemNodePool", 3, "karpenter"],
  ["device-plugin", "platform", "NvidiaDevicePlugin", 5, "system"],
  ["efa-plugin", "platform", "EfaDevicePlugin", 4, "system"],
  ["artifacts", "storage", "ArtifactBucket", 5, ""],
  ["shared", "storage", "SharedVolume", 4, "add-ons"],
  ["imagenet", "storage", "Dataset", 3, "artifacts"],
  ["ml", "platform", "MlPlatform", 2, "system add-ons"],
  ["ml-cert-manager", "platform", "CertManager", 48, "<ml"],
  ["ml-metrics-server", "platform", "MetricsServer", 9, "<ml"],
  ["ml-monitoring", "platform", "Monitoring", 132, "ml-cert-manager <ml"],
  ["ml-dcgm-exporter", "platform", "DcgmExporter", 7, "ml-monitoring <ml"],
  ["ml-istio", "platform", "Istio", 61, "ml-cert-manager <ml"],
  ["ml-kueue", "queue", "Kueue", 74, "ml-cert-manager <ml"],
  ["ml-job-set", "platform", "JobSetController", 22, "ml-cert-manager <ml"],
  ["ml-trainer", "platform", "Trainer", 31, "ml-job-set <ml"],
  ["ml-mpi-operator", "platform", "MpiOperator", 14, "<ml"],
  ["ml-spark-operator", "platform", "SparkOperator", 28, "ml-cert-manager <ml"],
  ["ml-argo", "platform", "ArgoWorkflows", 41, "<ml"],
  ["ml-pipelines", "platform", "Pipelines", 87, "ml-argo artifacts ml-istio <ml"],
  ["ml-katib", "platform", "Katib", 39, "ml-cert-manager <ml"],
  ["ml-kserve", "platform", "KServe", 66, "ml-istio ml-cert-manager <ml"],
  ["ml-notebooks", "platform", "Notebooks", 24, "ml-istio <ml"],
  ["ml-queues", "queue", "Queues", 12, "ml-kueue train-a100 serve-a10g dev-spot <ml"],
  ["ml-vision", "tenant", "Tenant", 16, "ml-queues <ml"],
  ["ml-language", "tenant", "Tenant", 16, "ml-queues <ml"],
  ["bert", "workload", "PyTorchJob", 2, "ml-vision ml-trainer efa-plugin shared"],
  ["segment", "workload", "TrainJob", 2, "ml-vision ml-trainer imagenet"],
  ["learning-rate", "workload", "Sweep", 2, "ml-language ml-katib"],
  ["pretrain", "workload", "MpiJob", 2, "ml-language ml-mpi-operator efa-plugin"],
  ["chat", "workload", "InferenceService", 3, "ml-language ml-kserve"],
  ["detect", "workload", "InferenceService", 3, "ml-vision ml-kserve"],
  ["ada", "workload", "Notebook", 2, "ml-language ml-notebooks"],
  ["clean", "workload", "ScheduledSparkJob", 2, "ml-language ml-spark-operator"],
  ["a-name-that-is-longer-than-a-box-can-be", "workload", "WebService", 4, "ml-vision"],
  ["notes", "other", "ConfigMap", 0, ""],
];

/** The components of such a stack. */
export const graph: StackGraph = {
  nodes: nodes.map(([title, group, type, children]): GraphNode => ({
    id: title,
    title,
    group,
    type: `mlstack:index:${type}`,
    children,
  })),
  edges: nodes.flatMap(([from, , , , ends]) =>
    ends
      .split(" ")
      .filter((end) => end !== "")
      .map((end): GraphEdge => ({ from, to: end.replace("<", ""), kind: end.startsWith("<") ? "part" : "waits" })),
  ),
};
