/** An object as owners name it. */
export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
}

/** What is seen of a pod. */
export interface PodSeen extends Omit<ObjectRef, "kind"> {
  of: "pod";
  /** Who made it; undefined for a pod of its own. */
  owner: ObjectRef | undefined;
  phase: "Pending" | "Running" | "Succeeded" | "Failed";
  /** Node that it is bound to. */
  node: string | undefined;
  gpus: number;
  /** Times that its containers were started anew. */
  restarts: number;
  isReady: boolean;
  /** Whether it is to go. */
  isLeaving: boolean;
  /** What it was told to do: the annotation `mlstack.dev/simulate`. */
  simulate: string | undefined;
  /** Whether its images never come, so that it stays pending on its node. */
  isWithoutImage: boolean;
  /** Why the scheduler finds no node. */
  unschedulable: string | undefined;
  /** Why it was pushed off its node: reason of the condition `DisruptionTarget`. */
  disruption: string | undefined;
}

/** What is seen of a node. */
export interface NodeSeen {
  of: "node";
  uid: string;
  name: string;
  instanceType: string;
  pool: string;
  capacityType: string;
  zone: string;
  gpus: number;
  isReady: boolean;
}

/** What is seen of an object that makes pods, or makes what makes them. */
export interface OwnerSeen extends ObjectRef {
  of: "owner";
  owner: ObjectRef | undefined;
  /** How it ended; undefined while it goes on. */
  ended: "succeeded" | "failed" | undefined;
  /** Why, in the words of its controller. */
  reason: string | undefined;
  /** Whether its pods are of use only together. */
  isGang: boolean;
  /** Failed pods that its controller counted. */
  failures: number;
}

/** What is seen of a Workload of Kueue, which waits in a queue in the place of its owner. */
export interface QueuedSeen extends Omit<ObjectRef, "kind"> {
  of: "queued";
  owner: ObjectRef | undefined;
  /** LocalQueue that it waits in. */
  queue: string;
  isAdmitted: boolean;
  isFinished: boolean;
  /** Why it waits. */
  waitsFor: string | undefined;
  /** Why it was last told to give its place back: reason and message, with the time that Kueue says. */
  evicted: { reason: string; message: string; since: string } | undefined;
}

/** What is seen of a request for a node: a NodeClaim of Karpenter. */
export interface ClaimSeen {
  of: "claim";
  uid: string;
  name: string;
  pool: string;
  /** Node that came of it. */
  node: string | undefined;
}

/** A warning about an object: an Event. */
export interface ComplaintSeen {
  of: "complaint";
  uid: string;
  about: ObjectRef;
  reason: string;
  message: string;
}

/** A workload of the scenario came, or was refused. */
export interface ArrivalSeen {
  of: "arrival";
  /** Name in the scenario, and the number where it comes several times. */
  name: string;
  /** What was created that brings pods. */
  objects: Omit<ObjectRef, "uid">[];
  /** Why the API server takes it not. */
  refused: string | undefined;
}

/** Something went wrong on purpose. It is seen once it was done. */
export interface FaultSeen {
  of: "fault";
  kind: string;
  /** When it began, in milliseconds of the clock of this machine. */
  since: number;
  /** Names of the nodes that it takes; absent where it takes none. */
  nodes?: readonly string[];
  /** Pods of controllers that it killed, by uid; absent where it killed none. */
  controllers?: readonly string[];
  /** Pods whose images it keeps away, by a pattern of their names; absent where it keeps none away. */
  imagesOf?: string;
  /** What was done, or why it could not be. */
  did: string;
  happened: boolean;
}

/** What an object may look like. */
export type ObjectSeen = PodSeen | NodeSeen | OwnerSeen | QueuedSeen | ClaimSeen;

/** What may be seen of a rehearsal. */
export type Seen = ObjectSeen | ComplaintSeen | ArrivalSeen | FaultSeen;

/** Something that was seen, with the time: milliseconds of the clock of this machine. */
export type Observation = Seen & { at: number; isGone?: true };
