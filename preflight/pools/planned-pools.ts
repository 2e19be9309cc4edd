import { childAt, GPU_RESOURCE, isUnknown, type Taint, type Told, type ToldPoolShape } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import type { Amounts } from "../scheduling/amounts";
import type { SchedulableNode } from "../scheduling/node";
import { chosenLabelsOf } from "./chosen-labels";
import { daemonsOf, eksDaemonsOn, runsOn, type Daemon } from "./daemons";
import { devicePluginsOf, type DevicePlugin } from "./device-plugins";
import { bringsPlugin, gpuOfferOf, isPluginAbsent } from "./gpu-offer";
import { isReported, nodeAmountsOf } from "./node-amounts";
import { largerMachinesOf } from "./larger-machines";
import { bestMix, machinesWithin } from "./machine-mix";
import { machineSourcesOf, type MachineSource } from "./machine-sources";
import { nodeLabelsOf, zoneLabels } from "./node-labels";
import type { DaemonShare, PlannedMachine, PlannedPool, PoolUnknown } from "./planned-pool";
import { poolLimitsOf, usesOf, weightOf } from "./pool-limits";
import { doublesUnknown, NODE_TYPE, poolSourcesOf, type PoolSource } from "./pool-source";
import { unknownOf } from "./pool-unknowns";
import { requirementUnknowns } from "./requirement-unknowns";
import { objectName, stackIndexOf, type StackIndex } from "./stack-index";
import { zonesOf } from "./zones";

/** What is read once for all pools of a stack. */
interface Surroundings {
  stack: StackIndex;
  daemons: Daemon[];
  plugins: DevicePlugin[];
  /** Whether the plugins leave out a part of the machines among which somebody chooses who does not know of plugins. */
  missesMachines?: boolean;
}

/** Every pool that a stack declares: those of components first, then others, in the order of their first resources. */
export function plannedPools(resources: readonly PlannedResource[]): PlannedPool[] {
  const stack = stackIndexOf(resources);
  const surroundings = { stack, daemons: daemonsOf(stack), plugins: devicePluginsOf(stack) };
  return uniquelyNamed(poolSourcesOf(stack)).map(([name, source]) => {
    const machineSources = machineSourcesOf(source);
    const pool = uniformPool(name, source, surroundings);
    return machineSources.length === 0
      ? { ...pool, unknowns: [...pool.unknowns, ...largerMachinesOf(source)] }
      : mixedPool(pool, machineSources, surroundings);
  });
}

/** A pool of which each node is of the type that suits the pods it is started for. */
function mixedPool(pool: PlannedPool, sources: readonly MachineSource[], surroundings: Surroundings): PlannedPool {
  const { known: limits } = poolLimitsOf(sources[0]!);
  const most = [...limits.values()];
  const machinesAmong = (around: Surroundings) =>
    sources.map((source): PlannedMachine => {
      const { instanceType } = source;
      const uses = usesOf(limits, nodeAmountsOf(source).capacity);
      const nodes = machinesWithin(uses, most);
      const machine = uniformPool(pool.name, source, around, `${pool.name}-${instanceType}`);
      return { ...machine, instanceType, uses, maxNodes: nodes === Infinity ? undefined : nodes };
    });
  const reached = machinesAmong(surroundings);
  const missesMachines = reached.some(({ unknowns }) => unknowns.some(isPluginAbsent));
  const machines = missesMachines ? machinesAmong({ ...surroundings, missesMachines }) : reached;
  const allNodes = bestMix(
    machines.map(() => 1),
    machines.map(({ uses }) => uses),
    most,
  ).bound;
  const unknowns = new Map(machines.flatMap((machine) => machine.unknowns).map((each) => [JSON.stringify(each), each]));
  return {
    ...pool,
    maxNodes: allNodes === Infinity ? undefined : allNodes,
    unknowns: [...unknowns.values()],
    machines,
    limits: most,
  };
}

