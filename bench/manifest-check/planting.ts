import type { TreeObject } from "../../components/model";
import { FAULTS, type Fault } from "./faults";

/** One object in one out of how many has a fault. */
const ONE_IN = 10;

/** Any number; the same one makes the same faults in the same objects. */
const SEED = 20_261_126;

/** A manifest that is scanned. */
export interface ScannedManifest {
  /** Name of its file. */
  file: string;
  object: TreeObject;
  /** What is planted in it; mostly nothing. */
  fault?: Fault;
}

/**
 * Plants one fault into one of ten objects; the others stay as they are. Every kind of fault in turn gets the next object,
 * in an order that is shuffled but the same each time, into which it can be planted.
 */
export function plantedManifests(objects: readonly TreeObject[]): ScannedManifest[] {
  const manifests = objects.map((object, index): ScannedManifest => ({
    file: `${String(index).padStart(4, "0")}.yaml`,
    object: structuredClone<TreeObject>(object),
  }));
  const order = shuffled(manifests);
  const places = FAULTS.map((fault) => order.filter(({ object }) => fault.kinds.includes(object["kind"] as string)));
  let left = Math.floor(objects.length / ONE_IN);
  while (left > 0 && places.some((place) => place.length > 0)) {
    for (const [index, fault] of FAULTS.entries()) {
      if (left > 0 && plantOne(fault, places[index]!)) left -= 1;
    }
  }
  return manifests;
}

/** Plants a fault into the first of the manifests that can have it; those before it are given up. */
function plantOne(fault: Fault, places: ScannedManifest[]): boolean {
  for (let manifest = places.shift(); manifest !== undefined; manifest = places.shift()) {
    if (manifest.fault !== undefined || !fault.plant(manifest.object)) continue;
    manifest.fault = fault;
    return true;
  }
  return false;
}

/** Fisher and Yates' shuffle. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const result = [...items];
  const random = randomNumbers();
  for (let last = result.length - 1; last > 0; last--) {
    const other = random(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** Whole numbers below a bound, from a linear congruential generator with the constants of Numerical Recipes. */
function randomNumbers(): (bound: number) => number {
  let state = SEED;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The high bits are the random ones.
    return Math.floor((state / 2 ** 32) * bound);
  };
}
