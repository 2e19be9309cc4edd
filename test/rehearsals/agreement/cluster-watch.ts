import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
  type V1Taint,
} from "@kubernetes/client-node";
import { WatchedList } from "../../../rehearsal/cluster/watched-list";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { WORLD_LABEL } from "./pool-objects";

/** An object with what it says of itself. */
export interface Conditioned extends KubernetesObject {
  spec?: { taints?: V1Taint[] };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[]; hard?: object };
}

/** What there is in a world, and was. */
interface Seen {
  /** By kind, then by name. */
  objects: Map<string, Map<string, Conditioned>>;
  /** Pods of each set that ran at once at the most, by what tells sets apart. */
  most: Map<string, number>;
  changed: number;
}

/** What is followed, and where it is. */
const FOLLOWED: readonly (readonly [apiVersion: string, kind: string, path: string])[] = [
  ["v1", "Pod", "/api/v1/pods"],
  ["v1", "ResourceQuota", "/api/v1/resourcequotas"],
  ["v1", "ServiceAccount", "/api/v1/serviceaccounts"],
  ["v1", "Node", "/api/v1/nodes"],
  ["kueue.x-k8s.io/v1beta2", "Workload", "/apis/kueue.x-k8s.io/v1beta2/workloads"],
  ["kueue.x-k8s.io/v1beta2", "ClusterQueue", "/apis/kueue.x-k8s.io/v1beta2/clusterqueues"],
  ["kueue.x-k8s.io/v1beta2", "LocalQueue", "/apis/kueue.x-k8s.io/v1beta2/localqueues"],
  ["karpenter.kwok.sh/v1alpha1", "KWOKNodeClass", "/apis/karpenter.kwok.sh/v1alpha1/kwoknodeclasses"],
  ["karpenter.sh/v1", "NodePool", "/apis/karpenter.sh/v1/nodepools"],
  ["karpenter.sh/v1", "NodeClaim", "/apis/karpenter.sh/v1/nodeclaims"],
];

/** Machines of a world, and what they say once pods can come. */
const MACHINES: ReadonlyMap<string, string> = new Map([
  ["Node", "Ready"],
  ["NodeClaim", "Initialized"],
]);

/**
 * Taints that controllers put on nodes for a while: on each new one, on one whose lease came too late, as it does on a busy
 * machine, and on those that start or go.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions (Kubernetes 1.36)
 * @see https://karpenter.sh/v1.14/concepts/disruption/
 */
const PASSING_TAINTS = ["node.kubernetes.io/", "karpenter.sh/"];

const ENDING = "succeed after=20ms";

/** Follows what is in all worlds by watches, so that no state is missed. */
export class ClusterWatch {
  private readonly seen = new Map<string, Seen>();
  private readonly lists: WatchedList<KubernetesObject>[];
  private readonly ending = new Set<string>();
  private readonly core: CoreV1Api;

  private constructor(
    config: KubeConfig,
    private readonly setOf: (pod: V1Pod) => string,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
    const api = KubernetesObjectApi.makeApiClient(config);
    this.lists = FOLLOWED.map(([apiVersion, kind, path]) => {
      const handlers = {
        seen: (object: Conditioned) => {
          this.note(kind, object);
        },
        gone: (object: Conditioned) => {
          this.forget(kind, object);
        },
      };
      return new WatchedList<KubernetesObject>(config, path, () => api.list(apiVersion, kind), handlers);
    });
  }

  /** Begins. @param setOf tells sets of pods of one world apart. */
  static async start(config: KubeConfig, setOf: (pod: V1Pod) => string): Promise<ClusterWatch> {
    const watch = new ClusterWatch(config, setOf);
    await Promise.all(watch.lists.map((list) => list.start()));
    return watch;
  }

  async stop(): Promise<void> {
    await Promise.all(this.lists.map((list) => list.stop()));
  }

  /** Pods of a world that are there now. */
  pods(world: string): V1Pod[] {
    return this.objects("Pod", world) as unknown as V1Pod[];
  }

  /** Objects of a followed kind in a world. */
  objects(kind: string, world: string): Conditioned[] {
    return [...(this.of(world).objects.get(kind)?.values() ?? [])];
  }

