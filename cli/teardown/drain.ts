import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { Problem } from "../../rehearsal/problem";
import type { Step } from "../progress";
import { listed } from "./listed";
import { type ClusterObject, ClusterObjects, isTransient, objectTitle, refusalOf } from "./cluster-objects";
import { DRAIN_STAGES, type DrainStage, type Hanging, type Remaining } from "./drain-stages";

/** How patiently a cluster is drained. */
export interface DrainOptions {
  /** Milliseconds that each stage may take; 20 minutes by default, as machines with many GPUs end slowly. */
  timeout?: number;
  /** Milliseconds between two looks; 2 seconds by default. */
  interval?: number;
  /**
   * Milliseconds after which finalizers are taken off, for clusters on which no controller runs; never by default, as
   * whatever a finalizer guards would then stay, and cost money.
   */
  forceAfter?: number;
}

/**
 * Removes from a cluster what Pulumi knows nothing of and what goes only as long as controllers live: load balancers,
 * volumes and machines, which keep AWS resources alive, and the custom resources of a platform. Objects are deleted the
 * ordinary way and waited for, so that their controllers clean up.
 */
export class Drain {
  private readonly cluster: ClusterObjects;
  private readonly timeout: number;
  private readonly interval: number;
  private readonly forceAfter: number;

  constructor(config: KubeConfig, options: DrainOptions = {}) {
    const { timeout = 20 * 60_000, interval = 2000, forceAfter = Infinity } = options;
    this.cluster = new ClusterObjects(config);
    this.timeout = timeout;
    this.interval = interval;
    this.forceAfter = forceAfter;
  }

  /** Makes sure, before anything is deleted, that the cluster can be drained. @throws {Problem} when it can not. */
  reach(): Promise<void> {
    return this.cluster.reach();
  }

  /**
   * The steps of the drain, for `runSteps`.
   *
   * They throw a {@link Problem} when the cluster does not answer, refuses, or when something does not go in time.
   */
  steps(stages: DrainStage[] = DRAIN_STAGES): Step[] {
    return stages.map((stage) => ({
      title: stage.title,
      typical: stage.typical,
      run: (tell) => this.clear(stage, tell),
    }));
  }

  private async clear(stage: DrainStage, tell: (doing: string) => void): Promise<string> {
    const started = Date.now();
    const deadline = started + this.timeout;
    const seen = new Set<string>();
    const forced = new Set<string>();
    const refusals = new Map<string, string>();
    for (;;) {
      const remaining = await this.look(stage, { deadline, refusals, tell });
      if (remaining?.length === 0) return outcome(seen.size, forced.size);
      if (remaining !== undefined) {
        for (const { object } of remaining) seen.add(identityOf(object));
        tell(`waiting for ${listed(remaining.map(({ object }) => objectTitle(object)))}`);
        if (Date.now() > deadline) throw await this.hanging(stage, remaining, refusals);
        if (Date.now() > started + this.forceAfter) await this.force(remaining, forced);
      }
      await sleep(this.interval);
    }
  }

  /** Looks what remains and deletes what is not being deleted yet; undefined where the cluster failed to answer. */
  private async look(stage: DrainStage, { deadline, refusals, tell }: Attempt): Promise<Remaining[] | undefined> {
    try {
      const remaining = await stage.remaining(this.cluster);
      const alive = remaining.filter(({ ours, object }) => ours && object.metadata?.deletionTimestamp === undefined);
      for (const { object } of alive) await this.delete(object, refusals);
      return remaining;
    } catch (error) {
      // A control plane that is busy or moves answers again; one that is lost does not.
      if (!isTransient(error) || Date.now() > deadline) throw this.cluster.problemOf(error) ?? error;
      tell("the cluster does not answer, asking again");
      return undefined;
    }
  }

  /** What a webhook refuses may go later, and holds nothing else up. */
  private async delete(object: ClusterObject, refusals: Map<string, string>): Promise<void> {
    try {
      await this.cluster.delete(object);
      refusals.delete(identityOf(object));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      refusals.set(identityOf(object), refusal);
    }
  }

  private async force(remaining: Remaining[], forced: Set<string>): Promise<void> {
    const waiting = remaining.filter(
      ({ object: { metadata } }) => metadata?.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length > 0,
    );
    for (const { object } of waiting) {
      await this.cluster.removeFinalizers(object);
      forced.add(identityOf(object));
    }
  }

  private async hanging(
    { explain, lines = linesOf, remedy = AWS_REMEDY }: DrainStage,
    remaining: Remaining[],
    refusals: Map<string, string>,
  ): Promise<Problem> {
    const hanging = await Promise.all(
      remaining.map(async ({ object }): Promise<Hanging> => {
        const reason = await explain?.(this.cluster, object).catch(() => undefined);
        const refusal = refusals.get(identityOf(object));
        const given = [finalizersOf(object), refusal && `refused: ${refusal}`, reason];
        return { object, because: given.filter((each) => each !== undefined).join("; ") || "no finalizer" };
      }),
    );
    const limit = this.timeout < 60_000 ? `${this.timeout / 1000} s` : `${Math.round(this.timeout / 60_000)} min`;
    return new Problem([`the cluster is not drained: not gone within ${limit}:`, ...lines(hanging)].join("\n"), remedy);
  }
}

/** How one look may go wrong. */
interface Attempt {
  deadline: number;
  /** Why webhooks refused deletions, by {@link identityOf}. */
  refusals: Map<string, string>;
  tell: (doing: string) => void;
}

const AWS_REMEDY =
  "The controller that a finalizer belongs to cleans up in AWS and then removes it: look at its log, mend what stops it and run the command again. To go on without it: --skip-drain; what it guards then stays in AWS and is listed at the end.";

/** The clients' view of a kubeconfig that a stack exports: text, or the same as an object. */
export function kubeconfigOf(output: unknown): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(typeof output === "string" ? output : JSON.stringify(output));
  return config;
}

function outcome(gone: number, forced: number): string {
  if (gone === 0) return "none";
  if (forced === 0) return `${gone} gone`;
  return `${gone} gone, ${forced} of them only once their finalizers were taken off, as no controller runs on a simulated cluster`;
}

function identityOf(object: ClusterObject): string {
  return object.metadata?.uid ?? objectTitle(object);
}

function linesOf(hanging: Hanging[]): string[] {
  return hanging.map(({ object, because }) => `  ${objectTitle(object)}: ${because}`);
}

function finalizersOf({ metadata }: ClusterObject): string | undefined {
  const finalizers = metadata?.finalizers ?? [];
  return finalizers.length === 0 ? undefined : `waits for ${finalizers.join(", ")}`;
}
