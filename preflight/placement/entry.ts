import type { DemandedPodSet, Workload } from "../demand/workload";
import type { SchedulablePod } from "../scheduling/pod";
import type { Queue } from "../demand/queue";
import { flavoredPods, type FlavoredPod } from "./flavored-pods";
import { gpuMemoryAsked } from "./gpu-memory";
import { LimitIndex, type Limit, type Limits } from "./limits";
import type { Subject } from "./subject";
import type { PodKind, PodKinds } from "./pod-kind";

/** Pods of a set as their queue can admit them. */
export interface Variant extends Subject {
  /** Flavors by which they are admitted; none where they are in no queue. */
  flavors: readonly string[];
  /** What their queue has of these flavors. */
  limits: readonly Limit[];
}

/** A set of pods, prepared for placing. */
export interface Entry {
  workload: Workload;
  set: DemandedPodSet;
  /** The pods, once for each way in which their queue can admit them, in the order in which it tries these. */
  variants: readonly Variant[];
  /** What bounds its pods however they are admitted: quotas of their namespace. */
  limits: readonly Limit[];
  /** The queue that it waits in; undefined where it is in none, or the stack does not tell. */
  queue: Queue | undefined;
  /** Why its queue never admits it, whatever it has, as a sentence without a period; undefined where it may. */
  barrier: string | undefined;
  /** Names the gang that its pods are in with those of other sets; undefined where there is none. */
  gang: string | undefined;
}

/** The sets of all workloads in their order, prepared for placing. */
export class Entries {
  readonly all: Entry[] = [];
  private readonly subjects: Subject[] = [];

  constructor(workloads: readonly Workload[], kinds: PodKinds, limits: Limits) {
    const index = new LimitIndex(limits);
    for (const workload of workloads) {
      const ofNamespace = index.ofNamespace(workload);
      const queue = index.queueOf(workload);
      const gangs = gangsOf(workload);
      for (const set of workload.podSets) {
        const gpuMemory = gpuMemoryAsked(set.podSet.template);
        const { ways, barrier } = flavoredPods(set.pod, queue, index);
        const variants = ways.map((way) => this.variant(way, kinds, gpuMemory));
        const { gang } = set.podSet;
        this.all.push({
          workload,
          set,
          variants,
          limits: ofNamespace,
          queue,
          barrier,
          gang: gang !== undefined && gangs.has(gang) ? gang : undefined,
        });
      }
    }
  }

  /** Every kind of pods that there is. */
  kinds(): PodKind[] {
    return [...new Set(this.subjects.map(({ kind }) => kind))];
  }

  /** The pod behind the number of a subject. */
  readonly podOf = (set: number): SchedulablePod => this.subjects[set]!.pod;

  private variant(way: FlavoredPod, kinds: PodKinds, gpuMemory: number | undefined): Variant {
    const variant = { ...way, set: this.subjects.length, kind: kinds.of(way.pod, gpuMemory) };
    this.subjects.push(variant);
    return variant;
  }
}

const NO_GANGS: ReadonlySet<string> = new Set();

/** Gangs of more than one set. */
function gangsOf({ podSets }: Workload): ReadonlySet<string> {
  if (podSets.length < 2) return NO_GANGS;
  const names = podSets.flatMap(({ podSet: { gang } }) => gang ?? []);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
