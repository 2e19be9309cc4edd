import { type GpuNodePoolArgs, PoolBackEnd } from "../../../components";
import { gpuNodeSettings, gpuPoolShape } from "../../../components/cluster/gpu-pool-shape";
import { validateGpuNodePool } from "../../../components/cluster/gpu-node-pool-validation";
import {
  kwokNodeClassManifest,
  kwokNodePoolManifests,
} from "../../../components/cluster/node-back-ends/kwok-karpenter/kwok-karpenter-pool";
import { GPU_RESOURCE, POOL_LABEL, SIMULATED_RESOURCES_ANNOTATION, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { gpusOf, isStarted, MACHINES, type Pool, type StandingPool, type StartedPool } from "./world";

/** Label that keeps worlds of one cluster apart: all nodes have it, and all pods select by it. */
export const WORLD_LABEL = "example.com/world";

/** The taint of GPU nodes, as the product's pools have it. */
export const GPU_TAINT = { key: GPU_RESOURCE, value: "present", effect: "NoSchedule" };

/** What lets pods on such nodes. */
export const TOLERATION = { key: GPU_RESOURCE, operator: "Exists", effect: "NoSchedule" };

/** What pools are made of. */
export interface PoolObjects {
  /** Nodes that are there. */
  nodes: Manifest[];
  /** By which Karpenter starts others. */
  nodePools: Manifest[];
  /** The product's components that declare these, which the plan sees, and the cluster does not. */
  components: PlannedResource[];
}

/** The pools of a world. */
export function poolObjectsOf(pools: readonly Pool[], world: string): PoolObjects {
  const started = pools.flatMap((pool, index) => (isStarted(pool) ? [argumentsOf(pool, index, world)] : []));
  const plans = started.map(({ name, args }) => planOf(name, args));
  return {
    nodes: pools.flatMap((pool, index) => (isStarted(pool) ? [] : nodesOf(pool, index, world))),
    nodePools: plans.flatMap((plan): Manifest[] => [kwokNodeClassManifest(plan), ...kwokNodePoolManifests(plan)]),
    components: started.map(({ name, args }, index) => {
      const properties = { ...args, shape: plans[index]!.shape } as unknown as TreeObject;
      const type = "mlstack:index:GpuNodePool";
      return { type, name, urn: `${type}::${name}`, properties };
    }),
  };
}

/** What the back end of pools that Karpenter starts is told of one. */
export function planOf(name: string, args: GpuNodePoolArgs) {
  return { shape: gpuPoolShape(name, args), nodes: gpuNodeSettings(args) };
}

/** Name of a pool. */
export function poolName(world: string, index: number): string {
  return `${world}-${index}`;
}

function argumentsOf(pool: StartedPool, index: number, world: string): { name: string; args: GpuNodePoolArgs } {
  const name = poolName(world, index);
  const args: GpuNodePoolArgs = {
    backEnd: PoolBackEnd.kwokKarpenter,
    instanceTypes: [...pool.types],
    ...(pool.isBoundByGpus ? { maxGpus: gpusOf(pool) } : { maxNodes: pool.nodes }),
    gpuTaint: pool.isTainted,
    labels: { [WORLD_LABEL]: world },
  };
  const problems = validateGpuNodePool(name, args);
  if (problems.length > 0)
    throw new Error(problems.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`).join());
  return { name, args };
}

function nodesOf({ machine, nodes, isTainted }: StandingPool, index: number, world: string): Manifest[] {
  const amounts = { ...MACHINES[machine], "ephemeral-storage": "100Gi" };
  const told = JSON.stringify({ capacity: amounts, allocatable: amounts });
  return Array.from({ length: nodes }, (_, number) => {
    const name = `${poolName(world, index)}-${number}`;
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        labels: {
          [WORLD_LABEL]: world,
          [POOL_LABEL]: poolName(world, index),
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": name,
        },
        annotations: { "kwok.x-k8s.io/node": "fake", [SIMULATED_RESOURCES_ANNOTATION]: told },
      },
      spec: isTainted ? { taints: [GPU_TAINT] } : {},
    };
  });
}
