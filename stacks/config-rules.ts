import type * as pulumi from "@pulumi/pulumi";
import {
  ClusterKind,
  type GpuNodePoolArgs,
  gpuPoolShape,
  type SystemNodePoolArgs,
  TaintEffect,
  validateGpuNodePool,
  validateNvidiaDevicePlugin,
  validateSystemNodePool,
} from "../components";
import { leastMaxNodes } from "../components/cluster/node-pool";
import { type ConfigProblem, configPath, configProblem, dotted } from "./config-problem";
import type { Config, GpuPoolConfig } from "./config-schema";
import { scenarios } from "./scenarios";
import { fits, type ScenarioNeeds } from "./scenarios/placement";

/** Name of the one pool without GPUs. */
export const SYSTEM_POOL = "system";

type Section<Key extends keyof Config> = NonNullable<Config[Key]>;
type Taint = NonNullable<GpuPoolConfig["taints"]>[number];

/** What is left of a configuration once everything of a wrong shape is undefined, also in lists. */
export interface ConfigDraft {
  cluster?: Partial<Section<"cluster">> | undefined;
  systemPool?: Section<"systemPool"> | undefined;
  gpuPools?: (GpuPoolDraft | undefined)[] | undefined;
  devicePlugin?: Partial<Section<"devicePlugin">> | undefined;
  scenarios?: (Section<"scenarios">[number] | undefined)[] | undefined;
}

interface GpuPoolDraft extends Partial<Omit<GpuPoolConfig, "taints">> {
  taints?: (Partial<Taint> | undefined)[];
}

/** An input of a component that has another name in the configuration. */
interface Renaming {
  input: string;
  key: string;
}

/** Everything that is wrong with the values of a configuration, whatever else may be wrong with its shape. */
export function ruleProblems(draft: ConfigDraft): ConfigProblem[] {
  return [
    ...checkContext(draft.cluster),
    ...checkNodesBelong(draft),
    ...checkSystemPool(draft.systemPool),
    ...checkGpuPools(draft.gpuPools ?? []),
    ...checkDevicePlugin(draft.devicePlugin),
    ...checkScenarios(draft),
  ];
}

/** The arguments of the system pool that a configuration asks for. */
export function systemPoolArgs({ instanceType, nodes }: Section<"systemPool">): SystemNodePoolArgs {
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(nodes === undefined ? {} : { minNodes: nodes }),
  };
}

function checkContext(cluster: ConfigDraft["cluster"]): ConfigProblem[] {
  const path = configPath(["cluster", "context"]);
  if (cluster?.kind === ClusterKind.existing && cluster.context === undefined) {
    const remedy = "Add it, so that a switched current context can never send the stack to another cluster.";
    return [configProblem(path, undefined, "the name of a context in the kubeconfig", remedy)];
  }
  if (cluster?.kind === ClusterKind.local && cluster.context !== undefined) {
    return [configProblem(path, cluster.context, "nothing where the cluster's kind is local", "Remove it.")];
  }
  return [];
}

function checkNodesBelong({ cluster, systemPool, gpuPools }: ConfigDraft): ConfigProblem[] {
  if (cluster?.kind !== ClusterKind.existing) return [];
  return Object.entries({ systemPool, gpuPools })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const allowed = "nothing where the cluster's kind is existing, as such a cluster brings its own nodes";
      return configProblem(configPath([key]), value, allowed, "Remove it.");
    });
}

function checkSystemPool(pool: ConfigDraft["systemPool"]): ConfigProblem[] {
  const problems = pool === undefined ? [] : validateSystemNodePool(SYSTEM_POOL, systemPoolArgs(pool));
  return fromInputs(["systemPool"], problems, { input: "minNodes", key: "nodes" });
}

function checkGpuPools(pools: (GpuPoolDraft | undefined)[]): ConfigProblem[] {
  return pools.flatMap((pool = {}, index) => {
    const { name, args } = soundGpuPool(pool);
    const problems = validateGpuNodePool(name, args);
    return [
      ...fromInputs(["gpuPools", index], problems, { input: "poolName", key: "name" }),
      ...checkUniqueName(pools, index),
    ];
  });
}

