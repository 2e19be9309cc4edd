import type { ReportedAmount, ReportedPool } from "../../../../cli/plan/report";
import { amountText } from "../../../../preflight/placement/amount-text";
import type { NodeLayout } from "../../../../preflight/packing/packing";

const GIB = 2 ** 30;
const PRICE = { source: "AWS price list by way of Karpenter v1.14.1", asOf: "2026-07-20" };
const ZONES = ["us-east-1a", "us-east-1b"];

/** Amounts with their words; cores of `cpu` and GiB of bytes. */
export function amounts(units: Record<string, number>): ReportedAmount[] {
  return Object.entries(units).map(([resource, units]) => {
    const amount = resource === "cpu" ? units * 1000 : /memory|storage/.test(resource) ? units * GIB : units;
    return { resource, amount, words: amountText(resource, amount, "down") };
  });
}

function layout(
  nodes: number,
  idleGpus: number,
  ...pods: [podSet: string, pods: number, gpusPerPod: number][]
): NodeLayout {
  return {
    nodes,
    idleGpus,
    strandedGpus: 0,
    pods: pods.map(([podSet, count, gpusPerPod]) => ({ podSet, pods: count, gpusPerPod })),
  };
}

interface PoolFacts extends Pick<ReportedPool, "name" | "instanceTypes" | "minNodes" | "maxNodes" | "gpusPerNode"> {
  capacityType?: string;
  gpuModel?: string;
  free: Record<string, number>;
  layouts: NodeLayout[];
  strandedGpus?: number;
  usdPerHour?: number;
  missing?: string;
  typicalNodes?: number;
  unknowns?: string[];
}

function pool(facts: PoolFacts): ReportedPool {
  const {
    name,
    instanceTypes,
    minNodes,
    maxNodes,
    gpusPerNode = 0,
    free,
    layouts,
    strandedGpus = 0,
    usdPerHour,
  } = facts;
  const { capacityType = "on-demand", gpuModel, missing, typicalNodes = minNodes, unknowns = [] } = facts;
  const nodes = layouts.reduce((sum, each) => sum + each.nodes, 0);
  const idle = layouts.reduce((sum, each) => sum + each.nodes * each.idleGpus, 0);
  const gpus = nodes * gpusPerNode;
  const price = usdPerHour === undefined ? undefined : { usdPerHour, ...PRICE };
  const cost = (count: number) => (usdPerHour === undefined ? undefined : count * usdPerHour);
  return {
    name,
    instanceTypes,
    capacityType,
    architecture: "amd64",
    gpuModel,
    gpusPerNode: facts.gpusPerNode,
    minNodes,
    maxNodes,
    zones: ZONES,
    free: amounts(free),
    packing: { pool: name, nodes, gpus, gpusInUse: gpus - idle, strandedGpus, layouts },
    cost: {
      pool: name,
      instanceType: instanceTypes[0],
      capacityType,
      nodes: { idle: minNodes, typical: typicalNodes, ceiling: maxNodes ?? undefined },
      price,
      ceilingPrice: price,
      idle: cost(minNodes),
      typical: cost(typicalNodes),
      ceiling: usdPerHour !== undefined && maxNodes === null ? null : cost(maxNodes ?? 0),
      ...(missing === undefined ? {} : { missing }),
    },
    unknowns,
  };
}

/** Pools of each kind: full, partly stranded, unbounded, without GPUs, and not known. */
export const pools = [
  pool({
    name: "train-a100",
    instanceTypes: ["p4d.24xlarge"],
    gpuModel: "a100",
    gpusPerNode: 8,
    minNodes: 0,
    maxNodes: 4,
    typicalNodes: 1.2,
    free: {
      cpu: 94.7,
      memory: 1015.2,
      "ephemeral-storage": 6840,
      "nvidia.com/gpu": 8,
      "vpc.amazonaws.com/efa": 4,
      pods: 104,
    },
    layouts: [
      layout(2, 0, ["PyTorchJob vision/bert Worker", 1, 8], ["DaemonSet vision/cache", 1, 0]),
      layout(1, 0, ["TrainJob vision/segment", 2, 4]),
      {
        ...layout(1, 3, ["Sweep language/learning-rate", 5, 1]),
        strandedGpus: 3,
        strandedReason: "4.7 cores are left, and the least that a pod with a GPU asks for is 18",
      },
    ],
    strandedGpus: 3,
    usdPerHour: 21.96,
  }),
  pool({
    name: "serve-a10g",
    instanceTypes: ["g5.12xlarge", "g5.24xlarge"],
    gpuModel: "a10g",
    gpusPerNode: 4,
    minNodes: 1,
    maxNodes: 6,
    typicalNodes: 2.5,
    free: { cpu: 46.8, memory: 172.4, "ephemeral-storage": 171, "nvidia.com/gpu": 4, pods: 108 },
    layouts: [
      layout(2, 0, ["InferenceService language/chat predictor", 2, 2]),
      layout(
        1,
        1,
        ["InferenceService language/chat predictor", 1, 2],
        ["InferenceService vision/detect predictor", 1, 1],
        ["WebService vision/label-api", 3, 0],
      ),
    ],
    usdPerHour: 5.67,
  }),
  pool({
    name: "dev-spot",
    instanceTypes: ["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge"],
    capacityType: "spot",
    gpuModel: "a10g",
    gpusPerNode: 1,
    minNodes: 0,
    maxNodes: null,
    typicalNodes: 1.5,
    free: { cpu: 3.8, memory: 13.6, "ephemeral-storage": 171, "nvidia.com/gpu": 1, pods: 108 },
    layouts: [layout(6, 0, ["Notebook language/ada", 1, 1]), layout(2, 0, ["Job vision/mnist", 1, 1])],
    usdPerHour: 1.01,
  }),
  pool({
    name: "system",
    instanceTypes: ["m6i.2xlarge"],
    gpusPerNode: 0,
    minNodes: 2,
    maxNodes: 6,
    typicalNodes: 2,
    free: { cpu: 7.7, memory: 27.9, "ephemeral-storage": 171, pods: 106 },
    layouts: [
      layout(
        2,
        0,
        ["Deployment ml-platform/pipelines", 3, 0],
        ["WebService vision/label-api", 1, 0],
        ["CronTask language/refresh", 2, 0],
      ),
    ],
    usdPerHour: 0.384,
  }),
  pool({
    name: "spark-spot",
    instanceTypes: ["r6i.4xlarge"],
    capacityType: "spot",
    gpusPerNode: 0,
    minNodes: 0,
    maxNodes: 10,
    typicalNodes: 0.7,
    free: { cpu: 15.7, memory: 116.1, "ephemeral-storage": 171, pods: 106 },
    layouts: [
      layout(5, 0, ["SparkApplication language/clean executor", 3, 0]),
      layout(
        1,
        0,
        ["SparkApplication language/clean executor", 1, 0],
        ["SparkApplication language/clean driver", 1, 0],
      ),
    ],
    usdPerHour: 1.008,
  }),
  pool({
    name: "new-hardware",
    instanceTypes: ["x9.48xlarge"],
    gpusPerNode: undefined,
    minNodes: 0,
    maxNodes: 2,
    free: {},
    layouts: [],
    missing: "the instance type x9.48xlarge is in no price table of us-east-1",
    unknowns: ["the instance type x9.48xlarge is in no table"],
  }),
];
