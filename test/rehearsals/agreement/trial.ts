import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  type V1Pod,
} from "@kubernetes/client-node";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { canTakePods, type ClusterWatch, type Conditioned, isRunning, isTrue } from "./cluster-watch";
import type { DeclaredWorld } from "./declared";
import { roleName, WORK } from "./work-objects";
import type { Work } from "./world";

/** What became of a workload that was alone in its world. */
export interface Outcome {
  /** Pods of each set that ran at once when nothing changed any more, none of them ending. */
  running: number[];
  /** Pods of each set that were there then. */
  created: number[];
  /** What the scheduler, Kueue, controllers and the API server say of those that did not run. */
  reasons: string[];
  /** Whether all of it ran in the end, once pods that ran did end; undefined where that was not tried. */
  ended?: boolean;
  /** Pods of each set that ran at once at the most, until then. */
  most: number[];
}

/** Tells sets of pods of one workload apart. */
export function setOf({ metadata }: V1Pod): string {
  return metadata?.labels?.["jobset.sigs.k8s.io/replicatedjob-name"] ?? "";
}

/**
 * Milliseconds without any change after which nothing is taken to change any more: where all runs, where something waits,
 * and where that is not what was expected, as a machine may be too busy for what is still to come.
 */
const QUIET = { all: 500, some: 2500, unexpected: 20_000 };

/**
 * The same where Karpenter may yet start nodes: it looks at pods that wait every ten seconds, and at several at a time.
 *
 * @see https://github.com/kubernetes-sigs/karpenter/blob/v1.14.1/pkg/controllers/provisioning/controller.go "RequeueAfter"
 */
const QUIET_OF_KARPENTER = 12_500;

/** The same where nothing says why something waits. */
const UNEXPLAINED = 60_000;

/** Milliseconds from one look to the next: at what is followed, and at what must be asked for. */
const LOOK = { followed: 200, asked: 1000 };

/** Milliseconds for a world to come to rest, and for a workload to run to its end. */
const PATIENCE = { rest: 180_000, end: 180_000 };

/** Milliseconds until something is created once more whose webhook did not answer in time, as on a busy machine. */
const RETRY = 1000;

/** Kinds that others name. */
const FIRST = ["Namespace", "ResourceFlavor", "KWOKNodeClass"];

/** By kind, whether an object of a world can be used. */
const READY: Record<string, (object: Conditioned) => boolean> = {
  ResourceQuota: ({ status }) => status?.hard !== undefined,
  Node: (node) => canTakePods("Node", node),
  ClusterQueue: (queue) => isTrue(queue, "Active"),
  LocalQueue: (queue) => isTrue(queue, "Active"),
  NodePool: (pool) => isTrue(pool, "Ready"),
};

function isOfKarpenter({ apiVersion }: Manifest): boolean {
  return apiVersion.startsWith("karpenter.");
}

/** A workload of which it is waited for that it comes to rest. */
interface Resting {
  name: string;
  workload: Manifest;
  /** Pods that are wanted. */
  count: number;
  /** Whether it names a queue. */
  hasRecord: boolean;
  /** Whether Karpenter may start nodes for it. */
  hasKarpenter: boolean;
  /** Milliseconds for which nothing must change where something waits. */
  quiet: number;
}

/** What the API server says where it does not do what it is asked for. */
interface Refused {
  code?: number;
  body?: string;
}

/** Puts workloads into worlds of a cluster and sees what becomes of them. */
export class Trials {
  private readonly api: KubernetesObjectApi;
  private readonly core: CoreV1Api;

  constructor(
    config: KubeConfig,
    private readonly watch: ClusterWatch,
  ) {
    this.api = KubernetesObjectApi.makeApiClient(config);
    this.core = config.makeApiClient(CoreV1Api);
  }

