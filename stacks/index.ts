import * as pulumi from "@pulumi/pulumi";
import { Cluster, type PlatformPart, SystemNodePool } from "../components";
import { compact } from "../components/internal/compact";
import { createAwsProviders } from "./aws-provider";
import { SYSTEM_POOL } from "./config/pool-rules";
import { environmentFacts } from "./environment-facts";
import { artifactStoreOf, clientNamespaces, createPlatform } from "./ml-platform";
import { createNamespaces } from "./namespaces";
import { createAddOns, createAutoscalers, createDevicePlugins, createLocalAutoscaling } from "./platform";
import { createGpuPools, isStartedByController, poolSummary } from "./pools";
import { keepKeys } from "./protection";
import { deployScenarios, scenarioLabels } from "./scenarios/deployment";
import { scenarioNamespaces } from "./scenarios/namespaces";
import { stackEnvironment } from "./stack-environment";
import { createStorage } from "./storage";
import { rootNamespaces, storageNamespaces } from "./storage-plan";

// What is created later may need what came before and is destroyed before it: workloads, storage, controllers, nodes,
// cluster, network.
const environment = stackEnvironment();
const awsProviders = createAwsProviders(environment.cluster.eks, environment.awsAccountId);

const cluster = new Cluster("cluster", environment.cluster, {
  providers: awsProviders,
  ...keepKeys(environment.protect),
});
const { provider, eks } = cluster;
const providers = [provider, ...awsProviders];
const ground = { eks, providers };

const systemPool =
  environment.systemPool &&
  new SystemNodePool(SYSTEM_POOL, { ...environment.systemPool, ...(eks && { eks }) }, { providers });
const standingPools = createGpuPools(
  environment.gpuPools.filter((pool) => !isStartedByController(pool)),
  ground,
  [],
);
const standingNodes = [...(systemPool === undefined ? [] : [systemPool]), ...standingPools];

const addOns = createAddOns(environment, ground, standingNodes);
const autoscalers = createAutoscalers(environment, ground, standingNodes, [...standingNodes, ...addOns]);
const localAutoscaling = createLocalAutoscaling(environment, ground, standingNodes);
const controllers = [...addOns, ...autoscalers, ...localAutoscaling];
const startedPools = createGpuPools(environment.gpuPools.filter(isStartedByController), ground, controllers);

const gpuPools = [...standingPools, ...startedPools];
const nodes = [...standingNodes, ...startedPools];
const devicePlugins = createDevicePlugins(environment, ground, gpuPools, [...nodes, ...addOns]);

// What is in a namespace goes with it, which takes controllers, and nodes to have run on.
const names = [...storageNamespaces(environment.storage), ...scenarioNamespaces(environment.scenarios)];
const namespaces = createNamespaces(names, rootNamespaces(environment.storage), scenarioLabels(environment.scenarios), {
  provider,
  dependsOn: [...controllers, ...startedPools],
});
const storage = eks && createStorage(environment.storage, { eks, providers }, namespaces, controllers);

const platform = createPlatform(environment, ground, nodes, storage, [
  ...nodes,
  ...controllers,
  ...devicePlugins,
  ...clientNamespaces(environment.platform, namespaces),
]);

const workloads = deployScenarios(environment.scenarios, {
  provider,
  namespaces,
  parts: Object.keys(environment.platform?.parts ?? {}) as PlatformPart[],
  images: environment.scenarioImages,
  storageClass: environment.scenarioStorageClass,
  artifactStore: artifactStoreOf(environment, ground, storage),
  containersRun: environment.containersRun,
  commit: environment.commit,
  gpuPools: gpuPools.map(({ shape }) => shape),
  canGrow: ({ name }) => eks !== undefined || startedPools.some(({ shape }) => shape.name === name),
  dependsOn: [...nodes, ...controllers, ...devicePlugins, ...(storage?.resources ?? []), ...platform],
});

// Pulumi warns of every output that is undefined.
export = compact({
  /** The workloads that stand or have completed, for example `Job ml/mnist`. */
  workloads,

  /** Where the cluster comes from. */
  clusterKind: cluster.kind,

  /** What each pool offers and costs, and how many nodes it starts with. */
  pools: nodes.map((pool) => poolSummary(pool, ground)),

  /** Name of the cluster; only on EKS. */
  clusterName: eks?.clusterName,

  /** Region of the cluster; only on EKS. */
  region: eks?.region,

  /**
   * How to reach the cluster, secret: a kubeconfig on EKS, elsewhere its path on the machine of the last update; not where the
   * ambient one is used.
   */
  kubeconfig: eks || environment.cluster.kubeconfig ? pulumi.secret(cluster.kubeconfig) : undefined,

  /** What programs of others must know to run workloads here; they read it by `referencedEnvironment`. */
  environment: environmentFacts(
    environment,
    nodes.map(({ shape }) => shape),
  ),

  /** Name of the bucket for what comes out of machine learning; only where there is one. */
  artifactBucket: storage?.artifacts?.bucketName,

  /** Names of the claims that pods mount, volume by volume; only on EKS. */
  claims: storage?.claims,
});
