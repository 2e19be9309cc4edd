import { QUEUE_LABEL } from "../../components/model";
import {
  definitionName,
  DRAIN_PHASES,
  type DrainPhase,
  PLATFORM_TYPES,
  type PlatformType,
} from "../../components/model/platform-types";
import type { ClusterObject, ClusterObjects } from "./cluster-objects";
import type { Remaining } from "./drain-stages";
import { definitionsIn, groupOf, keyOf, keysOfHeld } from "./held-objects";
import type { StateResource } from "./state";

/** Type of what Kueue makes of everything that waits in a queue; with it, the platform has queues. */
const KUEUE_WORKLOADS = "workloads.kueue.x-k8s.io";

const PROFILES = "profiles.kubeflow.org";

/** A kind of Kubernetes' own of which objects may wait in queues of the platform. */
interface QueuedKind {
  apiVersion: string;
  kind: string;
  phase: DrainPhase;
  /** Whether objects without the label may make some with it. */
  makesQueued?: boolean;
}

/** Kueue would make a Workload again for each of these, and hold its queue. */
const QUEUED_KINDS: QueuedKind[] = [
  { apiVersion: "batch/v1", kind: "CronJob", phase: "schedules", makesQueued: true },
  { apiVersion: "batch/v1", kind: "Job", phase: "workloads" },
  { apiVersion: "apps/v1", kind: "Deployment", phase: "workloads" },
  { apiVersion: "apps/v1", kind: "StatefulSet", phase: "workloads" },
  { apiVersion: "v1", kind: "Pod", phase: "workloads" },
];

/** What becomes of an object when the cluster is drained. */
type Fate = "is deleted" | "goes with another" | "stays";

/**
 * The custom resources that a drain deletes: of types that parts of the platform brought and the stack's state holds, but
 * not those that the state itself holds, nor what belongs to something that stays.
 */
export class PlatformObjects {
  private readonly types: PlatformType[];
  private readonly hasProfiles: boolean;
  private readonly held: Set<string>;
  private readonly queuedKinds: QueuedKind[];

  /** @param resources The state of the stack; of types that are not in it, somebody else is the owner. */
  constructor(resources: StateResource[]) {
    const definitions = new Set(definitionsIn(resources).map(({ name }) => name));
    this.types = PLATFORM_TYPES.filter((type) => definitions.has(definitionName(type)));
    this.hasProfiles = definitions.has(PROFILES);
    this.held = keysOfHeld(resources);
    this.queuedKinds = definitions.has(KUEUE_WORKLOADS) ? QUEUED_KINDS : [];
  }

  /** Phases in which there may be something, in the order of the drain. */
  get phases(): DrainPhase[] {
    const own = new Set([...this.types, ...this.queuedKinds].map(({ phase }) => phase));
    return DRAIN_PHASES.filter((phase) => own.has(phase));
  }

  /** What remains of one phase on a cluster. */
  async remaining(cluster: ClusterObjects, phase: DrainPhase): Promise<Remaining[]> {
    const look = new Look(cluster, this.types, this.queuedKinds, this.held);
    const lists = await Promise.all([
      ...this.types.filter((type) => type.phase === phase).map((type) => look.ofType(type)),
      ...this.queuedKinds.filter((kind) => kind.phase === phase).map((kind) => look.ofQueuedKind(kind)),
    ]);
    const fates = await Promise.all(lists.flat().map(async (object) => [object, await look.fateOf(object)] as const));
    return fates
      .filter(([, fate]) => fate !== "stays")
      .map(([object, fate]) => ({ object, ours: fate === "is deleted" }));
  }

  /** Profiles that the state does not hold: with each goes a namespace, so that the drain leaves them alone. */
  async profilesOfOthers(cluster: ClusterObjects): Promise<ClusterObject[]> {
    const served = this.hasProfiles ? await cluster.servedType(PROFILES) : undefined;
    const profiles = served === undefined ? [] : await cluster.list(served.apiVersion, served.kind);
    return profiles.filter((profile) => !this.held.has(keyOf(profile)));
  }
}

/** One look at a cluster: each list is asked for once, and only where it is needed. */
class Look {
  private readonly lists = new Map<string, Promise<ClusterObject[]>>();

  constructor(
    private readonly cluster: ClusterObjects,
    private readonly types: PlatformType[],
    private readonly queuedKinds: QueuedKind[],
    private readonly held: Set<string>,
  ) {}

  ofType(type: PlatformType): Promise<ClusterObject[]> {
    return this.once(definitionName(type), async () => {
      const served = await this.cluster.servedType(definitionName(type));
      return served === undefined ? [] : this.cluster.list(served.apiVersion, served.kind);
    });
  }

  ofQueuedKind({ apiVersion, kind, makesQueued = false }: QueuedKind): Promise<ClusterObject[]> {
    return this.once(`${apiVersion} ${kind}`, async () => {
      const objects = await this.cluster.list(apiVersion, kind, makesQueued ? {} : { label: QUEUE_LABEL });
      return objects.filter(isQueued);
    });
  }

  /** Of an object that a controller made for another, the fate is that of the other. */
  async fateOf(object: ClusterObject): Promise<Fate> {
    if (this.held.has(keyOf(object))) return "stays";
    const owners = object.metadata?.ownerReferences ?? [];
    const maker = owners.find(({ controller }) => controller === true) ?? owners[0];
    if (maker === undefined) return "is deleted";
    const group = groupOf(maker.apiVersion);
    const type = this.types.find((each) => each.group === group && each.kind === maker.kind);
    const queued = this.queuedKinds.find((each) => groupOf(each.apiVersion) === group && each.kind === maker.kind);
    const candidates = type ? await this.ofType(type) : queued ? await this.ofQueuedKind(queued) : [];
    const found = candidates.find(({ metadata }) => metadata?.uid === maker.uid);
    if (found !== undefined) return (await this.fateOf(found)) === "stays" ? "stays" : "goes with another";
    // A maker that is gone makes nothing again, and the garbage collector may take its time; others are not drained.
    return type === undefined ? "stays" : "is deleted";
  }

  private once(key: string, ask: () => Promise<ClusterObject[]>): Promise<ClusterObject[]> {
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    this.lists.set(key, asked);
    return asked;
  }
}

function isQueued({ metadata, spec }: ClusterObject): boolean {
  const template = (spec?.["jobTemplate"] ?? {}) as { metadata?: { labels?: Record<string, string> } };
  return [metadata?.labels, template.metadata?.labels].some((labels) => labels?.[QUEUE_LABEL] !== undefined);
}
