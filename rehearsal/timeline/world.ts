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
  /** Workloads whose pods are of use only together, by uid; undefined until somebody asks anew. */
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
    let root = object;
    // An object that owns itself in a circle would never end.
    for (const passed = new Set<string>(); !passed.has(root.uid);) {
      passed.add(root.uid);
      const owner = this.known.get(root.uid)?.owner;
      if (owner === undefined || REPEATING.has(owner.kind)) break;
      root = owner;
    }
    const { kind, namespace, name, uid } = root;
    return { kind, namespace, name, uid };
  }

  /** The workload that a pod is of; the pod itself where nobody made it. */
  workloadOf({ owner, namespace, name, uid }: PodSeen | QueuedSeen): ObjectRef {
    return owner === undefined ? { kind: "Pod", namespace, name, uid } : this.rootOf(owner);
  }

  /** Whether pods of a workload are of use only together. */
  isGang(root: ObjectRef): boolean {
    this.gangs ??= new Set(
      [...this.known.values()].flatMap((owner) => (owner.isGang ? [owner.uid, this.rootOf(owner).uid] : [])),
    );
    return this.gangs.has(root.uid);
  }

  private learn(owner: OwnerSeen): void {
    const before = this.known.get(owner.uid);
    this.known.set(owner.uid, owner);
    // Most of what is seen of an owner is how far it is.
    if (before?.isGang !== owner.isGang || before.owner?.uid !== owner.owner?.uid) this.gangs = undefined;
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
