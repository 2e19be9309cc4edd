import {
  ClusterKind,
  type EksFacts,
  gpuPoolShape,
  type MlPlatformArgs,
  type PlatformFacts,
  type PlatformPart,
  type PoolShape,
  validateGpuNodePool,
  validateMlPlatform,
  validateSystemNodePool,
} from "../../components";
import { systemPoolShape } from "../../components/cluster/system-node-pool";
import { DEFAULT_KUBERNETES, NEWEST_KUBERNETES } from "../../components/model";
import { SOURCES } from "../../components/model/module-sources";
import { sourcesOfPart } from "../../components/platform/ml-platform/part-sources";
import { scenarioNamespaces } from "../scenarios/namespaces";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, mended } from "./draft";
import { readablePool, SYSTEM_POOL, systemPoolArgs } from "./pool-rules";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { Config } from "./schema";
import type { PlatformParts } from "./schema-platform";

type ClusterDraft = Pick<ConfigDraft, "cluster" | "platform" | "systemPool">;

/** What the parts of a platform are told of the cluster. */
export function platformFacts({ cluster, platform = {}, systemPool }: ClusterDraft | Config): PlatformFacts {
  const isLocal = cluster?.kind === ClusterKind.local;
  const version = isLocal ? NEWEST_KUBERNETES : (cluster?.eks?.kubernetesVersion ?? DEFAULT_KUBERNETES);
  return {
    kubernetesVersion: version,
    ...(platform.chartMirror === undefined ? {} : { chartMirror: platform.chartMirror }),
    ...(platform.fullTypes === undefined ? {} : { fullTypes: platform.fullTypes }),
    ...(isLocal ? { simulated: true } : {}),
    ...(systemPool === undefined ? {} : { systemPool: SYSTEM_POOL }),
  };
}

/** Everything that is wrong with the platform; `eks` is what is known of the cluster, where it is one on EKS. */
export function platformProblems(draft: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  const { platform } = draft;
  if (platform?.parts === undefined) return [];
  const path = ["platform", "parts"];
  const { value: parts, faults } = mended<PlatformParts>(path, platform.parts, {});
  const pools = poolShapes(draft, eks);
  // Where pools cannot be read, nothing can be said of queues.
  const { queues, ...others } = parts;
  const readable = pools === undefined || queues === undefined ? others : { ...others, queues };
  const args: MlPlatformArgs = {
    ...readable,
    platform: platformFacts(draft),
    pools: pools ?? [],
    ...(hasBucket(draft) ? { artifactStore: { kind: "s3", bucket: "known later", region: "known later" } } : {}),
  };
  const problems = fromInputs(path, validateMlPlatform("platform", args));
  return [
    ...problems.filter((problem) => !isRelated(problem.path, faults)),
    ...checkLocalParts(draft, parts),
    ...checkTenantNamespaces(draft, parts),
  ];
}

/** Whether the environment has a bucket for artifacts, which the platform then uses. */
export function hasBucket({ cluster, storage }: Pick<ConfigDraft, "cluster" | "storage">): boolean {
  return cluster?.kind === ClusterKind.eks && storage?.artifacts !== undefined;
}

/** Shapes of all pools, or undefined where one of them is at fault. */
function poolShapes(draft: ConfigDraft, eks: EksFacts | undefined): PoolShape[] | undefined {
  const { gpuPools = [], systemPool } = draft;
  const gpu = gpuPools.map((pool, index) => (pool === undefined ? undefined : gpuShape(readablePool(pool, index, eks))));
  if (gpu.includes(undefined)) return undefined;
  const ofGpus = gpu as PoolShape[];
  if (systemPool === undefined && draft.cluster?.kind === ClusterKind.existing) return ofGpus;
  const args = systemPoolArgs((systemPool ?? {}) as Parameters<typeof systemPoolArgs>[0]);
  const own = { ...args, ...(eks === undefined ? {} : { eks }) };
  if (validateSystemNodePool(SYSTEM_POOL, own).length > 0) return undefined;
  return [systemPoolShape(SYSTEM_POOL, own), ...ofGpus];
}

function gpuShape({ name, args, isComplete }: ReturnType<typeof readablePool>): PoolShape | undefined {
  return isComplete && validateGpuNodePool(name, args).length === 0 ? gpuPoolShape(name, args) : undefined;
}

/** The embedded cluster is set up from Go modules alone, so it can have what they carry. */
function checkLocalParts({ cluster }: ConfigDraft, parts: PlatformParts): ConfigProblem[] {
  if (cluster?.kind !== ClusterKind.local) return [];
  return (Object.keys(parts) as (PlatformPart | "tenants")[]).flatMap((part) => {
    const absent = part === "tenants" ? [] : sourcesOfPart(part).filter((key) => SOURCES[key]?.module === undefined);
    if (absent.length === 0) return [];
    const names = absent.map((key) => `${SOURCES[key]!.name} ${SOURCES[key]!.version}`).join(", ");
    const allowed = "a part whose charts and manifests Go modules carry, on a cluster of kind local";
    const remedy = `Remove it: no Go module carries ${names}.`;
    return [configProblem(configPath(["platform", "parts", part]), "given", allowed, remedy)];
  });
}

/** Tenants make their namespaces, and so do scenarios and storage. */
function checkTenantNamespaces(draft: ConfigDraft, { tenants = {} }: PlatformParts): ConfigProblem[] {
  const { storage = {}, scenarios = [] } = draft;
  const taken = new Set([
    ...scenarioNamespaces(scenarios),
    ...[...(storage.volumes ?? []), ...(storage.datasets ?? [])].map((each) => each?.namespace),
  ]);
  return Object.entries(tenants).flatMap(([name, { namespace = name }]) => {
    if (!taken.has(namespace)) return [];
    const allowed = "a namespace that neither scenarios nor storage make";
    const path = configPath(["platform", "parts", "tenants", name, "namespace"]);
    return [configProblem(path, namespace, allowed, "Give the tenant a namespace of its own.")];
  });
}
