import { setTimeout as sleep } from "node:timers/promises";
import { type KubeConfig, KubernetesObjectApi, type V1Pod } from "@kubernetes/client-node";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { canTakePods, type ClusterWatch, type Conditioned, isRunning, isTrue } from "./cluster-watch";
import type { DeclaredWorld } from "./declared";
import { QUIET, Rest } from "./rest";
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

/** Milliseconds for objects of a world to be of use, for each pod of a workload to run to its end, and for pods to go. */
const PATIENCE = { ready: 180_000, end: 60_000, pods: 20_000 };

/** Milliseconds from one look at what is followed to the next. */
const LOOK = 100;

/** Milliseconds until something is created once more whose webhook did not answer in time, as on a busy machine. */
const RETRY = 1000;

/** Kinds that others name. */
const FIRST = ["Namespace", "ResourceFlavor", "KWOKNodeClass"];

/** By kind, whether an object of a world can be used. */
const READY: Record<string, (object: Conditioned) => boolean> = {
  ResourceQuota: ({ status }) => status?.hard !== undefined,
  Node: (node) => canTakePods("Node", node),
  ServiceAccount: () => true,
  ClusterQueue: (queue) => isTrue(queue, "Active"),
  LocalQueue: (queue) => isTrue(queue, "Active"),
  NodePool: (pool) => isTrue(pool, "Ready"),
};

/** What pods run as where they do not say it; a controller makes it, and none comes before. */
function podAccountOf(namespace: string): Manifest {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } };
}

function isOfKarpenter({ apiVersion }: Manifest): boolean {
  return apiVersion.startsWith("karpenter.");
}

/** What the API server says where it does not do what it is asked for. */
interface Refused {
  code?: number;
  body?: string;
}

/** Puts workloads into worlds of a cluster and sees what becomes of them. */
export class Trials {
  private readonly api: KubernetesObjectApi;
  private readonly rest: Rest;

  constructor(
    config: KubeConfig,
    private readonly watch: ClusterWatch,
  ) {
    this.api = KubernetesObjectApi.makeApiClient(config);
    this.rest = new Rest(config, watch);
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
    await this.untilReady([podAccountOf(name)]);
    const [workload] = world.workloads;
    const refusal = await this.submit(workload!);
    const count = work.sets.reduce((sum, set) => sum + set.count, 0);
    const resting = { name, workload: workload!, count, hasRecord: work.queue !== undefined };
    const rest = (quiet: number, hasKarpenter: boolean): Promise<string[]> =>
      refusal === undefined ? this.rest.of({ ...resting, quiet, hasKarpenter }) : Promise.resolve([refusal]);
    const ofKarpenter = world.others.filter(isOfKarpenter);
    const hasKarpenter = ofKarpenter.length > 0;
    if (hasKarpenter) {
      // Which machines it starts depends on the pods that it sees at once: all of them, as the plan takes for granted.
      await rest(QUIET.some, false);
      await this.createAll(ofKarpenter);
    }
    let outcome = this.outcomeOf(name, work, await rest(QUIET.some, hasKarpenter));
    if (!isExpected(outcome)) outcome = this.outcomeOf(name, work, await rest(QUIET.unexpected, hasKarpenter));
    if (hasEnd && refusal === undefined) outcome.ended = await this.runsToItsEnd(name, workload!, count);
    outcome.most = this.mostOf(name, work);
    return outcome;
  }

  /** Removes a world, its pods first: nodes that still have some are drained. What takes long goes on by itself. */
  async remove(name: string, { nodes, workloads, others }: DeclaredWorld): Promise<void> {
    await Promise.all(workloads.map((workload) => this.delete(workload)));
    const deadline = Date.now() + PATIENCE.pods;
    while (this.watch.pods(name).length > 0 && Date.now() < deadline) await sleep(LOOK);
    const clusterWide = [...nodes, ...others].filter(({ metadata }) => metadata.namespace === undefined);
    await Promise.all(clusterWide.map((object) => this.delete(object)));
  }

  /** Deletes an object with all that it made; one that is gone already stays so. */
  private async delete(object: Manifest): Promise<void> {
    const none = [undefined, undefined, undefined, undefined] as const;
    await this.api.delete(object, ...none, "Background").catch(() => undefined);
  }

  private outcomeOf(name: string, work: Work, reasons: string[]): Outcome {
    const pods = this.watch.pods(name);
    const countIn = (all: readonly V1Pod[]) =>
      setsOf(work).map(
        (set) => all.filter((pod) => setOf(pod) === set && pod.metadata?.deletionTimestamp === undefined).length,
      );
    const most = this.mostOf(name, work);
    return { running: countIn(pods.filter(isRunning)), created: countIn(pods), reasons, most };
  }

  private mostOf(name: string, work: Work): number[] {
    return setsOf(work).map((set) => this.watch.most(name, set));
  }

  /** Creates objects, and waits until they can be used. */
  private async createAll(objects: readonly Manifest[]): Promise<void> {
    const isFirst = ({ kind }: Manifest) => FIRST.includes(kind);
    for (const object of objects.filter(isFirst)) await this.create(object);
    const later = objects.filter((each) => !isFirst(each));
    await Promise.all(later.map((object) => this.create(object)));
    await this.untilReady(later);
  }

  private async untilReady(objects: readonly Manifest[]): Promise<void> {
    const deadline = Date.now() + PATIENCE.ready;
    for (let left = objects; left.length > 0; left = left.filter((object) => !this.isReady(object))) {
      if (Date.now() > deadline) throw new Error(`not ready in time: ${left.map(titleOf).join(", ")}`);
      await sleep(LOOK);
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
    const deadline = Date.now() + PATIENCE.ready;
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

  private async runsToItsEnd(namespace: string, { apiVersion, kind }: Manifest, pods: number): Promise<boolean> {
    this.watch.end(namespace);
    // They may run one after the other, each after a pause of the scheduler.
    const deadline = Date.now() + pods * PATIENCE.end;
    while (Date.now() < deadline) {
      const object = await this.api.read({ apiVersion, kind, metadata: { name: WORK, namespace } });
      if (["Complete", "Completed"].some((type) => isTrue(object, type))) return true;
      await sleep(500);
    }
    return false;
  }
}

function setsOf({ kind, sets }: Work): string[] {
  return sets.map((_, index) => (kind === "JobSet" ? roleName(index) : ""));
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
