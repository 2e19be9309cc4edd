import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  ClusterAutoscaler,
  EfaDevicePlugin,
  EksAddOns,
  type GpuNodePool,
  gpuPoolShape,
  Karpenter,
  NvidiaDevicePlugin,
  PoolBackEnd,
  type SystemNodePool,
} from "../components";
import {
  instanceTypesManifest,
  karpenterOnKwokRendering,
  karpenterOnKwokTypes,
} from "../components/cluster/autoscaling/karpenter-on-kwok";
import { kwokInstanceTypes } from "../components/cluster/autoscaling/kwok-instance-types";
import { gpuNodeSettings } from "../components/cluster/gpu-pool-shape";
import { RenderedObjects } from "../components/rendering";
import type { Environment } from "./config";
import { SYSTEM_POOL } from "./config/pool-rules";
import type { Ground } from "./ground";
import { bringsDevicePlugin } from "./pools";
import { furtherTaints } from "./scenarios/placement";

/** Creates what EKS installs on nodes; nothing on other clusters. */
export function createAddOns(
  { addOns }: Pick<Environment, "addOns">,
  { providers, eks }: Ground,
  dependsOn: pulumi.Resource[],
): EksAddOns[] {
  if (eks === undefined) return [];
  return [new EksAddOns("add-ons", { ...addOns, eks }, { providers, dependsOn })];
}

/** Creates the controllers that start and end machines on EKS, as far as pools need them; Auto Mode is one itself. */
export function createAutoscalers(
  { gpuPools, platform }: Pick<Environment, "gpuPools" | "platform">,
  { providers, eks }: Ground,
  standingPools: (GpuNodePool | SystemNodePool)[],
  dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
  if (eks === undefined || eks.autoMode === true) return [];
  const { chartMirror } = platform?.facts ?? {};
  const args = { eks, systemPool: SYSTEM_POOL, ...(chartMirror === undefined ? {} : { chartMirror }) };
  const opts = { providers, dependsOn };
  const canGrow = standingPools.some(({ shape }) => shape.maxNodes > shape.minNodes);
  const usesKarpenter = gpuPools.some((pool) => pool.args.backEnd === PoolBackEnd.karpenter);
  return [
    ...(canGrow ? [new ClusterAutoscaler("cluster-autoscaler", args, opts)] : []),
    ...(usesKarpenter ? [new Karpenter("karpenter", args, opts)] : []),
  ];
}

/** Creates Karpenter with its KWOK provider, where it starts the nodes of GPU pools on the embedded cluster. */
export function createLocalAutoscaling(
  { gpuPools, localAutoscaling: facts, systemPool }: Pick<Environment, "gpuPools" | "localAutoscaling" | "systemPool">,
  { providers }: Ground,
  dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
  if (facts === undefined) return [];
  const opts = { providers, dependsOn };
  const scaled = gpuPools.filter(({ args }) => args.backEnd === PoolBackEnd.kwokKarpenter);
  const offered = scaled.map(({ name, args }) => ({ shape: gpuPoolShape(name, args), nodes: gpuNodeSettings(args) }));
  const types = new RenderedObjects("karpenter-types", karpenterOnKwokTypes(facts), opts);
  const instanceTypes = new k8s.core.v1.ConfigMap(
    "karpenter-instance-types",
    instanceTypesManifest(kwokInstanceTypes(offered)),
    { provider: providers[0]!, dependsOn },
  );
  const rendering = karpenterOnKwokRendering(facts, systemPool && SYSTEM_POOL, instanceTypes.metadata.name);
  return [types, new RenderedObjects("karpenter", rendering, { providers, dependsOn: [types, instanceTypes] })];
}

/** Creates the plugins that show GPUs and EFA interfaces to pods, where nodes do not bring them. */
export function createDevicePlugins(
  { devicePlugin, gpuPools }: Pick<Environment, "devicePlugin" | "gpuPools">,
  { providers, eks }: Ground,
  pools: GpuNodePool[],
  dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
  const opts = { providers, dependsOn };
  const tolerations = pools.flatMap(({ shape }) => furtherTaints(shape));
  const excludedPools = gpuPools.filter(bringsDevicePlugin).map(({ name }) => name);
  const excluded = excludedPools.length === 0 ? {} : { excludedPools };
  const hasEfa = eks !== undefined && eks.autoMode !== true && pools.some(({ shape }) => shape.efaInterfaces > 0);
  return [
    ...(devicePlugin === undefined
      ? []
      : [new NvidiaDevicePlugin("device-plugin", { ...devicePlugin, ...excluded, tolerations }, opts)]),
    ...(hasEfa ? [new EfaDevicePlugin("efa-device-plugin", { tolerations }, opts)] : []),
  ];
}
