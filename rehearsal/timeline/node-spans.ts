import type { NodeSeen, Observation } from "./observation";
import type { NodeSpan } from "./timeline";

/** Gathers from when to when nodes are there. */
export class NodeSpans {
  private readonly byUid = new Map<string, { seen: NodeSeen; from: number; to?: number }>();

  /** Takes in what was seen, at a time of the scenario. */
  see(observation: Observation, at: number): void {
    if (observation.of !== "node") return;
    const known = this.byUid.get(observation.uid) ?? { seen: observation, from: at };
    // A node says what it has a moment after it came.
    known.seen = { ...observation, gpus: Math.max(known.seen.gpus, observation.gpus) };
    if (observation.isGone === true) known.to = at;
    this.byUid.set(observation.uid, known);
  }

  /** All of them in the order in which they came. */
  spans(): NodeSpan[] {
    return [...this.byUid.values()].map(({ seen, from, to }) => {
      const { name, instanceType, pool, capacityType, zone, gpus } = seen;
      return { name, instanceType, pool, capacityType, zone, gpus, from, ...(to === undefined ? {} : { to }) };
    });
  }
}
