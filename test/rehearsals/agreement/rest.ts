import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  type V1Pod,
} from "@kubernetes/client-node";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { type ClusterWatch, type Conditioned, isRunning, isTrue } from "./cluster-watch";

/**
 * Milliseconds without any change after which nothing is taken to change any more: where all runs, where something waits,
 * and where that is not what was expected, as a machine may be too busy for what is still to come.
 */
export const QUIET = { all: 500, some: 2500, unexpected: 20_000 };

/**
 * The same where Karpenter may yet start nodes: it looks at pods that wait every ten seconds, and waits up to ten more for
 * others. That it refused a pod may be older than the NodePools of its world, as it says so once in five minutes.
 *
 * @see https://github.com/kubernetes-sigs/karpenter/blob/v1.14.1/pkg/controllers/provisioning/controller.go "RequeueAfter"
 * @see https://karpenter.sh/v1.14/reference/settings/ "BATCH_MAX_DURATION"
 */
const QUIET_OF_KARPENTER = 25_000;

/** The same where nothing says why something waits. */
const UNEXPLAINED = 60_000;

/** Milliseconds from one look to the next: at what is followed, and at what must be asked for. */
const LOOK = { followed: 200, asked: 1000 };

/** Milliseconds for a workload to come to rest. */
const PATIENCE = 300_000;

/** A workload of which it is waited for that it comes to rest. */
export interface Resting {
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

/** Waits until workloads come to rest, and tells why some of their pods do not run. */
export class Rest {
  private readonly api: KubernetesObjectApi;
  private readonly core: CoreV1Api;

  constructor(
    config: KubeConfig,
    private readonly watch: ClusterWatch,
  ) {
    this.api = KubernetesObjectApi.makeApiClient(config);
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Waits until nothing changes any more. @returns why not all pods run. @throws Error where it goes on changing. */
  async of(resting: Resting): Promise<string[]> {
    const { name, count } = resting;
    const pause = Math.max(resting.quiet, resting.hasKarpenter ? QUIET_OF_KARPENTER : 0);
    const begun = Date.now();
    for (;;) {
      await sleep(LOOK.followed);
      if (Date.now() - begun > PATIENCE) throw new Error(`${name} did not come to rest in ${PATIENCE / 1000} s`);
      if (this.watch.isMoving(name)) continue;
      const quiet = Math.min(this.watch.quiet(name), Date.now() - begun);
      const pods = this.watch.pods(name);
      if (quiet > QUIET.all && pods.filter(isRunning).length >= count) return [];
      if (quiet < pause) continue;
      const reasons = await this.reasonsIn(resting, pods);
      if (reasons !== undefined || quiet > UNEXPLAINED) return reasons ?? [];
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
    const isGated = (text: string | undefined) => text?.startsWith("SchedulingGated") === true;
    const gated = ofPods.filter(isGated).length;
    const withoutQuota = records.filter((record) => !isTrue(record, "QuotaReserved")).length;
    // What was given quota goes on. Of records that are alike Kueue tries the first, and says nothing of the others.
    const isHeld = ofQueue.length > 0 && (withoutQuota === records.length || withoutQuota >= gated);
    if (gated > 0 && (isQueued || withoutQuota < records.length) && !isHeld) return undefined;
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
}

/** Whether something waits for a place in a queue, as Kueue notes it. */
function isInQueue({ metadata }: KubernetesObject): boolean {
  return metadata?.labels?.["kueue.x-k8s.io/queue-name"] !== undefined;
}

function conditionOf(object: Conditioned, type: string) {
  return object.status?.conditions?.find((each) => each.type === type);
}
