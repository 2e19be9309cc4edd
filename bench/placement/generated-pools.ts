import type { TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";
import { generatedObject } from "./generated-object";

/** How many nodes a pool has. */
export interface PoolSize {
  least: number;
  most: number;
}

/** Machines of node groups, and the GPUs of each. */
const MACHINES = [
  { type: "g5.xlarge", gpus: 1, model: "a10g" },
  { type: "g5.12xlarge", gpus: 4, model: "a10g" },
  { type: "g6.12xlarge", gpus: 4, model: "l4" },
  { type: "p4d.24xlarge", gpus: 8, model: "a100" },
  { type: "m7i.4xlarge", gpus: 0, model: undefined },
] as const;

/** Machines of NodePools, and what each pool may have for each node that it is to have at most. */
const FAMILIES = [
  { types: ["g5.xlarge", "g5.2xlarge", "g5.12xlarge", "g5.48xlarge"], cpu: 48, gpus: 4, model: "a10g" },
  { types: ["g6.xlarge", "g6.4xlarge", "g6.12xlarge", "g6.48xlarge"], cpu: 48, gpus: 4, model: "l4" },
  { types: ["m7i.xlarge", "m7i.2xlarge", "m7i.4xlarge"], cpu: 16, gpus: 0, model: undefined },
] as const;

/** GiB of memory that the machines of all families have for each vCPU. */
const MEMORY_PER_CPU = 4;

/** Keeps pods without GPUs from nodes that have them. */
const GPU_TAINT = { key: "nvidia.com/gpu", value: "present" };

/** A group of nodes of one instance type. */
export function nodeGroup(index: number, { least, most }: PoolSize): PlannedResource {
  const { type, gpus, model } = MACHINES[index % MACHINES.length]!;
  return {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: `pool-${index}`,
    urn: `urn:pulumi:bench::mlstack::aws:eks/nodeGroup:NodeGroup::pool-${index}`,
    properties: {
      instanceTypes: [type],
      labels: poolLabels(index, model),
      taints: gpus === 0 ? [] : [{ ...GPU_TAINT, effect: "NO_SCHEDULE" }],
      scalingConfig: { minSize: least, maxSize: most, desiredSize: least },
      diskSize: 200,
    },
  };
}

/** A NodePool of several instance types, none of whose limits is quite that of another. */
export function nodePool(index: number, { most }: PoolSize): PlannedResource {
  const { types, cpu, gpus, model } = FAMILIES[index % FAMILIES.length]!;
  const limits: TreeObject = { cpu: most * cpu + index, memory: `${most * cpu * MEMORY_PER_CPU + index}Gi` };
  if (gpus > 0) limits["nvidia.com/gpu"] = most * gpus;
  const requirements = [
    { key: "node.kubernetes.io/instance-type", operator: "In", values: [...types] },
    { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a", "us-east-1b"] },
  ];
  const taints = gpus === 0 ? [] : [{ ...GPU_TAINT, effect: "NoSchedule" }];
  return generatedObject(
    { apiVersion: "karpenter.sh/v1", kind: "NodePool", name: `pool-${index}` },
    { limits, template: { metadata: { labels: poolLabels(index, model) }, spec: { requirements, taints } } },
  );
}

function poolLabels(index: number, model: string | undefined): Record<string, string> {
  const ofModel = model === undefined ? {} : { "mlstack.dev/gpu-model": model };
  return { "mlstack.dev/pool": `pool-${index}`, ...ofModel };
}
