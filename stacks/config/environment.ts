import {
  ClusterKind,
  PoolBackEnd,
  type EksAddOnsArgs,
  type EksClusterArgs,
  type GpuNodePoolArgs,
  type NvidiaDevicePluginArgs,
  type PlatformFacts,
  type SystemNodePoolArgs,
  type WorkflowArtifactStore,
} from "../../components";
import type { ScenarioName } from "../scenarios";
import { planStorage, type StoragePlan } from "../storage-plan";
import { addOnArgs } from "./eks-rules";
import { hasLocalAutoscaling, systemPoolArgs } from "./pool-rules";
import { platformFacts } from "./platform-rules";
import type { Config } from "./schema";
import type { PlatformParts } from "./schema-platform";
import type { GpuPoolConfig } from "./schema-pools";
import { eksArgs } from "./tags";

/** What a stack's configuration asks for, checked and with its defaults. */
export interface Environment {
  /** Where the cluster comes from. */
  cluster: ClusterChoice;
  /** The one AWS account that the environment may be in; undefined for any. */
  awsAccountId: string | undefined;
  /** The pool without GPUs; undefined where the cluster brings its own nodes. */
  systemPool: SystemNodePoolArgs | undefined;
  /** The GPU pools, in the order of the configuration; none where the cluster brings its own nodes. */
  gpuPools: GpuPool[];
  /**
   * What is known of the cluster to Karpenter, which starts the nodes of GPU pools on the embedded cluster; undefined where
   * nodes are made otherwise.
   */
  localAutoscaling: PlatformFacts | undefined;
  /** What EKS installs on nodes; of no meaning to other clusters. */
  addOns: AddOnChoice;
  /** NVIDIA's device plugin; undefined where it is not to be installed, as an existing cluster may have one. */
  devicePlugin: NvidiaDevicePluginArgs | undefined;
  /** Storage for machine learning. */
  storage: StoragePlan;
  /** The platform for machine learning; undefined where there is none. */
  platform: PlatformChoice | undefined;
  /** The workloads to run. */
  scenarios: ScenarioName[];
  /** Where the images of these workloads' own code are, without a slash at the end. */
  scenarioImages: string;
  /** StorageClass of these workloads' volumes that many pods write; undefined for the cluster's default one. */
  scenarioStorageClass: string | undefined;
  /** Where workflows keep the files of these workloads, if no part of the platform says so; undefined where nobody does. */
  scenarioArtifactStore: WorkflowArtifactStore | undefined;
  /** Whether containers run; false where all nodes are simulated. */
  containersRun: boolean;
  /** Git commit that these workloads' code comes from; undefined where nobody says. */
  commit: string | undefined;
  /** Whether Pulumi refuses to delete what cannot be made again. */
  protect: boolean;
}

/** The platform of an {@link Environment}. */
export interface PlatformChoice {
  /** What is known of the cluster. */
  facts: PlatformFacts;
  /** Its parts with their arguments. */
  parts: PlatformParts;
}

/** What EKS installs on nodes. */
export type AddOnChoice = Omit<EksAddOnsArgs, "eks">;

/** Where the cluster of an {@link Environment} comes from, and how it is reached. */
export interface ClusterChoice {
  /** Where the cluster comes from. */
  kind: ClusterKind;
  /** Path of a kubeconfig. */
  kubeconfig?: string;
  /** Context in the kubeconfig. */
  context?: string;
  /** What is particular to a cluster on EKS, with its name and tags. */
  eks?: EksClusterArgs;
}

/** A GPU pool of an {@link Environment}. */
export interface GpuPool {
  /** Name of the pool. */
  name: string;
  /** Arguments of its component. */
  args: GpuNodePoolArgs;
}

/** Where simulated nodes take images from, which they never do. */
const UNPUBLISHED = "registry.example.com/mlstack";

/** What a configuration without problems asks for. */
export function environmentOf(config: Config, stack: string): Environment {
  const { systemPool, gpuPools, addOns, devicePlugin, storage, platform, scenarios, protect = true } = config;
  const { awsAccountId, controllers: _controllers, realNodes, moduleCharts: _charts, ...cluster } = config.cluster;
  const ownsNodes = cluster.kind !== ClusterKind.existing;
  return {
    cluster: clusterOf(cluster, config.tags, stack),
    awsAccountId,
    systemPool: ownsNodes ? systemPoolArgs(systemPool ?? {}) : undefined,
    gpuPools: (gpuPools ?? []).map((pool) => gpuPoolOf(pool, backEndOf(config))),
    localAutoscaling: hasLocalAutoscaling(config) ? autoscalingFacts(config) : undefined,
    addOns: addOnArgs(addOns ?? {}),
    devicePlugin: devicePlugin ?? (ownsNodes ? {} : undefined),
    storage: planStorage(storage ?? {}, protect),
    platform: platform && { facts: platformFacts(config), parts: platform.parts ?? {} },
    scenarios: scenarios ?? [],
    scenarioImages: config.scenarioImages ?? UNPUBLISHED,
    scenarioStorageClass: config.scenarioStorageClass,
    scenarioArtifactStore: config.scenarioArtifactStore,
    containersRun: cluster.kind !== ClusterKind.local || realNodes !== undefined,
    commit: config.commit,
    protect,
  };
}

/** Karpenter's chart comes out of a Go module, wherever those of the platform come from. */
function autoscalingFacts(config: Config): PlatformFacts {
  const { chartMirror: _, ...facts } = platformFacts(config);
  const { moduleCharts } = config.cluster;
  return { ...facts, ...(moduleCharts === undefined ? {} : { chartMirror: moduleCharts }) };
}

function clusterOf(
  { eks, ...cluster }: Omit<Config["cluster"], "awsAccountId" | "controllers" | "realNodes" | "moduleCharts">,
  tags: Config["tags"],
  stack: string,
): ClusterChoice {
  return eks === undefined ? cluster : { ...cluster, eks: eksArgs(eks, tags ?? {}, stack) };
}

/** What makes the nodes of pools that do not say it themselves; undefined where the pools know. */
function backEndOf(config: Config): PoolBackEnd | undefined {
  // Auto Mode is the one way to machines in its clusters, and the program tells pools by it.
  if (config.cluster.eks?.autoMode === true) return PoolBackEnd.auto;
  return hasLocalAutoscaling(config) ? PoolBackEnd.kwokKarpenter : undefined;
}

function gpuPoolOf({ name, ...args }: GpuPoolConfig, backEnd: PoolBackEnd | undefined): GpuPool {
  return { name, args: backEnd === undefined ? args : { backEnd, ...args } };
}
