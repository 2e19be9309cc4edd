import { SIMULATED_RESOURCES_ANNOTATION } from "../../../components/model";
import type { DeclaredStack, Manifest } from "../../preflight/placement-differential/stack";

/** Nodes of one kind. */
export interface Pool {
  machine: keyof typeof MACHINES;
  nodes: number;
  /** Whether pods must tolerate GPUs there. */
  isTainted: boolean;
}

/** What a queue has by one flavor; amounts as Kubernetes writes them. */
export interface Flavor {
  /** Number of the pool whose nodes it is of; undefined for any. */
  pool?: number;
  quotas: Record<string, string>;
  borrowingLimit?: Record<string, string>;
  lendingLimit?: Record<string, string>;
  /** What it does about the taint of its nodes: admits by it, leaves it to the pods, or demands that they tolerate it. */
  taint: "tolerated" | "left" | "demanded";
}

/** The ClusterQueue behind the LocalQueue. */
export interface Queue {
  /** Resources that it covers, those that go by the same flavor together. */
  groups: string[][];
  flavors: Flavor[];
  /** Quotas of another queue of its cohort, for the same flavors in their order; undefined where it is in no cohort. */
  neighbour?: Flavor[];
  borrowsLast: boolean;
}

/** What a namespace has, and how its LocalQueue is called. */
export interface Namespace {
  /** Whether Kueue manages it. */
  isQueued: boolean;
  localQueue: string;
  quota?: Record<string, string>;
}

/** Pods that are alike. */
export interface Pods {
  count: number;
  requests: Record<string, string>;
  tolerates: boolean;
  /** Number of the pool whose nodes they select. */
  pool?: number;
  /** How they keep apart, if at all. */
  apart?: "one per node" | "even";
}

/** What runs. */
export interface Work {
  kind: "Job" | "Indexed Job" | "JobSet" | "Deployment" | "StatefulSet" | "Pod";
  /** Of a JobSet one or two, of others one. */
  sets: Pods[];
  /** Name of the LocalQueue in its label, if it has one. */
  queue?: string;
  /** Pods with which the queue may admit a Job at least. */
  leastPods?: number;
}

/** An environment with one workload: a case of the comparison. */
export interface World {
  pools: Pool[];
  queue?: Queue;
  namespace: Namespace;
  work: Work;
}

/** What a node of each kind offers. */
export const MACHINES = {
  cpu: { cpu: "4", memory: "16Gi", pods: "20" },
  gpu1: { cpu: "4", memory: "16Gi", pods: "20", "nvidia.com/gpu": "1" },
  gpu4: { cpu: "16", memory: "64Gi", pods: "20", "nvidia.com/gpu": "4" },
  gpu8: { cpu: "32", memory: "128Gi", pods: "20", "nvidia.com/gpu": "8" },
} as const;

/** Label that keeps worlds of one cluster apart: all nodes have it, and all pods select by it. */
const WORLD_LABEL = "example.com/world";
const POOL_LABEL = "mlstack.dev/pool";
const KUEUE = "kueue.x-k8s.io/v1beta2";
const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const TOLERATION = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };

/** Name of the workload in each world. */
export const WORK = "work";

/** The objects of a world, with names of its own. */
export function declared(world: World, name: string): DeclaredStack {
  return {
    nodes: world.pools.flatMap((pool, index) => nodesOf(pool, index, name)),
    workloads: [workOf(world.work, name)],
    others: [namespaceOf(world.namespace, name), ...quotaOf(world.namespace, name), ...queuesOf(world, name)],
  };
}

function nodesOf({ machine, nodes, isTainted }: Pool, index: number, world: string): Manifest[] {
  const amounts = { ...MACHINES[machine], "ephemeral-storage": "100Gi" };
  const told = JSON.stringify({ capacity: amounts, allocatable: amounts });
  return Array.from({ length: nodes }, (_, number) => {
    const name = `${world}-${index}-${number}`;
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

function poolName(world: string, index: number): string {
  return `${world}-${index}`;
}

function namespaceOf({ isQueued }: Namespace, name: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { [WORLD_LABEL]: name, ...(isQueued && { "mlstack.dev/queued": "true" }) } },
  };
}

function quotaOf({ quota }: Namespace, namespace: string): Manifest[] {
  if (quota === undefined) return [];
  return [
    { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "tenant", namespace }, spec: { hard: { ...quota } } },
  ];
}

function queuesOf({ queue, pools, namespace }: World, world: string): Manifest[] {
  if (queue === undefined) return [];
  const { flavors, neighbour } = queue;
  const other = neighbour === undefined ? [] : [clusterQueue(queue, neighbour, `${world}-other`, world)];
  return [
    ...flavors.map((flavor, index) => flavorOf(flavor, pools, index, world)),
    clusterQueue(queue, flavors, world, world),
    ...other,
    {
      apiVersion: KUEUE,
      kind: "LocalQueue",
      metadata: { name: namespace.localQueue, namespace: world },
      spec: { clusterQueue: world },
    },
  ];
}

