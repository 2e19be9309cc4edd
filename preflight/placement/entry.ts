import type { DemandedPodSet, Workload } from "../demand/workload";
import type { SchedulablePod } from "../scheduling/pod";
import { flavoredPods, type FlavoredPod } from "./flavored-pods";
import { gpuMemoryAsked } from "./gpu-memory";
import { LimitIndex, type Limit, type Limits } from "./limits";
import type { Subject } from "./neighbourhood";
import type { PodKind, PodKinds } from "./pod-kind";

/** A set of pods, prepared for placing. */
export interface Entry {
  workload: Workload;
  set: DemandedPodSet;
  /** The pods, once for each way in which their queue can admit them; one where they are in none. */
  variants: readonly Subject[];
  limits: readonly Limit[];
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
      const shared = index.of(workload);
      const gangs = gangsOf(workload);
      for (const set of workload.podSets) {
        const gpuMemory = gpuMemoryAsked(set.podSet.template);
        const pods = flavoredPods(set.pod, index.flavorsOf(workload, set));
        const variants = pods.map((pod) => this.subject(pod, kinds, gpuMemory));
        const { gang } = set.podSet;
        this.all.push({
          workload,
          set,
          variants,
          limits: shared,
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

  private subject({ pod, flavorLabels }: FlavoredPod, kinds: PodKinds, gpuMemory: number | undefined): Subject {
    const subject = { set: this.subjects.length, pod, kind: kinds.of(pod, gpuMemory), flavorLabels };
    this.subjects.push(subject);
    return subject;
  }
}

const NO_GANGS: ReadonlySet<string> = new Set();

/** Gangs of more than one set. */
function gangsOf({ podSets }: Workload): ReadonlySet<string> {
  if (podSets.length < 2) return NO_GANGS;
  const names = podSets.flatMap(({ podSet: { gang } }) => gang ?? []);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
