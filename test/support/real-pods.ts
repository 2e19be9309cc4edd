import { CoreV1Api, Exec, type KubeConfig, type V1Pod, type V1PodSpec } from "@kubernetes/client-node";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { unlessCode } from "../../rehearsal/cluster/api-errors";
import { ON_REAL_NODES } from "../../rehearsal/real-node/placement";
import { BUSYBOX } from "../../rehearsal/real-node/required-images";
import { eventually } from "./cluster";

/** What a pod of a test is, beside its command. */
export interface Told extends Partial<V1PodSpec> {
  name: string;
  labels?: Record<string, string>;
  /** Fields of its one container. */
  container?: Partial<V1PodSpec["containers"][number]>;
}

/** A pod on a real node, whose container runs a script. */
export function scriptPod(script: string, { name, labels = {}, container = {}, ...spec }: Told): V1Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      ...ON_REAL_NODES,
      containers: [{ name: "main", image: BUSYBOX, command: ["sh", "-c", script], ...container }],
      ...spec,
    },
  };
}

/** How the container of a pod ended, and what it had printed. */
export interface PodOutcome {
  printed: string;
  exitCode: number;
  reason: string | undefined;
}

/** Pods of a namespace, `default` by default, by their names. */
export class RealPods {
  protected readonly core: CoreV1Api;

  constructor(
    private readonly config: KubeConfig,
    readonly namespace = "default",
  ) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Creates a pod, waits until it has ended, and tells what it printed and how its container ended. */
  async run(pod: V1Pod): Promise<PodOutcome> {
    await this.core.createNamespacedPod({ namespace: this.namespace, body: pod });
    return this.outcome(pod.metadata!.name!);
  }

  /** Waits until a pod has ended. */
  async outcome(name: string): Promise<PodOutcome> {
    const ended = await eventually(
      `the pod ${name} has ended`,
      async () => {
        const pod = await this.read(name);
        return ["Succeeded", "Failed"].includes(pod?.status?.phase ?? "") && pod;
      },
      90_000,
    );
    const { exitCode = -1, reason } = ended.status!.containerStatuses?.[0]?.state?.terminated ?? {};
    return { printed: await this.printed(name), exitCode, reason };
  }

  /** What a pod has printed so far. */
  async printed(name: string): Promise<string> {
    return this.core.readNamespacedPodLog({ name, namespace: this.namespace });
  }

  /** A pod as it is now; undefined where it is not there. */
  async read(name: string): Promise<V1Pod | undefined> {
    return this.core.readNamespacedPod({ name, namespace: this.namespace }).catch(unlessCode(404));
  }

  /** Waits until a pod is ready, and tells its address. */
  async ready(name: string): Promise<string> {
    const pod = await eventually(
      `the pod ${name} is ready`,
      async () => {
        const found = await this.read(name);
        return found?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") && found;
      },
      60_000,
    );
    return pod.status!.podIP!;
  }

  /** Runs a command in the container of a pod. @returns what it printed. */
  async execute(name: string, command: string[]): Promise<string> {
    const output = new PassThrough();
    const printed = text(output);
    const done = new Promise<void>((resolve, reject) => {
      const exec = new Exec(this.config);
      exec
        .exec(this.namespace, name, "main", command, output, output, null, false, () => {
          output.end();
          resolve();
        })
        .catch(reject);
    });
    await done;
    return printed;
  }
}