  /**
   * @param hasEnd whether the workload is to run to its end, should it rest with some of its pods waiting.
   * @param isExpected whether it rests as expected; if not, it is given more time, and judged by what it does then.
   */
  async run(
    name: string,
    world: DeclaredWorld,
    work: Work,
    hasEnd: boolean,
    isExpected: (outcome: Outcome) => boolean,
  ): Promise<Outcome> {
    await this.createAll([...world.others.filter((each) => !isOfKarpenter(each)), ...world.nodes]);
    const [workload] = world.workloads;
    const refusal = await this.submit(workload!);
    const count = work.sets.reduce((sum, set) => sum + set.count, 0);
    const resting = { name, workload: workload!, count, hasRecord: work.queue !== undefined };
    const rest = (quiet: number, hasKarpenter: boolean): Promise<string[]> =>
      refusal === undefined ? this.rest({ ...resting, quiet, hasKarpenter }) : Promise.resolve([refusal]);
    const ofKarpenter = world.others.filter(isOfKarpenter);
    const hasKarpenter = ofKarpenter.length > 0;
    if (hasKarpenter) {
      // Which machines it starts depends on the pods that it sees at once: all of them, as the plan takes for granted.
      await rest(QUIET.some, false);
      await this.createAll(ofKarpenter);
    }
    let outcome = this.outcomeOf(name, work, await rest(QUIET.some, hasKarpenter));
    if (!isExpected(outcome)) outcome = this.outcomeOf(name, work, await rest(QUIET.unexpected, hasKarpenter));
    if (hasEnd && refusal === undefined) outcome.ended = await this.runsToItsEnd(name, workload!);
    outcome.most = setsOf(work).map((set) => this.watch.most(name, set));
    return outcome;
  }

  /** Removes a world; what takes long goes on by itself. */
  async remove({ nodes, others }: DeclaredWorld): Promise<void> {
    const clusterWide = [...nodes, ...others].filter(({ metadata }) => metadata.namespace === undefined);
    await Promise.all(clusterWide.map((object) => this.api.delete(object).catch(() => undefined)));
  }

  private outcomeOf(name: string, work: Work, reasons: string[]): Outcome {
    const pods = this.watch.pods(name);
    const countIn = (all: readonly V1Pod[]) =>
      setsOf(work).map(
        (set) => all.filter((pod) => setOf(pod) === set && pod.metadata?.deletionTimestamp === undefined).length,
      );
    return { running: countIn(pods.filter(isRunning)), created: countIn(pods), reasons, most: [] };
  }

  /** Creates objects, and waits until they can be used. */
  private async createAll(objects: readonly Manifest[]): Promise<void> {
    const isFirst = ({ kind }: Manifest) => FIRST.includes(kind);
    for (const object of objects.filter(isFirst)) await this.create(object);
    const later = objects.filter((each) => !isFirst(each));
    await Promise.all(later.map((object) => this.create(object)));
    const deadline = Date.now() + PATIENCE.rest;
    for (let left = later; left.length > 0; left = left.filter((object) => !this.isReady(object))) {
      if (Date.now() > deadline) throw new Error(`not ready in time: ${left.map(titleOf).join(", ")}`);
      await sleep(100);
    }
  }

  private isReady(manifest: Manifest): boolean {
    const object = this.watch.object(manifest);
    return object !== undefined && READY[manifest.kind]!(object);
  }

  private async submit(workload: Manifest): Promise<string | undefined> {
    try {
      await this.create(workload);
      return undefined;
    } catch (error) {
      const { code, body } = error as Refused;
      if (code === undefined || code >= 500) throw error;
      return messageIn(body) ?? String(error);
    }
  }

  /** Creates an object, once more where a webhook did not answer. */
  private async create(object: Manifest): Promise<void> {
    const deadline = Date.now() + PATIENCE.rest;
    for (let isFirst = true; ; isFirst = false) {
      try {
        await this.api.create(structuredClone(object));
        return;
      } catch (error) {
        const { code = 0 } = error as Refused;
        if (!isFirst && code === 409) return;
        if (code < 500 || Date.now() > deadline) throw error;
        await sleep(RETRY);
      }
    }
  }

  /** Waits until nothing changes any more. @returns why not all pods run. */
  private async rest(resting: Resting): Promise<string[]> {
    const { name, count } = resting;
    const pause = Math.max(resting.quiet, resting.hasKarpenter ? QUIET_OF_KARPENTER : 0);
    const begun = Date.now();
    for (;;) {
      await sleep(LOOK.followed);
      const isLate = Date.now() - begun > PATIENCE.rest;
      if (this.watch.isMoving(name) && !isLate) continue;
      const quiet = Math.min(this.watch.quiet(name), Date.now() - begun);
      const pods = this.watch.pods(name);
      if (quiet > QUIET.all && pods.filter(isRunning).length >= count) return [];
      if (quiet < pause && !isLate) continue;
      const reasons = await this.reasonsIn(resting, pods);
      if (reasons !== undefined || quiet > UNEXPLAINED || isLate) return reasons ?? [];
      await sleep(LOOK.asked);
    }
  }

