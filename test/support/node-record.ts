import { glob } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type KubeConfig, makeInformer, type V1Node } from "@kubernetes/client-node";
import type { RehearsalReport } from "../../cli/rehearse/report";
import { POOL_LABEL } from "../../components/model";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";

/** Milliseconds until it is looked for a cluster again, or for an API server that does not answer. */
const LOOK_AGAIN = 200;

/** A node while the API server showed it; times in whatever unit. */
export interface ShownNode {
  name: string;
  pool: string;
  instanceType: string;
  from: number;
  /** Absent where it was still there in the end. */
  to?: number;
}

/**
 * Every node that the API server of a rehearsal shows, from the start of its cluster on. It has nothing in common with what
 * rehearsals watch nodes with themselves: when a node came is what its object says, and when it went is told by the watch.
 */
export class NodeRecord {
  /** By uid; times in milliseconds of the clock. */
  private readonly shown = new Map<string, ShownNode>();
  private informer: { stop: () => Promise<void> } | undefined;
  private isStopped = false;

  /** @param temporary `TMPDIR` of the one rehearsal, which makes the folder of its cluster in there. */
  constructor(private readonly temporary: string) {}

  /** Begins as soon as there is a cluster, and resolves then, or when it was stopped before. */
  async start(): Promise<void> {
    while (!this.isStopped) {
      const config = await this.findConfig();
      if (config !== undefined) {
        await this.follow(config);
        return;
      }
      await sleep(LOOK_AGAIN);
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.informer?.stop();
  }

  /** In the order in which they came, in seconds of the scenario that a report tells of, which begins at 0. */
  nodes({ ranAt, speed, ends }: Pick<RehearsalReport, "ranAt" | "speed" | "ends">): ShownNode[] {
    const secondsAt = (time: number) => Math.min(Math.max(((time - Date.parse(ranAt)) / 1000) * speed, 0), ends);
    return [...this.shown.values()]
      .sort((a, b) => a.from - b.from)
      .map(({ to, ...node }) => ({
        ...node,
        from: secondsAt(node.from),
        ...(to === undefined ? {} : { to: secondsAt(to) }),
      }));
  }

  private async findConfig(): Promise<KubeConfig | undefined> {
    for await (const state of glob(join(this.temporary, "mlstack-rehearsal-*"))) {
      try {
        return readKubeconfig(clusterLayout(state).kubeconfig);
      } catch {
        // It is not there yet, or is just being written.
      }
    }
    return undefined;
  }

  private async follow(config: KubeConfig): Promise<void> {
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer<V1Node>(config, "/api/v1/nodes", () => core.listNode());
    const note = (node: V1Node) => {
      this.note(node);
    };
    informer.on("add", note);
    informer.on("update", note);
    informer.on("delete", (node) => {
      this.note(node);
      this.shown.get(node.metadata!.uid!)!.to = Date.now();
    });
    // A list that is not answered, as before the API server is up, is an error as well.
    informer.on("error", () => {
      setTimeout(() => {
        if (!this.isStopped) informer.start().catch(() => undefined);
      }, LOOK_AGAIN);
    });
    this.informer = informer;
    await informer.start();
  }

  /** Labels may come after the node. */
  private note({ metadata = {} }: V1Node): void {
    const { uid = "", name = "", labels = {}, creationTimestamp } = metadata;
    const instanceType = labels["node.kubernetes.io/instance-type"] ?? "";
    // A watch tells times as text.
    const from = new Date(creationTimestamp!).getTime();
    this.shown.set(uid, { name, pool: labels[POOL_LABEL] ?? "", instanceType, from });
  }
}

/** How many of these were there at once at the most. */
export function mostAtOnce(spans: readonly { from: number; to?: number }[]): number {
  const thereAt = (time: number) => spans.filter(({ from, to = Infinity }) => from <= time && time < to).length;
  return Math.max(0, ...spans.map(({ from }) => thereAt(from)));
}
