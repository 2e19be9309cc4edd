import { amountText } from "../placement/amount-text";
import type { Ground } from "../placement/ground";
import type { PodKind } from "../placement/pod-kind";
import { joined } from "../placement/pool-words";
import { fitting, remaining, type Demand } from "../placement/resource-numbers";
import type { Amounts } from "../scheduling/amounts";

/** What a pod of the stack takes of a node of a pool, and the GPUs that it has there. */
interface GpuAsk {
  demand: Demand;
  requests: Amounts;
  gpus: number;
}

/** GPUs that nobody could have, and why. */
export interface Stranded {
  gpus: number;
  reason: string;
}

/** Parts of GPUs are counted to a millionth. */
const PRECISION = 1e6;

/** Finds the GPUs of a pool's nodes that no pod of the stack could have. */
export class StrandedGpus {
  private known: readonly GpuAsk[] | undefined;

  /** @param kinds every kind of pods of the stack. */
  constructor(
    private readonly ground: Ground,
    private readonly kinds: Iterable<PodKind>,
    private readonly numberOf: (resource: string) => number,
  ) {}

  /** What pods with GPUs ask for on the pool, those with the most GPUs first. */
  private get asks(): readonly GpuAsk[] {
    return (this.known ??= asksOn(this.ground, this.kinds));
  }

  /** Of a node with so many idle GPUs and so much left; undefined where pods could have them all. */
  on(free: Float64Array, idle: number): Stranded | undefined {
    if (idle === 0) return undefined;
    const gpus = rounded(idle - this.usable(free, idle));
    return gpus <= 0 ? undefined : { gpus, reason: this.reasonOf(free, idle) };
  }

  /** The most GPUs that pods could have: of one kind alone, or of several, the largest first. */
  private usable(free: Float64Array, idle: number): number {
    let most = 0;
    let mixed = 0;
    let left = free;
    for (const { demand, gpus } of this.asks) {
      most = Math.max(most, fitting(demand, free) * gpus);
      const pods = fitting(demand, left);
      mixed += pods * gpus;
      if (pods > 0) left = remaining(demand, left, pods);
      if (Math.max(most, mixed) >= idle) break;
    }
    return Math.max(most, mixed);
  }

  private reasonOf(free: Float64Array, idle: number): string {
    const least = this.asks.at(-1);
    if (least === undefined) return "no declared workload asks for GPUs of this pool";
    const fit = this.asks.filter(({ demand }) => fitting(demand, free) > 0);
    if (fit.length > 0) return `the pods that fit have ${counts(fit)} each, which do not add up to ${gpuText(idle)}`;
    const small = this.asks.filter(({ gpus }) => gpus <= idle);
    if (small.length === 0)
      return `no declared workload asks for ${gpuText(idle)} or fewer; the least that one asks for is ${least.gpus}`;
    const { requests } = small.at(-1)!;
    const short = [...requests].filter(([name, asked]) => asked > this.leftOf(name, free));
    const left = joined(short.map(([name]) => amountText(name, Math.max(0, this.leftOf(name, free)), "down")));
    const asked = joined(short.map(([name, amount]) => amountText(name, amount, "up")));
    const them = idle === 1 ? "it" : "them";
    return `${left} left beside ${them}, and the smallest pod for ${them} asks for ${asked}`;
  }

  private leftOf(resource: string, free: Float64Array): number {
    return free[this.numberOf(resource)] ?? 0;
  }
}

function asksOn(ground: Ground, kinds: Iterable<PodKind>): GpuAsk[] {
  const asks = new Map<Demand, GpuAsk>();
  for (const { demand, pod, perNode } of kinds) {
    const gpus = perNode[ground.number] === 0 ? 0 : gpusOn(ground, pod.requests);
    if (gpus > 0) asks.set(demand, { demand, requests: pod.requests, gpus });
  }
  return smallest([...asks.values()]).sort((a, b) => b.gpus - a.gpus);
}

/** GPUs, or parts of them, that a pod has on a pool. */
export function gpusOn({ gpuWorth }: Ground, requests: Amounts): number {
  let gpus = 0;
  for (const [resource, worth] of gpuWorth) gpus += worth * (requests.get(resource) ?? 0);
  return rounded(gpus);
}

/** GPUs without the noise of adding parts. */
export function rounded(gpus: number): number {
  return Math.round(gpus * PRECISION) / PRECISION;
}

/** Asks without those that ask for as many GPUs as another one, and for no less of anything. */
function smallest(asks: readonly GpuAsk[]): GpuAsk[] {
  const kept: GpuAsk[] = [];
  for (const ask of asks) {
    if (kept.some((other) => isWithin(other, ask))) continue;
    for (let index = kept.length - 1; index >= 0; index--) if (isWithin(ask, kept[index]!)) kept.splice(index, 1);
    kept.push(ask);
  }
  return kept;
}

function isWithin(one: GpuAsk, other: GpuAsk): boolean {
  if (one.gpus !== other.gpus) return false;
  for (const [name, amount] of one.requests) if (amount > (other.requests.get(name) ?? 0)) return false;
  return true;
}

function counts(asks: readonly GpuAsk[]): string {
  return joined([...new Set(asks.map(({ gpus }) => String(gpus)))].reverse(), "or");
}

function gpuText(gpus: number): string {
  return `${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`;
}