  /** Why pods do not run; undefined where nothing says so of some of them. */
  private async reasonsIn(resting: Resting, pods: readonly V1Pod[]): Promise<string[] | undefined> {
    const { name, workload, count, hasRecord, hasKarpenter } = resting;
    const waiting = pods.filter((pod) => !isRunning(pod));
    const ofPods = waiting.map(({ status }) => {
      const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
      return scheduled?.status === "False" ? `${scheduled.reason}: ${scheduled.message}` : undefined;
    });
    if (ofPods.includes(undefined)) return undefined;
    const records = this.watch.objects("Workload", name);
    const ofQueue = records.flatMap((record) => {
      const reserved = conditionOf(record, "QuotaReserved");
      return reserved?.status === "False" ? [`${reserved.reason}: ${reserved.message}`] : [];
    });
    const isQueued = hasRecord || pods.some(isInQueue);
    // What was given quota goes on.
    const isGated = (text: string | undefined) => text?.startsWith("SchedulingGated") === true;
    const gated = ofPods.filter(isGated).length;
    const hasReserved = records.some((record) => isTrue(record, "QuotaReserved"));
    if (gated > 0 && (isQueued || hasReserved) && ofQueue.length < (hasReserved ? gated : 1)) return undefined;
    const ofKarpenter = hasKarpenter ? await this.refusalsIn(name) : undefined;
    const unheard = waiting.filter(
      (pod, index) => !isGated(ofPods[index]) && ofKarpenter?.has(pod.metadata!.uid!) === false,
    );
    if (unheard.length > 0) return undefined;
    const told = [...ofPods.flatMap((text) => text ?? []), ...ofQueue, ...(ofKarpenter?.values() ?? [])];
    if (pods.length >= count || ofQueue.length > 0) return [...new Set(told)];
    const others = (await this.holdsBack(workload, pods.length)) ?? (await this.warningsIn(name));
    return others.length === 0 ? undefined : [...new Set([...told, ...others])];
  }

  /** Why Karpenter starts no node for pods, by the uid of the pod. */
  private async refusalsIn(namespace: string): Promise<Map<string, string>> {
    const { items } = await this.core.listNamespacedEvent({ namespace, fieldSelector: "reason=FailedScheduling" });
    const own = items.filter(({ source, reportingComponent }) =>
      [source?.component, reportingComponent].includes("karpenter"),
    );
    return new Map(own.map(({ involvedObject, message = "" }) => [involvedObject.uid ?? "", `Karpenter: ${message}`]));
  }

  /** What of a Job says that no more pods are to come: it is held back, or was admitted with fewer. */
  private async holdsBack(workload: Manifest, pods: number): Promise<string[] | undefined> {
    const { apiVersion, kind, metadata } = workload;
    if (kind !== "Job" && kind !== "JobSet") return undefined;
    const { name, namespace } = metadata;
    const held = await this.api.read<KubernetesObject & { spec: { suspend?: boolean; parallelism?: number } }>({
      apiVersion,
      kind,
      metadata: { name, namespace: namespace! },
    });
    const { spec } = held;
    // What names no queue may have been given the one of its namespace.
    if (spec.suspend === true) return isInQueue(held) ? undefined : ["suspended"];
    const isWhole = spec.parallelism !== undefined && pods >= spec.parallelism;
    return isWhole ? [`runs with ${spec.parallelism} pods`] : undefined;
  }

  private async warningsIn(namespace: string): Promise<string[]> {
    const { items } = await this.core.listNamespacedEvent({ namespace, fieldSelector: "type=Warning" });
    const refused = items.filter(({ reason }) => reason === "FailedCreate").map(({ message = "" }) => message);
    // A webhook that did not answer in time is asked again.
    return refused.filter((message) => !message.includes("Internal error"));
  }

  private async runsToItsEnd(namespace: string, { apiVersion, kind }: Manifest): Promise<boolean> {
    this.watch.end(namespace);
    const deadline = Date.now() + PATIENCE.end;
    while (Date.now() < deadline) {
      const object = await this.api.read({ apiVersion, kind, metadata: { name: WORK, namespace } });
      if (["Complete", "Completed"].some((type) => isTrue(object, type))) return true;
      await sleep(500);
    }
    return false;
  }
}

/** Whether something waits for a place in a queue, as Kueue notes it. */
function isInQueue({ metadata }: KubernetesObject): boolean {
  return metadata?.labels?.["kueue.x-k8s.io/queue-name"] !== undefined;
}

function setsOf({ kind, sets }: Work): string[] {
  return sets.map((_, index) => (kind === "JobSet" ? roleName(index) : ""));
}

function conditionOf(object: Conditioned, type: string) {
  return object.status?.conditions?.find((each) => each.type === type);
}

function messageIn(body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  try {
    return (JSON.parse(body) as { message?: string }).message;
  } catch {
    return body;
  }
}

function titleOf({ kind, metadata: { name } }: Manifest): string {
  return `${kind} ${name}`;
}
