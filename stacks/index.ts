import { Cluster, GpuNodePool, NvidiaDevicePlugin, SystemNodePool } from "../components";
import { SYSTEM_POOL } from "./config-rules";
import { deployScenarios } from "./scenarios/deployment";
import { furtherTaints } from "./scenarios/placement";
import { stackEnvironment } from "./stack-environment";

const environment = stackEnvironment();

const cluster = new Cluster("cluster", environment.cluster);
const provider = cluster.provider;

const systemPool = environment.systemPool && new SystemNodePool(SYSTEM_POOL, environment.systemPool, { provider });
const gpuPools = environment.gpuPools.map(({ name, args }) => new GpuNodePool(name, args, { provider }));
const allPools = [...(systemPool === undefined ? [] : [systemPool]), ...gpuPools];

const devicePlugin =
  environment.devicePlugin &&
  new NvidiaDevicePlugin(
    "device-plugin",
    { ...environment.devicePlugin, tolerations: gpuPools.flatMap(({ shape }) => furtherTaints(shape)) },
    { provider, dependsOn: allPools },
  );

/** The workloads that stand or have completed, for example `Job ml/mnist`. */
export const workloads = deployScenarios(environment.scenarios, {
  provider,
  gpuPools: gpuPools.map(({ shape }) => shape),
  dependsOn: [...allPools, ...(devicePlugin === undefined ? [] : [devicePlugin])],
});

/** Where the cluster comes from. */
export const clusterKind = cluster.kind;

/** What each pool offers, and how many nodes it starts with. */
export const pools = allPools.map(({ shape, nodeNames }) => ({
  name: shape.name,
  instanceType: shape.instanceType,
  gpusPerNode: shape.gpusPerNode,
  nodes: nodeNames.length,
}));
