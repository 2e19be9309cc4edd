import { isDeepStrictEqual } from "node:util";
import { unproxied } from "./materialise";
import { Subject, type ResourceFacts } from "./subject";

/**
 * Keeps the resource that was judged last: Pulumi hands it to each policy of a pack in turn, as a copy of its own, and to
 * compare two copies takes a fraction of what it takes to read one and to find its pods.
 */
export class LatestSubject {
  #latest: { facts: ResourceFacts; properties: unknown; subject: Subject } | undefined;

  /** The resource as rules see it; the one of the call before where that was about the same. */
  of(facts: ResourceFacts): Subject {
    const properties = unproxied(facts.props);
    const latest = this.#latest;
    const isSame =
      latest !== undefined &&
      latest.facts.urn === facts.urn &&
      latest.facts.type === facts.type &&
      latest.facts.name === facts.name &&
      latest.facts.isProtected === facts.isProtected &&
      isDeepStrictEqual(latest.properties, properties);
    if (isSame) return latest.subject;
    const subject = new Subject(facts);
    this.#latest = { facts, properties, subject };
    return subject;
  }
}
