import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { admissionsOf, type Admission } from "./admission";
import type { Ground } from "./ground";
import { isNamed } from "./named-pods";
import { concerns } from "./residents";
import { fitting, type Demand, type ResourceNumbers } from "./resource-numbers";

/** Where pods may be, whatever they ask for. */
export interface Where {
  /** By the number of the ground. */
  admissions: readonly Admission[];
  /** Grounds that let them in, in the order in which new nodes are asked for. */
  open: readonly Ground[];
}

/** Pods that are alike to the scheduler in all but their name. */
export interface PodKind {
  pod: SchedulablePod;
  demand: Demand;
  where: Where;
  /** Pods that an empty node takes, by the number of the ground, as far as the node itself decides. */
  perNode: readonly number[];
  /** Grounds of which an empty node takes some, in the order in which they are tried. */
  order: readonly Ground[];
  /** Whether it matters what else is on a node or near it, beyond what it leaves. */
  isRuled: boolean;
}

/** Finds the kind of each pod, so that what holds for equal pods is worked out once. */
export class PodKinds {
  private readonly wheres = new Map<string, Where>();
  private readonly demands = new Map<string, Demand>();
  private readonly kinds = new Map<string, PodKind>();
  /** Pods of DaemonSets, some of which may keep pods away. */
  private readonly residents: readonly SchedulablePod[];

  constructor(
    readonly grounds: readonly Ground[],
    private readonly numbers: ResourceNumbers,
    private readonly namespaceLabels?: NamespaceLabels,
  ) {
    this.residents = [...new Set(grounds.flatMap(({ pool }) => pool.residents ?? []))];
  }

  /** @param gpuMemory bytes that each GPU must have, where something says so. */
  of(pod: SchedulablePod, gpuMemory?: number): PodKind {
    const requests = [...pod.requests].join();
    const rules = isRuled(pod) ? rulesKey(pod) : "";
    const isWatched = this.residents.some((resident) => concerns(resident, pod));
    const where = `${whereKey(pod, gpuMemory)} ${isWatched ? rulesKey(pod) : ""}`;
    const key = `${where} ${requests} ${rules}`;
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    const kind = this.compiled(pod, this.whereOf(where, pod, gpuMemory), this.demandOf(requests, pod));
    this.kinds.set(key, kind);
    return kind;
  }

  private compiled(pod: SchedulablePod, where: Where, demand: Demand): PodKind {
    const perMachine: number[] = [];
    const perNode = this.grounds.map(({ number, machine, free }) =>
      where.admissions[number]!.zones.length === 0 ? 0 : (perMachine[machine] ??= fitting(demand, free)),
    );
    const order = where.open.filter(({ number }) => perNode[number]! > 0);
    return { pod, demand, where, perNode, order, isRuled: isRuled(pod) };
  }

  private whereOf(key: string, pod: SchedulablePod, gpuMemory: number | undefined): Where {
    const known = this.wheres.get(key);
    if (known !== undefined) return known;
    const admissions = admissionsOf(pod, gpuMemory, this.grounds, this.namespaceLabels);
    const open = this.grounds.filter(({ number }) => admissions[number]!.nodes > 0).sort((a, b) => a.rank - b.rank);
    const where = { admissions, open };
    this.wheres.set(key, where);
    return where;
  }

  private demandOf(key: string, { requests }: SchedulablePod): Demand {
    const known = this.demands.get(key);
    if (known !== undefined) return known;
    const demand = this.numbers.demandOf(requests);
    this.demands.set(key, demand);
    return demand;
  }
}

function isRuled(pod: SchedulablePod): boolean {
  return (
    pod.affinity.length > 0 ||
    pod.antiAffinity.length > 0 ||
    pod.spread.length > 0 ||
    pod.hostPorts.length > 0 ||
    isNamed(pod)
  );
}

function whereKey(pod: SchedulablePod, gpuMemory: number | undefined): string {
  const topologies = [pod.spread, pod.affinity].map((rules) => rules.map(({ topologyKey }) => topologyKey));
  const { nodeName, nodeSelector, nodeTerms, tolerations, volumes, unknownPaths } = pod;
  return JSON.stringify([
    ...[nodeName, nodeSelector, nodeTerms, tolerations, volumes, unknownPaths, gpuMemory],
    topologies,
  ]);
}

function rulesKey({ namespace, labels, affinity, antiAffinity, spread, hostPorts }: SchedulablePod): string {
  return JSON.stringify([namespace, labels, affinity, antiAffinity, spread, hostPorts]);
}
