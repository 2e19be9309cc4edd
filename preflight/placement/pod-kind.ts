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
  /** Grounds that would let them in on a node that there is. */
  admitting: readonly Ground[];
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
  private readonly demandsOf = new WeakMap<SchedulablePod["requests"], Demand>();
  private readonly kinds = new Map<Where, Map<Demand, Map<string, PodKind>>>();
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
    const isWatched = this.residents.some((resident) => concerns(resident, pod));
    const where = this.whereOf(`${whereKey(pod, gpuMemory)} ${isWatched ? rulesKey(pod) : ""}`, pod, gpuMemory);
    const demand = this.demandOf(pod);
    const rules = isRuled(pod) ? rulesKey(pod) : "";
    const alike = this.kinds.get(where) ?? new Map<Demand, Map<string, PodKind>>();
    const kinds = alike.get(demand) ?? new Map<string, PodKind>();
    const known = kinds.get(rules);
    if (known !== undefined) return known;
    const kind = this.compiled(pod, where, demand);
    this.kinds.set(where, alike.set(demand, kinds.set(rules, kind)));
    return kind;
  }

  private compiled(pod: SchedulablePod, where: Where, demand: Demand): PodKind {
    const perMachine: number[] = [];
    const perNode = new Array<number>(this.grounds.length).fill(0);
    for (const { number, machine, free } of where.admitting) {
      perNode[number] = perMachine[machine] ??= fitting(demand, free);
    }
    const order = where.open.filter(({ number }) => perNode[number]! > 0);
    return { pod, demand, where, perNode, order, isRuled: isRuled(pod) };
  }

  private whereOf(key: string, pod: SchedulablePod, gpuMemory: number | undefined): Where {
    const known = this.wheres.get(key);
    if (known !== undefined) return known;
    const admissions = admissionsOf(pod, gpuMemory, this.grounds, this.namespaceLabels);
    const admitting = this.grounds.filter(({ number }) => admissions[number]!.zones.length > 0);
    const open = this.grounds.filter(({ number }) => admissions[number]!.nodes > 0).sort((a, b) => a.rank - b.rank);
    const where = { admissions, admitting, open };
    this.wheres.set(key, where);
    return where;
  }

  private demandOf({ requests }: SchedulablePod): Demand {
    const own = this.demandsOf.get(requests);
    if (own !== undefined) return own;
    const key = [...requests].join();
    const demand = this.demands.get(key) ?? this.numbers.demandOf(requests);
    this.demands.set(key, demand);
    this.demandsOf.set(requests, demand);
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
