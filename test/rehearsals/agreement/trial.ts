import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  type V1Pod,
} from "@kubernetes/client-node";
import type { DeclaredStack, Manifest } from "../../preflight/placement-differential/stack";
import { type ClusterWatch, type Conditioned, isRunning } from "./cluster-watch";
import { roleName, WORK, type Work } from "./world";

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

/** Milliseconds without any change after which nothing is taken to change any more: where all runs, or something waits. */
const QUIET = { all: 500, some: 2500 };

/** The same where nothing says why something waits. */
const UNEXPLAINED = 60_000;

/** Milliseconds for a world to come to rest, and for a workload to run to its end. */
const PATIENCE = { rest: 120_000, end: 120_000 };

/** Milliseconds until something is created once more whose webhook did not answer in time, as on a busy machine. */
const RETRY = 1000;

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
   */
  async run(name: string, stack: DeclaredStack, work: Work, hasEnd: boolean): Promise<Outcome> {
    await this.prepare(stack);
    const sets = work.sets.map((_, index) => (work.kind === "JobSet" ? roleName(index) : ""));
    const refusal = await this.submit(stack.workloads[0]!);
    const wanted = work.sets.map(({ count }) => count);
    const reasons =
      refusal === undefined ? await this.rest(name, stack.workloads[0]!, wanted, work.queue !== undefined) : [refusal];
    const pods = this.watch.pods(name);
    const countIn = (all: readonly V1Pod[]) =>
      sets.map(
        (set) => all.filter((pod) => setOf(pod) === set && pod.metadata?.deletionTimestamp === undefined).length,
      );
    const outcome: Outcome = { running: countIn(pods.filter(isRunning)), created: countIn(pods), reasons, most: [] };
    if (hasEnd && refusal === undefined) outcome.ended = await this.runsToItsEnd(name, stack.workloads[0]!);
    outcome.most = sets.map((set) => this.watch.most(name, set));
    return outcome;
  }

  /** Removes a world; what takes long goes on by itself. */
  async remove({ nodes, others }: DeclaredStack): Promise<void> {
    const clusterWide = [...nodes, ...others].filter(({ metadata }) => metadata.namespace === undefined);
    await Promise.all(clusterWide.map((object) => this.api.delete(object).catch(() => undefined)));
  }

  private async prepare({ nodes, others }: DeclaredStack): Promise<void> {
    const isFirst = ({ kind }: Manifest) => kind === "Namespace" || kind === "ResourceFlavor";
    for (const object of others.filter(isFirst)) await this.create(object);
    const later = [...nodes, ...others.filter((each) => !isFirst(each))];
    await Promise.all(later.map((object) => this.create(object)));
    const deadline = Date.now() + PATIENCE.rest;
    for (let left = later; left.length > 0; left = left.filter((object) => !this.isReady(object))) {
      if (Date.now() > deadline) throw new Error(`not ready in time: ${left.map(titleOf).join(", ")}`);
      await sleep(100);
    }
  }

  private isReady({ kind, metadata: { name, namespace } }: Manifest): boolean {
    const object = this.watch.objects(kind, namespace).find(({ metadata }) => metadata?.name === name);
    if (object === undefined) return false;
    if (kind === "ResourceQuota") return object.status?.hard !== undefined;
    return isTrue(object, kind === "Node" ? "Ready" : "Active");
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
  private async rest(
    name: string,
    workload: Manifest,
    wanted: readonly number[],
    hasRecord: boolean,
  ): Promise<string[]> {
    const count = wanted.reduce((sum, each) => sum + each, 0);
    const submitted = Date.now();
    for (;;) {
      await sleep(200);
      const quiet = Math.min(this.watch.quiet(name), Date.now() - submitted);
      const pods = this.watch.pods(name);
      if (quiet > QUIET.all && pods.filter(isRunning).length >= count) return [];
      if (quiet < QUIET.some) continue;
      const reasons = await this.reasonsIn(name, workload, pods, count, hasRecord);
      const isLate = Date.now() - submitted > PATIENCE.rest;
      if (reasons !== undefined || quiet > UNEXPLAINED || isLate) return reasons ?? [];
    }
  }

  /** Why pods do not run; undefined where nothing says so of some of them. */
  private async reasonsIn(
    name: string,
    workload: Manifest,
    pods: readonly V1Pod[],
    count: number,
    hasRecord: boolean,
  ): Promise<string[] | undefined> {
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
    // What was given quota goes on.
    const gated = ofPods.filter((text) => text?.startsWith("SchedulingGated") === true).length;
    const hasReserved = records.some((record) => isTrue(record, "QuotaReserved"));
    if (gated > 0 && (hasRecord || hasReserved) && ofQueue.length < (hasReserved ? gated : 1)) return undefined;
    const told = [...ofPods.flatMap((text) => text ?? []), ...ofQueue];
    if (pods.length >= count || ofQueue.length > 0) return [...new Set(told)];
    const others = (await this.holdsBack(workload, pods.length, hasRecord)) ?? (await this.warningsIn(name));
    return others.length === 0 ? undefined : [...new Set([...told, ...others])];
  }

  /** What of a Job says that no more pods are to come: it is held back, or was admitted with fewer. */
  private async holdsBack(workload: Manifest, pods: number, hasRecord: boolean): Promise<string[] | undefined> {
    const { apiVersion, kind, metadata } = workload;
    if (kind !== "Job" && kind !== "JobSet") return undefined;
    const { name, namespace } = metadata;
    const { spec } = await this.api.read<KubernetesObject & { spec: { suspend?: boolean; parallelism?: number } }>({
      apiVersion,
      kind,
      metadata: { name, namespace: namespace! },
    });
    if (spec.suspend === true) return hasRecord ? undefined : ["suspended"];
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

function conditionOf(object: Conditioned, type: string) {
  return object.status?.conditions?.find((each) => each.type === type);
}

function isTrue(object: Conditioned, type: string): boolean {
  return conditionOf(object, type)?.status === "True";
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
