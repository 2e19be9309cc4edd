import type { SchedulablePod } from "./pod";

/** What has been found for a pod, and how far down the lists it was looked for. */
interface Found<T> {
  things: T[];
  here: number;
  everywhere: number;
}

/**
 * Things that concern some pods. Which pods is asked once per pod and thing, however often pods come and go, and only for
 * pods of the namespaces that a thing is about.
 */
export class PerPod<T> {
  readonly #everywhere: T[] = [];
  readonly #byNamespace = new Map<string, T[]>();
  readonly #found = new WeakMap<SchedulablePod, Found<T>>();

  constructor(readonly concerns: (thing: T, pod: SchedulablePod) => boolean) {}

  /** Adds a thing that is about pods of some namespaces, or of any where these are undefined. */
  add(thing: T, namespaces: readonly string[] | undefined): void {
    if (namespaces === undefined) this.#everywhere.push(thing);
    else for (const namespace of new Set(namespaces)) this.#listOf(namespace).push(thing);
  }

  /** The things that concern a pod, in the order in which they were added to its namespace or to all. */
  of(pod: SchedulablePod): readonly T[] {
    const here = this.#byNamespace.get(pod.namespace)?.length ?? 0;
    const found = this.#found.get(pod) ?? { things: [], here: 0, everywhere: 0 };
    if (found.here === here && found.everywhere === this.#everywhere.length) return found.things;

    const added = [
      ...(this.#byNamespace.get(pod.namespace) ?? []).slice(found.here),
      ...this.#everywhere.slice(found.everywhere),
    ];
    const things = [...found.things, ...added.filter((thing) => this.concerns(thing, pod))];
    this.#found.set(pod, { things, here, everywhere: this.#everywhere.length });
    return things;
  }

  #listOf(namespace: string): T[] {
    const list = this.#byNamespace.get(namespace) ?? [];
    this.#byNamespace.set(namespace, list);
    return list;
  }
}
