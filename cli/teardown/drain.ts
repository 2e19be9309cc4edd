import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { Problem } from "../../rehearsal/problem";
import type { Step } from "../progress";
import { type ClusterObject, ClusterObjects, isTransient, objectTitle } from "./cluster-objects";
import { DRAIN_STAGES, type DrainStage, type Remaining } from "./drain-stages";

/** How patiently a cluster is drained. */
export interface DrainOptions {
  /** Milliseconds that each stage may take; 20 minutes by default, as machines with many GPUs end slowly. */
  timeout?: number;
  /** Milliseconds between two looks; 2 seconds by default. */
  interval?: number;
}

/** How many objects a message names. */
const NAMED = 3;

/**
 * Removes from a cluster what keeps AWS resources alive and Pulumi knows nothing of: load balancers, volumes, machines.
 * Objects are deleted the ordinary way and waited for, so that their controllers clean up in AWS; a finalizer is never
 * removed by force, as whatever it guards would then stay and cost money.
 */
export class Drain {
  private readonly cluster: ClusterObjects;
  private readonly timeout: number;
  private readonly interval: number;

  constructor(config: KubeConfig, { timeout = 20 * 60_000, interval = 2000 }: DrainOptions = {}) {
    this.cluster = new ClusterObjects(config);
    this.timeout = timeout;
    this.interval = interval;
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
  steps(): Step[] {
    return DRAIN_STAGES.map((stage) => ({
      title: stage.title,
      typical: stage.typical,
      run: (tell) => this.clear(stage, tell),
    }));
  }

  private async clear(stage: DrainStage, tell: (doing: string) => void): Promise<string> {
    const deadline = Date.now() + this.timeout;
    const seen = new Set<string>();
    for (;;) {
      const remaining = await this.look(stage, deadline, tell);
      if (remaining?.length === 0) return seen.size === 0 ? "none" : `${seen.size} gone`;
      if (remaining !== undefined) {
        for (const { object } of remaining) seen.add(object.metadata?.uid ?? objectTitle(object));
        tell(`waiting for ${listed(remaining.map(({ object }) => objectTitle(object)))}`);
        if (Date.now() > deadline) throw await this.hanging(stage, remaining);
      }
      await sleep(this.interval);
    }
  }

  /** Looks what remains and deletes what is not being deleted yet; undefined where the cluster failed to answer. */
  private async look(
    stage: DrainStage,
    deadline: number,
    tell: (doing: string) => void,
  ): Promise<Remaining[] | undefined> {
    try {
      const remaining = await stage.remaining(this.cluster);
      const alive = remaining.filter(({ ours, object }) => ours && object.metadata?.deletionTimestamp === undefined);
      for (const { object } of alive) await this.cluster.delete(object);
      return remaining;
    } catch (error) {
      // A control plane that is busy or moves answers again; one that is lost does not.
      if (!isTransient(error) || Date.now() > deadline) throw this.cluster.problemOf(error) ?? error;
      tell("the cluster does not answer, asking again");
      return undefined;
    }
  }

  private async hanging({ explain }: DrainStage, remaining: Remaining[]): Promise<Problem> {
    const lines = await Promise.all(
      remaining.map(async ({ object }) => {
        const reason = await explain?.(this.cluster, object).catch(() => undefined);
        return `  ${objectTitle(object)}: ${[...finalizersOf(object), ...(reason === undefined ? [] : [reason])].join("; ") || "no finalizer"}`;
      }),
    );
    const limit = this.timeout < 60_000 ? `${this.timeout / 1000} s` : `${Math.round(this.timeout / 60_000)} min`;
    return new Problem(
      [`the cluster is not drained: not gone within ${limit}:`, ...lines].join("\n"),
      "The controller that a finalizer belongs to cleans up in AWS and then removes it: look at its log, mend what stops it and run the command again. To go on without it: --skip-drain; what it guards then stays in AWS and is listed at the end.",
    );
  }
}

/** The clients' view of a kubeconfig that a stack exports: text, or the same as an object. */
export function kubeconfigOf(output: unknown): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(typeof output === "string" ? output : JSON.stringify(output));
  return config;
}

function finalizersOf({ metadata }: ClusterObject): string[] {
  const finalizers = metadata?.finalizers ?? [];
  return finalizers.length === 0 ? [] : [`waits for ${finalizers.join(", ")}`];
}

function listed(titles: string[]): string {
  const more = titles.length - NAMED;
  return `${titles.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
