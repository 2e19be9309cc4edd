import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { WatchedList } from "../../rehearsal/cluster/watched-list";
import { eventually } from "./cluster";
import type { RehearsedStack } from "./rehearsed-stack";

/** Label that the training operator gives the pods of a job. */
export const JOB_NAME = "training.kubeflow.org/job-name";

interface TrainingJob {
  spec: { runPolicy?: { suspend?: boolean } };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** A TFJob on a cluster. */
export class TensorFlowJobOnCluster {
  constructor(
    private readonly stack: RehearsedStack,
    readonly namespace: string,
    readonly name: string,
  ) {}

  /** Conditions that hold, with their messages. */
  async conditions(): Promise<Record<string, string>> {
    const holding = (await this.read()).status?.conditions?.filter(({ status }) => status === "True") ?? [];
    return Object.fromEntries(holding.map(({ type, message = "" }) => [type, message]));
  }

  /** Whether it waits for its turn. */
  async isSuspended(): Promise<boolean> {
    return (await this.read()).spec.runPolicy?.suspend === true;
  }

  /** Waits until it has ended. @returns how. */
  async ended(milliseconds = 120_000): Promise<"Succeeded" | "Failed"> {
    return eventually(
      `the training ${this.name} has ended`,
      async () => {
        const conditions = await this.conditions();
        return (["Succeeded", "Failed"] as const).find((type) => type in conditions);
      },
      milliseconds,
    );
  }

  /** Removes it with its pods. */
  async remove(): Promise<void> {
    await this.stack.custom.deleteNamespacedCustomObject({ ...this.place, propagationPolicy: "Foreground" });
  }

  private get place() {
    const { namespace, name } = this;
    return { group: "kubeflow.org", version: "v1", namespace, plural: "tfjobs", name };
  }

  private async read(): Promise<TrainingJob> {
    return (await this.stack.custom.getNamespacedCustomObject(this.place)) as TrainingJob;
  }
}

/** Every state that the pods of a namespace with a label went through, in their order. */
export class PodStates {
  private readonly seen: V1Pod[] = [];
  private readonly list: WatchedList<V1Pod>;

  private constructor(config: KubeConfig, namespace: string, labelSelector: string) {
    const core = config.makeApiClient(CoreV1Api);
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(labelSelector)}`;
    const note = (pod: V1Pod) => this.seen.push(pod);
    const list = () => core.listNamespacedPod({ namespace, labelSelector });
    this.list = new WatchedList(config, path, list, { seen: note, gone: note });
  }

  /** Begins with the pods that are there. */
  static async start(config: KubeConfig, namespace: string, labelSelector: string): Promise<PodStates> {
    const states = new PodStates(config, namespace, labelSelector);
    await states.list.start();
    return states;
  }

  /** Ends it; what was seen stays. */
  stop(): Promise<void> {
    return this.list.stop();
  }

  /** How many pods ran at a time, at most. */
  mostRunning(): number {
    const phases = new Map<string, string | undefined>();
    const running = this.seen.map(({ metadata, status }) => {
      phases.set(metadata!.uid!, status?.phase);
      return [...phases.values()].filter((phase) => phase === "Running").length;
    });
    return Math.max(0, ...running);
  }

  /** Exit codes of the pods of a name, one for each pod that ended, in the order in which they did. */
  exitCodes(name: string): number[] {
    const codes = new Map<string, number>();
    for (const { metadata, status } of this.seen.filter((pod) => pod.metadata?.name === name)) {
      const code = status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
      if (code !== undefined) codes.set(metadata!.uid!, code);
    }
    return [...codes.values()];
  }

  /** Names of all pods that there were. */
  names(): string[] {
    return [...new Set(this.seen.map(({ metadata }) => metadata!.name!))].sort();
  }
}