function flavorOf({ pool, taint }: Flavor, pools: readonly Pool[], index: number, world: string): Manifest {
  const isTainted = pool !== undefined && pools[pool]!.isTainted;
  return {
    apiVersion: KUEUE,
    kind: "ResourceFlavor",
    metadata: { name: flavorName(world, index) },
    spec: {
      ...(pool !== undefined && { nodeLabels: { [POOL_LABEL]: poolName(world, pool) } }),
      ...(isTainted && taint === "tolerated" && { tolerations: [TOLERATION] }),
      ...(isTainted && taint === "demanded" && { nodeTaints: [GPU_TAINT] }),
    },
  };
}

function flavorName(world: string, index: number): string {
  return `${world}-f${index}`;
}

function clusterQueue(queue: Queue, flavors: readonly Flavor[], name: string, world: string): Manifest {
  const { groups, neighbour, borrowsLast } = queue;
  const [first, ...later] = groups;
  // A flavor may be in one group only: further groups have flavors of any nodes.
  const resourceGroups = [
    {
      coveredResources: first!,
      flavors: flavors.map((flavor, index) => ({
        name: flavorName(world, index),
        resources: first!.map((resource) => quotaIn(flavor, resource)),
      })),
    },
    ...later.map((resources) => ({
      coveredResources: resources,
      flavors: [{ name: ANY_NODES, resources: resources.map((resource) => quotaIn(flavors[0]!, resource)) }],
    })),
  ];
  return {
    apiVersion: KUEUE,
    kind: "ClusterQueue",
    metadata: { name },
    spec: {
      ...(neighbour !== undefined && { cohortName: world }),
      namespaceSelector: {},
      resourceGroups,
      ...(borrowsLast && { flavorFungibility: { whenCanBorrow: "TryNextFlavor" } }),
    },
  };
}

/** Flavor of resources that go by no pool; all worlds share it. */
export const ANY_NODES = "any-nodes";

function quotaIn({ quotas, borrowingLimit = {}, lendingLimit = {} }: Flavor, name: string) {
  return {
    name,
    nominalQuota: quotas[name]!,
    ...(borrowingLimit[name] !== undefined && { borrowingLimit: borrowingLimit[name] }),
    ...(lendingLimit[name] !== undefined && { lendingLimit: lendingLimit[name] }),
  };
}

function workOf(work: Work, world: string): Manifest {
  const { kind, sets, queue, leastPods } = work;
  const metadata = {
    name: WORK,
    namespace: world,
    labels: { app: WORK, ...(queue !== undefined && { "kueue.x-k8s.io/queue-name": queue }) },
    ...(leastPods !== undefined && { annotations: { "kueue.x-k8s.io/job-min-parallelism": String(leastPods) } }),
  };
  const [first] = sets;
  const template = (set: Pods, restartPolicy: string) => templateOf(set, restartPolicy, world);
  switch (kind) {
    case "Pod":
      return {
        apiVersion: "v1",
        kind,
        metadata: { ...metadata, annotations: HELD },
        spec: template(first!, "Never").spec,
      };
    case "Deployment":
    case "StatefulSet":
      return {
        apiVersion: "apps/v1",
        kind,
        metadata,
        spec: {
          replicas: first!.count,
          selector: { matchLabels: { app: WORK } },
          template: template(first!, "Always"),
          ...(kind === "StatefulSet" && { serviceName: WORK, podManagementPolicy: "Parallel" }),
        },
      };
    case "Job":
    case "Indexed Job":
      return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata,
        spec: { ...jobSpec(first!, kind === "Indexed Job"), template: template(first!, "Never") },
      };
    case "JobSet":
      return {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind,
        metadata,
        spec: {
          replicatedJobs: sets.map((set, index) => ({
            name: roleName(index),
            replicas: 1,
            template: { spec: { ...jobSpec(set, true), template: template(set, "Never") } },
          })),
        },
      };
  }
}

/** Name of a replicated job of a JobSet. */
export function roleName(index: number): string {
  return `role-${index}`;
}

function jobSpec({ count }: Pods, isIndexed: boolean) {
  return {
    parallelism: count,
    completions: count,
    backoffLimit: 0,
    ...(isIndexed && { completionMode: "Indexed" }),
  };
}

/** Pods run until they are told to end. */
const HELD = { "mlstack.dev/simulate": "run" };

function templateOf({ requests, tolerates, pool, apart }: Pods, restartPolicy: string, world: string) {
  const { "nvidia.com/gpu": gpus, ...others } = requests;
  const labelSelector = { matchLabels: { app: WORK } };
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector };
  return {
    metadata: { labels: { app: WORK }, annotations: HELD },
    spec: {
      restartPolicy,
      nodeSelector: { [WORLD_LABEL]: world, ...(pool !== undefined && { [POOL_LABEL]: poolName(world, pool) }) },
      ...(tolerates && { tolerations: [TOLERATION] }),
      ...(apart === "one per node" && {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      }),
      ...(apart === "even" && {
        topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }],
      }),
      containers: [
        {
          name: "main",
          image: "registry.example.com/work:1",
          resources: { requests: others, ...(gpus !== undefined && { limits: { "nvidia.com/gpu": gpus } }) },
        },
      ],
    },
  };
}
