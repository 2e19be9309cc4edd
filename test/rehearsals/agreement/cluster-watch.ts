import {
  CoreV1Api,
  type Informer,
  type KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  makeInformer,
  type ObjectCache,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";

/** An object of Kueue with what it says of itself. */
export interface Conditioned extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[]; hard?: object };
}

/** What there is in a namespace, and was. */
interface Seen {
  pods: Map<string, V1Pod>;
  /** Pods of each set that ran at once at the most, by what tells sets apart. */
  most: Map<string, number>;
  changed: number;
}

const ENDING = "succeed after=20ms";

/** Follows pods, and Kueue's records of workloads, in all namespaces by watches, so that no state is missed. */
export class ClusterWatch {
  private readonly seen = new Map<string, Seen>();
  private readonly informers: Informer<KubernetesObject>[] = [];
  private readonly caches = new Map<string, ObjectCache<Conditioned>>();
  private readonly ending = new Set<string>();
  private isStopped = false;

  private constructor(
    private readonly config: KubeConfig,
    private readonly setOf: (pod: V1Pod) => string,
  ) {}

  /** Begins. @param setOf tells sets of pods of one namespace apart. */
  static async start(config: KubeConfig, setOf: (pod: V1Pod) => string): Promise<ClusterWatch> {
    const watch = new ClusterWatch(config, setOf);
    await Promise.all([
      watch.follow("v1", "Pod", "/api/v1/pods"),
      watch.follow("v1", "ResourceQuota", "/api/v1/resourcequotas"),
      watch.follow("v1", "Node", "/api/v1/nodes"),
      ...["Workload", "ClusterQueue", "LocalQueue"].map((kind) =>
        watch.follow(KUEUE, kind, `/apis/${KUEUE}/${kind.toLowerCase()}s`),
      ),
    ]);
    return watch;
  }

  /** Pods of a namespace that are there now. */
  pods(namespace: string): V1Pod[] {
    return [...(this.seen.get(namespace)?.pods.values() ?? [])];
  }

  /** Objects of a followed kind in a namespace; `undefined` for kinds that are in none. */
  objects(kind: string, namespace?: string): Conditioned[] {
    return [...(this.caches.get(kind)?.list(namespace) ?? [])];
  }

  /** Pods of a set that ran at once at the most. */
  most(namespace: string, set: string): number {
    return this.seen.get(namespace)?.most.get(set) ?? 0;
  }

  /** Milliseconds since something changed in a namespace. */
  quiet(namespace: string): number {
    return Date.now() - (this.seen.get(namespace)?.changed ?? 0);
  }

  /** From now on pods of a namespace succeed as soon as they run. */
  end(namespace: string): void {
    this.ending.add(namespace);
    for (const pod of this.pods(namespace)) this.endPod(pod);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  private async follow(apiVersion: string, kind: string, path: string): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(this.config);
    const informer = makeInformer<Conditioned>(this.config, path, () => api.list(apiVersion, kind));
    const note = (object: Conditioned) => {
      this.note(kind, object);
    };
    informer.on("add", note);
    informer.on("update", note);
    informer.on("delete", (object) => {
      this.forget(kind, object);
    });
    informer.on("error", () => {
      if (!this.isStopped) setTimeout(() => void informer.start().catch(() => undefined), 500);
    });
    this.informers.push(informer);
    this.caches.set(kind, informer);
    await informer.start();
  }

  private of(namespace: string): Seen {
    const seen = this.seen.get(namespace) ?? { pods: new Map(), most: new Map(), changed: 0 };
    this.seen.set(namespace, seen);
    return seen;
  }

  private note(kind: string, object: Conditioned): void {
    const { namespace, name } = object.metadata ?? {};
    if (namespace === undefined) return;
    const seen = this.of(namespace);
    seen.changed = Date.now();
    if (kind !== "Pod") return;
    const pod = object as unknown as V1Pod;
    seen.pods.set(name!, pod);
    const set = this.setOf(pod);
    const running = [...seen.pods.values()].filter((each) => isRunning(each) && this.setOf(each) === set).length;
    seen.most.set(set, Math.max(seen.most.get(set) ?? 0, running));
    if (this.ending.has(namespace)) this.endPod(pod);
  }

  private forget(kind: string, { metadata }: KubernetesObject): void {
    if (metadata?.namespace === undefined) return;
    const seen = this.of(metadata.namespace);
    seen.changed = Date.now();
    if (kind === "Pod") seen.pods.delete(metadata.name!);
  }

  private endPod(pod: V1Pod): void {
    const { name = "", namespace = "", annotations } = pod.metadata!;
    if (!isRunning(pod) || annotations?.[SIMULATE] === ENDING) return;
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const body = { metadata: { annotations: { [SIMULATE]: ENDING } } };
    const api = this.config.makeApiClient(CoreV1Api);
    // One that is gone by now has ended.
    void api.patchNamespacedPod({ name, namespace, body }, merge).catch(() => undefined);
  }
}

const KUEUE = "kueue.x-k8s.io/v1beta2";
const SIMULATE = "mlstack.dev/simulate";

/** Whether a pod runs, and is not about to go. */
export function isRunning({ status, metadata }: V1Pod): boolean {
  return status?.phase === "Running" && metadata?.deletionTimestamp === undefined;
}
