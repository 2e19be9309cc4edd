import type { Entry, Variant } from "../placement/entry";
import { unitName } from "../placement/queue-units";
import type { Admission } from "../placement/queue-choice";
import { shareOf } from "../placement/together";
import { Verdict, type PlacementProof } from "../placement/proof";

/** A set of pods in the packing. */
export interface PackedSet {
  entry: Entry;
  proof: PlacementProof | undefined;
  /** Pods that shall run; as many as must where it is not known how many there are. */
  pods: number;
  /** Pods that were placed. */
  placed: number;
  /** Why the others wait. */
  reason: string;
  /** Pods that are admitted and have no node yet, by the way in which they are. */
  pending: Map<Variant, number>;
  /** What its queue admits together with it. */
  turn: Turn;
}

/** Sets that a queue admits together or not at all; those of a unit where there is no queue. */
export interface Turn {
  sets: PackedSet[];
  /** How each of them is admitted; undefined while they wait. */
  admissions: readonly Admission[] | undefined;
}

/** Sets of which as many pods as must are placed together, or none: those of a gang, or one by itself. */
export interface Unit {
  sets: PackedSet[];
  /** Whether it matters to any of them what is near it. */
  isRuled: boolean;
  /** Whether any of them must be near other pods. */
  isDrawn: boolean;
}

/**
 * The units in the order in which they are placed: by priority, what always runs before what ends, pods that mind
 * what is near them before others, and larger ones before smaller ones, GPUs first.
 */
export function unitsOf(entries: readonly Entry[], proofs: readonly PlacementProof[]): Unit[] {
  const units: Unit[] = [];
  const gangs = new Map<Entry["workload"], Map<string, Unit>>();
  const turns = new Map<Entry["workload"], Map<string, Turn>>();
  entries.forEach((entry, index) => {
    const set = packedSet(entry, proofs[index], turns);
    if (entry.gang === undefined) {
      units.push(unitOf([set]));
      return;
    }
    const ofWorkload = gangs.get(entry.workload) ?? new Map<string, Unit>();
    gangs.set(entry.workload, ofWorkload);
    const known = ofWorkload.get(entry.gang);
    if (known === undefined) {
      const unit = unitOf([set]);
      ofWorkload.set(entry.gang, unit);
      units.push(unit);
      return;
    }
    known.sets.push(set);
    Object.assign(known, unitOf(known.sets));
  });
  return sorted(units);
}

function packedSet(
  entry: Entry,
  proof: PlacementProof | undefined,
  turns: Map<Entry["workload"], Map<string, Turn>>,
): PackedSet {
  const { count, minCount } = entry.set;
  const turn = turnOf(entry, turns);
  const set: PackedSet = { entry, proof, pods: count ?? minCount, placed: 0, reason: "", pending: new Map(), turn };
  turn.sets.push(set);
  return set;
}

function turnOf(entry: Entry, turns: Map<Entry["workload"], Map<string, Turn>>): Turn {
  const name = unitName(entry) ?? entry.gang;
  const alone: Turn = { sets: [], admissions: undefined };
  if (name === undefined) return alone;
  const ofWorkload = turns.get(entry.workload) ?? new Map<string, Turn>();
  const turn = ofWorkload.get(name) ?? alone;
  turns.set(entry.workload, ofWorkload.set(name, turn));
  return turn;
}

function unitOf(sets: PackedSet[]): Unit {
  const subjects = sets.flatMap(({ entry }) => entry.variants);
  return {
    sets,
    isRuled: subjects.some(({ kind }) => kind.isRuled),
    isDrawn: subjects.some(({ pod }) => pod.affinity.length > 0),
  };
}

/** Whether all sets of a unit may run at all. */
export function mayRun({ sets }: Unit): boolean {
  return sets.every(({ proof }) => proof?.verdict !== Verdict.never);
}

function sorted(units: readonly Unit[]): Unit[] {
  const ranked = units.map((unit, index) => ({ unit, rank: [...rankOf(unit), index] }));
  ranked.sort((a, b) => compare(a.rank, b.rank));
  return ranked.map(({ unit }) => unit);
}

/** Smaller ranks come first. */
function rankOf({ sets, isRuled, isDrawn }: Unit): number[] {
  const [{ entry }] = sets as [PackedSet];
  return [
    -Math.max(...sets.map((set) => set.entry.set.priority ?? 0)),
    entry.workload.timing.kind === "always" ? 0 : 1,
    isRuled ? 0 : 1,
    isDrawn ? 1 : 0,
    -Math.max(...sets.map((set) => gpusOf(set.entry))),
    -Math.max(...sets.flatMap(({ entry: { variants } }) => variants.slice(0, 1).map(({ kind }) => shareOf(kind)))),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** GPUs that a pod has on the pool that is tried first. */
function gpusOf({ variants: [first] }: Entry): number {
  const [ground] = first?.kind.order ?? [];
  let gpus = 0;
  for (const [resource, worth] of ground?.gpuWorth ?? []) gpus += worth * (first!.pod.requests.get(resource) ?? 0);
  return gpus;
}
