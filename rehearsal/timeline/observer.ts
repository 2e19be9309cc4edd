import {
  CoreV1Api,
  CustomObjectsApi,
  type CoreV1Event,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";
import { WatchedList } from "../cluster/watched-list";
import type { Observation, Seen } from "./observation";
import { OWNER_KINDS } from "./owner-kinds";
import { claimSeen, complaintSeen, nodeSeen, ownerSeen, podSeen, queuedSeen } from "./reading";

/** Kueue's workloads, and the requests for nodes of Karpenter. */
const QUEUED = { group: "kueue.x-k8s.io", version: "v1beta2", plural: "workloads" };
const CLAIMS = { group: "karpenter.sh", version: "v1", plural: "nodeclaims" };

/** A type that is watched by its group, version and plural. */
interface WatchedType {
  group: string;
  version: string;
  plural: string;
}

/**
 * Looks at a cluster and tells all that changes: pods, nodes, what makes pods, queues, requests for nodes, warnings. Times are
 * those at which the change became known here, as those of the cluster are in whole seconds.
 */
export class Observer {
  private readonly lists: { stop: () => Promise<void> }[] = [];
  private readonly last = new Map<string, { uid: string; text: string }>();

  /** @param tell called with everything that is seen, in the order in which it is. */
  constructor(
    private readonly config: KubeConfig,
    private readonly tell: (observation: Observation) => void,
  ) {}

  /** Begins, and resolves once all that is there already was told. */
  async start(): Promise<void> {
    const core = this.config.makeApiClient(CoreV1Api);
    // Who made what is known before what was made.
    const owners = await Promise.all(OWNER_KINDS.map(async (type) => ((await this.isServed(type)) ? [type] : [])));
    for (const type of owners.flat()) {
      await this.watchCustom(type, (object) => ownerSeen(object, type.kind));
    }
    if (await this.isServed(QUEUED)) await this.watchCustom(QUEUED, queuedSeen);
    if (await this.isServed(CLAIMS)) await this.watchCustom(CLAIMS, claimSeen);
    await this.watch<V1Node>("/api/v1/nodes", () => core.listNode(), nodeSeen);
    await this.watch<V1Pod>("/api/v1/pods", () => core.listPodForAllNamespaces(), podSeen);
    await this.watch<CoreV1Event>(
      "/api/v1/events",
      () => core.listEventForAllNamespaces(),
      (event) => (event.type === "Warning" ? complaintSeen(event) : undefined),
    );
  }

  /** Looks no longer. */
  async stop(): Promise<void> {
    await Promise.all(this.lists.map((list) => list.stop()));
  }

  private async isServed({ group, version, plural }: WatchedType): Promise<boolean> {
    const custom = this.config.makeApiClient(CustomObjectsApi);
    const served = await custom.getAPIResources({ group, version }).catch(unlessCode(404));
    return served?.resources.some(({ name }) => name === plural) ?? false;
  }

  private async watchCustom(
    { group, version, plural }: WatchedType,
    read: (object: KubernetesObject) => Seen | undefined,
  ): Promise<void> {
    const custom = this.config.makeApiClient(CustomObjectsApi);
    const list = async () =>
      (await custom.listCustomObjectForAllNamespaces({
        group,
        version,
        resourcePlural: plural,
      })) as KubernetesListObject<KubernetesObject>;
    await this.watch(`/apis/${group}/${version}/${plural}`, list, read);
  }

  private async watch<T extends KubernetesObject>(
    path: string,
    list: () => Promise<KubernetesListObject<T>>,
    read: (object: T) => Seen | undefined,
  ): Promise<void> {
    const watched = new WatchedList<T>(this.config, path, list, {
      seen: (object) => {
        this.see(path, object, read(object));
      },
      gone: (object) => {
        this.forget(path, object, read(object));
      },
    });
    this.lists.push(watched);
    await watched.start();
  }

  /** Tells what is other than it was; an object that was made anew meanwhile is another one. */
  private see(path: string, { metadata = {} }: KubernetesObject, seen: Seen | undefined): void {
    if (seen === undefined) return;
    const key = `${path} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
    const before = this.last.get(key);
    const uid = metadata.uid ?? "";
    const text = JSON.stringify(seen);
    if (before?.uid === uid && before.text === text) return;
    if (before !== undefined && before.uid !== uid) {
      this.tell({ ...(JSON.parse(before.text) as Seen), at: Date.now(), isGone: true });
    }
    this.last.set(key, { uid, text });
    this.tell({ ...seen, at: Date.now() });
  }

  private forget(path: string, { metadata = {} }: KubernetesObject, seen: Seen | undefined): void {
    this.last.delete(`${path} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    // That an Event is old enough to be forgotten tells nothing.
    if (seen !== undefined && seen.of !== "complaint") this.tell({ ...seen, at: Date.now(), isGone: true });
  }
}
