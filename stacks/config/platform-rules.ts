import { existsSync } from "node:fs";
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
import type { InputProblem } from "../../components/internal";
import { DEFAULT_KUBERNETES, NEWEST_KUBERNETES, SUPPORTED_KUBERNETES } from "../../components/model";
import { SOURCES } from "../../components/model/module-sources";
import { mirrorFolder } from "../../components/rendering";
import { sourcesOfPart } from "../../components/platform/ml-platform/part-sources";
import { scenarioNamespaces } from "../scenarios/namespaces";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, mended } from "./draft";
import { readablePool, SYSTEM_POOL, systemPoolArgs } from "./pool-rules";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { Config } from "./schema";
import { Controllers } from "./schema-cluster";
import { completeParts, type PlatformParts } from "./schema-platform";

type ClusterDraft = Pick<ConfigDraft, "cluster" | "platform" | "systemPool">;

/** What the parts of a platform are told of the cluster. */
export function platformFacts({ cluster, platform = {}, systemPool }: ClusterDraft | Config): PlatformFacts {
  const isLocal = cluster?.kind === ClusterKind.local;
  const { chartMirror, fullTypes, certManager, prometheus } = platform;
  const told = Object.entries({ chartMirror, fullTypes, certManager, prometheus }).filter(
    ([, fact]) => fact !== undefined,
  );
  return {
    kubernetesVersion: isLocal ? NEWEST_KUBERNETES : readableVersion(cluster?.eks?.kubernetesVersion),
    ...(Object.fromEntries(told) as PlatformFacts),
    ...(isLocal ? { simulated: true } : {}),
    ...(cluster?.controllers === Controllers.processes ? { runsControllers: true } : {}),
    ...(systemPool === undefined ? {} : { systemPool: SYSTEM_POOL }),
  };
}

/** Everything that is wrong with the platform; `eks` is what is known of the cluster, where it is one on EKS. */
export function platformProblems(draft: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  const { platform } = draft;
  if (platform?.parts === undefined) return [];
  const path = ["platform", "parts"];
  const { value, faults } = mended<PlatformParts>(path, platform.parts, {});
  const parts = readableParts(value);
  const pools = poolShapes(draft, eks);
  // Where pools cannot be read, nothing can be said of queues.
  const { queues, ...others } = parts.args;
  const args: MlPlatformArgs = {
    ...others,
    ...(pools === undefined || queues === undefined ? {} : { queues }),
    platform: platformFacts(draft),
    pools: pools ?? [],
    ...(hasBucket(draft) ? { artifactStore: { kind: "s3", bucket: "known later", region: "known later" } } : {}),
  };
  const problems = validateMlPlatform("platform", args, parts.unreadable).flatMap((problem) =>
    inConfiguration(problem, args),
  );
  return [
    ...problems.filter((problem) => !isRelated(problem.path, faults)),
    ...checkLocalParts(draft, value),
    ...checkCertificates(draft, value),
    ...checkTenantNamespaces(draft, parts.args),
    ...checkDevicePlugins(draft, parts.args),
  ];
}

/** Parts of which something required is missing are there, and that is all that is known of them. */
function readableParts(parts: PlatformParts): { args: PlatformParts; unreadable: PlatformPart[] } {
  const complete = completeParts(parts);
  const unreadable = (Object.keys(parts) as (PlatformPart | "tenants")[]).filter((part) => !complete.includes(part));
  const { tenants, ...others } = {
    ...parts,
    ...Object.fromEntries(unreadable.map((part) => [part, {}])),
  };
  const names = unreadable.filter((part): part is PlatformPart => part !== "tenants");
  return { args: tenants === undefined ? others : { ...others, tenants }, unreadable: names };
}

/** What the platform says of what the program tells it is said of the keys that the program has it from. */
function inConfiguration(problem: InputProblem, args: MlPlatformArgs): ConfigProblem[] {
  const { propertyPath, reason } = problem;
  const at = (path: string) => [{ path, text: path + reason.slice(propertyPath.length) }];
  switch (propertyPath) {
    case "platform.kubernetesVersion":
      return at(configPath(["cluster", "eks", "kubernetesVersion"]));
    case "pools":
      return [
        configProblem(
          configPath(["platform", "parts", "queues"]),
          args.queues,
          "queues beside pools, which they share out",
          "Leave queues out where the cluster brings its own nodes, and make them by hand.",
        ),
      ];
    case "artifactStore":
      return args.artifactStore === undefined ? at(configPath(["platform", "parts"])) : storeProblems(args);
    default:
      return fromInputs(["platform", "parts"], [problem]);
  }
}

/** The bucket of the storage is the platform's store. */
function storeProblems(args: MlPlatformArgs): ConfigProblem[] {
  return (["seaweedFs", "versityGateway", "minio"] as const)
    .filter((store) => args[store] !== undefined)
    .map((store) =>
      configProblem(
        configPath(["platform", "parts", store]),
        args[store],
        `one store, and ${configPath(["storage", "artifacts"])} is one`,
        "Keep one of them.",
      ),
    );
}