function checkUniqueName(pools: (GpuPoolDraft | undefined)[], index: number): ConfigProblem[] {
  const name = pools[index]?.name;
  const first = pools.findIndex((pool) => pool?.name === name);
  const owner = name === SYSTEM_POOL ? configPath(["systemPool"]) : configPath(["gpuPools", first]);
  if (name === undefined || (first === index && name !== SYSTEM_POOL)) return [];
  const allowed = `a name that no other pool has, and ${owner} has this one`;
  return [configProblem(configPath(["gpuPools", index, "name"]), name, allowed, "Rename the pool.")];
}

function checkDevicePlugin(plugin: ConfigDraft["devicePlugin"]): ConfigProblem[] {
  return plugin === undefined ? [] : fromInputs(["devicePlugin"], validateNvidiaDevicePlugin("", plugin));
}

function checkScenarios(draft: ConfigDraft): ConfigProblem[] {
  const names = draft.scenarios ?? [];
  const repeated = names.flatMap((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return [];
    return [configProblem(configPath(["scenarios", index]), name, "each scenario once", "Remove one.")];
  });
  return [...repeated, ...checkWholeGpus(draft), ...checkPlacement(draft)];
}

function checkWholeGpus({ devicePlugin, scenarios: names = [] }: ConfigDraft): ConfigProblem[] {
  if (devicePlugin?.timeSlicing === undefined || names.length === 0) return [];
  const allowed = `nothing beside ${configPath(["scenarios"])}, which ask for whole GPUs`;
  const remedy = "Remove it or the scenarios.";
  return [configProblem(configPath(["devicePlugin", "timeSlicing"]), devicePlugin.timeSlicing, allowed, remedy)];
}

/** Where the pools or the kind of cluster cannot be read, there is no telling what would fit. */
function checkPlacement(draft: ConfigDraft): ConfigProblem[] {
  const { cluster, gpuPools = "gpuPools" in draft ? [undefined] : [], scenarios: names = [] } = draft;
  if (cluster?.kind !== ClusterKind.local) return [];
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const { needs } = scenarios[name];
    if (gpuPools.some((pool) => mayFit(pool, needs))) return [];
    const gpus = needs.gpus === 1 ? "a GPU" : `${needs.gpus} GPUs`;
    const allowed = `a scenario that a pool of ${configPath(["gpuPools"])} can run`;
    const remedy = `Add a pool of ${needs.architecture} nodes with ${gpus} each and minNodes 1 or more.`;
    return [configProblem(configPath(["scenarios", index]), name, allowed, remedy)];
  });
}

/** A pool that is itself at fault gets the benefit of the doubt: its mended form may fit. */
function mayFit(pool: GpuPoolDraft = {}, needs: ScenarioNeeds): boolean {
  const { name, args, isComplete } = soundGpuPool(pool);
  return !isComplete || validateGpuNodePool(name, args).length > 0 || fits(gpuPoolShape(name, args), needs);
}

/** A pool with sound values in place of missing ones, so that only what is there gets judged. */
function soundGpuPool(pool: GpuPoolDraft): { name: string; args: GpuNodePoolArgs; isComplete: boolean } {
  const { name = "pool", instanceType = "g5.xlarge", maxNodes = leastMaxNodes(pool.minNodes ?? 0), ...rest } = pool;
  const { taints = [], ...others } = rest;
  const isComplete = pool.instanceType !== undefined && pool.maxNodes !== undefined;
  return { name, args: { ...others, instanceType, maxNodes, taints: taints.map(soundTaint) }, isComplete };
}

function soundTaint(taint: Partial<Taint> = {}, index: number): Taint {
  const { key = `example.com/taint-${index}`, effect = TaintEffect.noExecute, ...value } = taint;
  return { key, effect, ...value };
}

/** Puts what a component says of its inputs, path first, in terms of the configuration. */
function fromInputs(
  path: PropertyKey[],
  problems: pulumi.InputPropertyErrorDetails[],
  renaming?: Renaming,
): ConfigProblem[] {
  const rename = (text: string) => (renaming === undefined ? text : text.replaceAll(renaming.input, renaming.key));
  return problems.map(({ propertyPath, reason }) => {
    const at = `${configPath(path)}.${rename(dotted(propertyPath))}`;
    return { path: at, text: at + rename(reason.slice(propertyPath.length)) };
  });
}
