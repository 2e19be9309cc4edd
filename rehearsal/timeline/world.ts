import type {
  ClaimSeen,
  NodeSeen,
  ObjectRef,
  ObjectSeen,
  Observation,
  OwnerSeen,
  PodSeen,
  QueuedSeen,
} from "./observation";
import { REPEATING } from "./owner-kinds";

/** What is there at a moment, and who made what, as far as it was seen up to then. */
export class World {
  readonly pods = new Map<string, PodSeen>();
  readonly nodes = new Map<string, NodeSeen>();
  readonly owners = new Map<string, OwnerSeen>();
  readonly queued = new Map<string, QueuedSeen>();
  readonly claims = new Map<string, ClaimSeen>();
  /** Uids of owners whose pods are of use only together, and of whoever made these; undefined until somebody asks. */
  private gangs: Set<string> | undefined;

  /** @param known who made what, which is remembered when it is gone: what it made is no orphan. */
  private constructor(private readonly known: Map<string, OwnerSeen>) {}

  /** An empty world that learns as it goes on. */
  static empty(): World {
    return new World(new Map());
  }

  /** An empty world in which it is known already who will have made what: of watches one may be behind the other. */
  static knowing(observations: readonly Observation[]): World {
    return new World(new Map(observations.flatMap((each) => (each.of === "owner" ? [[each.uid, each] as const] : []))));
  }

  /** Takes in what was seen. */
  apply(observation: Observation): void {
    const places = {
      pod: this.pods,
      node: this.nodes,
      owner: this.owners,
      queued: this.queued,
      claim: this.claims,
    } as const;
    if (observation.of === "owner") this.learn(observation);
    if (!(observation.of in places)) return;
    const seen = observation as ObjectSeen;
    const place = places[seen.of] as Map<string, ObjectSeen>;
    if (observation.isGone === true) place.delete(seen.uid);
    else place.set(seen.uid, seen);
  }

  /** The workload that an object is of: whoever made it, or made that; a run of what repeats is one of its own. */
  rootOf(object: ObjectRef): ObjectRef {
    const { kind, namespace, name, uid } = this.lineOf(object).at(-1)!;
    return { kind, namespace, name, uid };
  }

  /** An object, whoever made it, whoever made that, and so on. */
  private lineOf(object: ObjectRef): ObjectRef[] {
    const line = [object];
    // An object that owns itself in a circle would never end.
    for (const passed = new Set([object.uid]); ;) {
      const owner = this.known.get(line.at(-1)!.uid)?.owner;
      if (owner === undefined || REPEATING.has(owner.kind)) return line;
      line.push(owner);
      if (passed.has(owner.uid)) return line;
      passed.add(owner.uid);
    }
  }

  /** The workload that a pod is of; the pod itself where nobody made it. */
  workloadOf({ owner, namespace, name, uid }: PodSeen | QueuedSeen): ObjectRef {
    return owner === undefined ? { kind: "Pod", namespace, name, uid } : this.rootOf(owner);
  }

  /** Whether pods of a workload are of use only together. */
  isGang({ uid }: ObjectRef): boolean {
    if (this.gangs === undefined) {
      this.gangs = new Set();
      for (const owner of this.known.values()) this.noteGang(owner, this.gangs);
    }
    return this.gangs.has(uid);
  }

  private learn(owner: OwnerSeen): void {
    const before = this.known.get(owner.uid);
    this.known.set(owner.uid, owner);
    if (this.gangs === undefined) return;
    const isAsBefore = before?.isGang === owner.isGang && before.owner?.uid === owner.owner?.uid;
    if (isAsBefore) return;
    // Whoever made it may be no gang any more.
    if (before !== undefined) this.gangs = undefined;
    else this.noteGang(owner, this.gangs);
  }

  private noteGang(owner: OwnerSeen, gangs: Set<string>): void {
    if (!owner.isGang && !gangs.has(owner.uid)) return;
    for (const { uid } of this.lineOf(owner)) gangs.add(uid);
  }

  /** Pods that hold a place on a node. */
  placed(): PodSeen[] {
    return [...this.pods.values()].filter((pod) => pod.node !== undefined && isActive(pod));
  }

  /** Pods for which the scheduler finds no node. */
  unplaced(): PodSeen[] {
    return [...this.pods.values()].filter(
      (pod) => pod.node === undefined && pod.unschedulable !== undefined && isActive(pod),
    );
  }
}

function isActive({ phase }: PodSeen): boolean {
  return phase === "Pending" || phase === "Running";
}