/** The version itself is judged with the cluster. */
function readableVersion(version: string | undefined): string {
  return version !== undefined && SUPPORTED_KUBERNETES.includes(version) ? version : DEFAULT_KUBERNETES;
}

/** Whether the environment has a bucket for artifacts, which the platform then uses. */
export function hasBucket({ cluster, storage }: Pick<ConfigDraft, "cluster" | "storage">): boolean {
  return cluster?.kind === ClusterKind.eks && storage?.artifacts !== undefined;
}

/** Shapes of all pools, or undefined where one of them is at fault. */
function poolShapes(draft: ConfigDraft, eks: EksFacts | undefined): PoolShape[] | undefined {
  const { gpuPools = "gpuPools" in draft ? [undefined] : [], systemPool } = draft;
  const gpu = gpuPools.map((pool, index) =>
    pool === undefined ? undefined : gpuShape(readablePool(pool, index, eks)),
  );
  if (gpu.includes(undefined)) return undefined;
  const ofGpus = gpu as PoolShape[];
  if (systemPool === undefined && draft.cluster?.kind === ClusterKind.existing) return ofGpus;
  const { value, faults } = mended<Parameters<typeof systemPoolArgs>[0]>(["systemPool"], systemPool ?? {}, {});
  if (faults.length > 0) return undefined;
  const own = { ...systemPoolArgs(value), ...(eks === undefined ? {} : { eks }) };
  if (validateSystemNodePool(SYSTEM_POOL, own).length > 0) return undefined;
  return [systemPoolShape(SYSTEM_POOL, own), ...ofGpus];
}

function gpuShape({ name, args, isComplete }: ReturnType<typeof readablePool>): PoolShape | undefined {
  return isComplete && validateGpuNodePool(name, args).length === 0 ? gpuPoolShape(name, args) : undefined;
}

/** The embedded cluster is set up from Go modules alone, so it can have what they carry, or what a mirror has. */
function checkLocalParts({ cluster, platform }: ConfigDraft, parts: PlatformParts): ConfigProblem[] {
  if (cluster?.kind !== ClusterKind.local) return [];
  const mirror = platform?.chartMirror;
  const isThere = (key: string) => {
    const { name, version, module } = SOURCES[key]!;
    return module !== undefined || (mirror !== undefined && existsSync(mirrorFolder(mirror, name, version)));
  };
  return (Object.keys(parts) as (PlatformPart | "tenants")[]).flatMap((part) => {
    const absent = part === "tenants" ? [] : sourcesOfPart(part).filter((key) => !isThere(key));
    if (absent.length === 0) return [];
    const names = absent.map((key) => `${SOURCES[key]!.name} ${SOURCES[key]!.version}`).join(", ");
    const allowed = "a part whose charts and manifests Go modules carry, on a cluster of kind local";
    const remedy = `Remove it, or name a chartMirror that has it: no Go module carries ${names}.`;
    return [configProblem(configPath(["platform", "parts", part]), parts[part], allowed, remedy)];
  });
}

/** Where controllers run, a stand-in has the types of cert-manager, and there is no program that would answer its webhooks. */
function checkCertificates({ cluster }: ConfigDraft, { certManager }: PlatformParts): ConfigProblem[] {
  const runs = cluster?.kind === ClusterKind.local && cluster.controllers === Controllers.processes;
  if (!runs || certManager === undefined) return [];
  const controllers = configPath(["cluster", "controllers"]);
  const allowed = `nothing beside ${controllers}: processes, as a stand-in issues certificates there`;
  const remedy = `Remove it, or set ${controllers} to simulated.`;
  return [configProblem(configPath(["platform", "parts", "certManager"]), certManager, allowed, remedy)];
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

/** The stack installs a device plugin itself, and two of them hand out each GPU twice. */
function checkDevicePlugins(draft: ConfigDraft, { devicePlugin, gpuOperator }: PlatformParts): ConfigProblem[] {
  const { cluster } = draft;
  const isInstalled = draft.devicePlugin !== undefined || (cluster?.kind ?? "existing") !== ClusterKind.existing;
  if (!isInstalled) return [];
  const allowed = `one device plugin, and ${configPath(["devicePlugin"])} is one`;
  const at = (...path: string[]) => configPath(["platform", "parts", ...path]);
  return [
    ...(devicePlugin === undefined ? [] : [configProblem(at("devicePlugin"), devicePlugin, allowed, "Remove it.")]),
    ...(gpuOperator === undefined || gpuOperator.operands?.devicePlugin === false
      ? []
      : [configProblem(at("gpuOperator", "operands", "devicePlugin"), true, allowed, "Set it to false.")]),
  ];
}