  /** An object as it is followed. */
  object({ kind, metadata }: Manifest): Conditioned | undefined {
    return this.of(worldOf({ metadata })).objects.get(kind)?.get(metadata.name);
  }

  /** Pods of a set that ran at once at the most. */
  most(world: string, set: string): number {
    return this.of(world).most.get(set) ?? 0;
  }

  /** Milliseconds since something changed in a world that pods depend on. */
  quiet(world: string): number {
    return Date.now() - this.of(world).changed;
  }

  /** Whether machines of a world are about to take pods, or to go, or pods that have a machine are about to run. */
  isMoving(world: string): boolean {
    if (this.pods(world).some(({ spec, status }) => spec?.nodeName !== undefined && status?.phase === "Pending"))
      return true;
    return [...MACHINES.keys()].some((kind) => this.objects(kind, world).some((each) => !canTakePods(kind, each)));
  }

  /** From now on pods of a world succeed as soon as they run. */
  end(world: string): void {
    this.ending.add(world);
    for (const pod of this.pods(world)) this.endPod(pod);
  }

  private of(world: string): Seen {
    let seen = this.seen.get(world);
    if (seen === undefined) this.seen.set(world, (seen = { objects: new Map(), most: new Map(), changed: 0 }));
    return seen;
  }

  private note(kind: string, object: Conditioned): void {
    const name = object.metadata!.name!;
    const world = worldOf(object);
    const seen = this.of(world);
    const ofKind = seen.objects.get(kind) ?? new Map<string, Conditioned>();
    seen.objects.set(kind, ofKind);
    const before = ofKind.get(name);
    ofKind.set(name, object);
    // Machines say again and again that they are well.
    const isNews = before === undefined || !MACHINES.has(kind) || stateOf(kind, before) !== stateOf(kind, object);
    if (isNews) seen.changed = Date.now();
    if (kind !== "Pod") return;
    const pod = object as unknown as V1Pod;
    const set = this.setOf(pod);
    const running = this.pods(world).filter((each) => isRunning(each) && this.setOf(each) === set).length;
    seen.most.set(set, Math.max(seen.most.get(set) ?? 0, running));
    if (this.ending.has(world)) this.endPod(pod);
  }

  private forget(kind: string, object: Conditioned): void {
    const seen = this.of(worldOf(object));
    seen.changed = Date.now();
    seen.objects.get(kind)?.delete(object.metadata!.name!);
  }

  private endPod(pod: V1Pod): void {
    const { name = "", namespace = "", annotations } = pod.metadata!;
    if (!isRunning(pod) || annotations?.[SIMULATE] === ENDING) return;
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const body = { metadata: { annotations: { [SIMULATE]: ENDING } } };
    // One that is gone by now has ended.
    void this.core.patchNamespacedPod({ name, namespace, body }, merge).catch(() => undefined);
  }
}

const SIMULATE = "mlstack.dev/simulate";

/** The world that an object is in; `""` where nothing tells it. */
function worldOf({ metadata }: Pick<KubernetesObject, "metadata">): string {
  return metadata?.namespace ?? metadata?.labels?.[WORLD_LABEL] ?? "";
}

/** Whether a pod runs, and is not about to go. */
export function isRunning({ status, metadata }: V1Pod): boolean {
  return status?.phase === "Running" && metadata?.deletionTimestamp === undefined;
}

/** Whether an object says that something is true of it. */
export function isTrue(object: Conditioned, type: string): boolean {
  return object.status?.conditions?.some((each) => each.type === type && each.status === "True") === true;
}

/** Whether nothing keeps pods off a machine, but what it was declared with. */
export function canTakePods(kind: string, machine: Conditioned): boolean {
  const isClean = !taintsOf(machine).some((key) => PASSING_TAINTS.some((prefix) => key.startsWith(prefix)));
  return isTrue(machine, MACHINES.get(kind)!) && isClean && machine.metadata?.deletionTimestamp === undefined;
}

/** What pods depend on of a machine. */
function stateOf(kind: string, machine: Conditioned): string {
  return [isTrue(machine, MACHINES.get(kind)!), machine.metadata?.deletionTimestamp, ...taintsOf(machine)].join();
}

function taintsOf({ spec }: Conditioned): string[] {
  return (spec?.taints ?? []).map(({ key }) => key);
}