/** A pool of which all nodes are alike, as small as the smallest of its instance types. */
function uniformPool(
  name: string,
  source: PoolSource,
  surroundings: Surroundings,
  nodePrefix: string = name,
): PlannedPool {
  const { shape, makers, component } = source;
  const { amounts, capacity, unknowns } = nodeAmountsOf(source);
  const taints = taintsOf(shape);
  const size = sizeOf(source, capacity);
  const { labels, open, isZoned } = nodeLabelsOf(source);
  const zones = zonesOf(source, surroundings.stack);
  const names = makers.filter(({ type }) => type === NODE_TYPE).map(objectName);
  const weight = weightOf(source);
  const chosen = chosenLabelsOf(source);
  const isCordoned = makers.length > 0 && makers.every(isUnschedulable);
  const nodeAt = (zone: string, number: number): SchedulableNode => {
    const nodeName = names[number - 1] ?? `${nodePrefix}-${number}`;
    return {
      name: nodeName,
      labels: {
        ...labels,
        ...(isZoned ? zoneLabels(zone) : {}),
        "kubernetes.io/hostname": nodeName,
      },
      taints: taints.known,
      allocatable: amounts,
      ...(isCordoned ? { unschedulable: true } : {}),
    };
  };
  const gpus = amounts.get(GPU_RESOURCE) ?? 0;
  const nodes = zones.names.map((zone, index) => nodeAt(zone, index + 1));
  const running = surroundings.daemons.filter((daemon) => nodes.some((node) => runsOn(daemon, node, gpus > 0)));
  const offer = isReported(source)
    ? undefined
    : gpus > 0
      ? gpuOfferOf(
          source,
          gpus,
          labels,
          surroundings.missesMachines === true ? "absent" : pluginOn(running, surroundings.plugins, source),
        )
      : undefined;
  if (offer !== undefined) {
    amounts.delete(GPU_RESOURCE);
    for (const [resource, count] of offer.devices ?? []) amounts.set(resource, count);
  }
  const daemons = [
    ...running.map(({ title, pod }): DaemonShare => ({ daemon: title, requests: pod.requests })),
    ...eksDaemonsOn(source, surroundings.stack),
  ];
  return {
    name,
    resources: [...(component === undefined ? [] : [component]), ...makers].map(({ urn }) => urn),
    shape,
    minNodes: size.min,
    maxNodes: size.max,
    zones: zones.names,
    daemons,
    ...(running.length === 0 ? {} : { residents: running.map(({ resident }) => resident) }),
    free: without(amounts, daemons),
    unknowns: [
      ...doublesUnknown(source),
      ...requirementUnknowns(source),
      ...unknowns,
      ...size.unknowns,
      ...taints.unknowns,
      ...zones.unknowns,
      ...(isUnknown(shape.labels) ? [unknownOf(shape, "labels")] : []),
      ...(offer?.unknown === undefined ? [] : [offer.unknown]),
    ],
    openLabels: open,
    nodeAt,
    ...(chosen.size === 0 ? {} : { chosenLabels: chosen }),
    ...(weight === undefined ? {} : { weight }),
  };
}

/**
 * The plugin whose pods run on the nodes; one of an operator, or of a chart that is not rendered, runs wherever GPUs
 * are. Undefined where the stack has none, or the image of the nodes brings its own; `absent` where all that the stack
 * has run elsewhere.
 */
function pluginOn(
  running: readonly Daemon[],
  plugins: readonly DevicePlugin[],
  source: PoolSource,
): DevicePlugin | "absent" | undefined {
  const own = plugins.find(({ daemonSet }) => running.some(({ resource }) => resource === daemonSet));
  const found = own ?? plugins.find(({ daemonSet }) => daemonSet === undefined);
  if (found !== undefined || plugins.length === 0 || bringsPlugin(source)) return found;
  return "absent";
}

function without(amounts: Amounts, daemons: readonly DaemonShare[]): Amounts {
  const left = new Map(amounts);
  for (const { requests } of daemons) {
    for (const [resource, amount] of requests) {
      const there = left.get(resource);
      if (there !== undefined) left.set(resource, Math.max(0, there - amount));
    }
  }
  return left;
}

interface PoolSize {
  min: number;
  max: number | undefined;
  unknowns: PoolUnknown[];
}

/** Nodes that are objects of the stack are there, and nothing starts more of them. */
function sizeOf(source: PoolSource, capacity: ReadonlyMap<string, number>): PoolSize {
  const { makers, shape } = source;
  const nodes = makers.filter(({ type }) => type === NODE_TYPE).length;
  if (nodes > 0) return { min: nodes, max: nodes, unknowns: [] };
  const limits = poolLimitsOf(source);
  const unknown = (["minNodes", "maxNodes"] as const).map((key) =>
    isUnknown(shape[key]) ? unknownOf(shape, key) : [],
  );
  const min = countOf(shape.minNodes) ?? 0;
  const within = machinesWithin(usesOf(limits.known, capacity), [...limits.known.values()]);
  const max = Math.min(countOf(shape.maxNodes) ?? Infinity, Math.max(min, within));
  return {
    min,
    max: max === Infinity ? undefined : max,
    unknowns: [...unknown.flat(), ...(isUnknown(shape.maxNodes) ? [] : limits.unknowns)],
  };
}

function countOf(value: ToldPoolShape["minNodes"]): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.floor(value) : undefined;
}

function taintsOf(shape: ToldPoolShape): { known: Taint[]; unknowns: PoolUnknown[] } {
  const { taints } = shape;
  if (isUnknown(taints)) return { known: [], unknowns: [unknownOf(shape, "taints")] };
  const isKnown = (taint: Told<Taint>): taint is Taint =>
    !isUnknown(taint) && Object.values(taint).every((value) => typeof value === "string");
  const known = (taints ?? []).filter(isKnown);
  return { known, unknowns: known.length === (taints ?? []).length ? [] : [unknownOf(shape, "taints")] };
}

function isUnschedulable({ properties }: PlannedResource): boolean {
  return childAt(childAt(properties, "spec"), "unschedulable") === true;
}

/** Pools by the names that reports call them by. */
function uniquelyNamed(sources: PoolSource[]): [name: string, source: PoolSource][] {
  const taken = new Set<string>();
  return sources.map((source) => {
    const [first] = source.makers;
    const wanted = source.name ?? (first === undefined ? undefined : objectName(first)) ?? first?.name ?? "pool";
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
    taken.add(name);
    return [name, source];
  });
}
