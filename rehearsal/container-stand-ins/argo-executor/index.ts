import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { reasonOf, unlessCode } from "../../cluster/api-errors";
import { WatchedList } from "../../cluster/watched-list";
import { asPod, type ContainerStandIn, type StandInContext } from "../container-stand-in";
import { patiently } from "../../cluster/patience";
import { endPod } from "../pod-end";
import { outputsOf } from "./outputs";
import { runResource } from "./resource-run";
import { STEP_PODS, type StepTemplate, templateOf } from "./step";
import { TaskResult } from "./task-result";

/** Exit code of Argo's executor where it could not do its work. */
const FAILED = 64;

/** How far a step was followed. */
type Stage = "begun" | "completed";

/**
 * Plays Argo's executor: reports what a step leaves behind when its pod ends, and does what `resource` templates say. It has
 * the rights of the pod's ServiceAccount, and a pod whose account may not report fails, as it would.
 */
export class ArgoExecutor implements ContainerStandIn {
  private readonly core: CoreV1Api;
  private readonly pods: WatchedList<V1Pod>;
  /** By the UID of a pod, what was last done for it; each is the work of one promise at a time. */
  private readonly stages = new Map<string, Stage>();
  private readonly busy = new Map<string, V1Pod>();
  /** By the UID of a pod, what ends when the pod goes. */
  private readonly lives = new Map<string, AbortController>();
  private readonly end = new AbortController();

  constructor(private readonly context: StandInContext) {
    const { config } = context;
    this.core = config.makeApiClient(CoreV1Api);
    this.pods = new WatchedList(
      config,
      `/api/v1/pods?labelSelector=${encodeURIComponent(STEP_PODS)}`,
      () => this.core.listPodForAllNamespaces({ labelSelector: STEP_PODS }),
      { seen: (pod) => void this.follow(pod), gone: this.forget },
    );
  }

  async start(): Promise<void> {
    await this.pods.start();
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.pods.stop();
  }

  private readonly forget = (pod: V1Pod): void => {
    const uid = uidOf(pod);
    this.stages.delete(uid);
    this.lives.get(uid)?.abort();
    this.lives.delete(uid);
  };

  /** Does what is due for a pod; what happens to it meanwhile is looked at afterwards. */
  private async follow(pod: V1Pod): Promise<void> {
    if (this.context.isReal(pod)) return;
    const uid = uidOf(pod);
    const isBusy = this.busy.has(uid);
    this.busy.set(uid, pod);
    if (isBusy) return;
    for (let latest = pod; ; latest = this.busy.get(uid)!) {
      await this.step(latest).catch((error: unknown) => {
        if (!this.end.signal.aborted) this.context.log(`${nameOf(latest)}: ${reasonOf(error)}`);
      });
      if (this.busy.get(uid) === latest || this.end.signal.aborted) break;
    }
    this.busy.delete(uid);
  }

  private async step(pod: V1Pod): Promise<void> {
    const uid = uidOf(pod);
    const phase = pod.status?.phase ?? "Pending";
    if (phase === "Pending" || pod.metadata?.deletionTimestamp !== undefined) return;
    if (this.stages.get(uid) === "completed") return;
    const template = await this.patiently(() => this.templateOf(pod));
    // What belongs to a workflow without being a step of it, such as a clean-up of artifacts, has no template.
    if (template === undefined) return;
    const result = new TaskResult(pod);
    if (this.stages.get(uid) === undefined) {
      this.stages.set(uid, "begun");
      // A program runs also where its end cannot be reported.
      await this.patiently(async () => result.begin(await this.own(pod))).catch(() => undefined);
    }
    if (template.resource !== undefined) await this.playResource(pod, template, result);
    else if (phase === "Succeeded" || phase === "Failed") await this.report(pod, template, result);
  }

  /** Reports a step whose program has ended. */
  private async report(pod: V1Pod, template: StepTemplate, result: TaskResult): Promise<void> {
    this.stages.set(uidOf(pod), "completed");
    const isDone = pod.status?.phase === "Succeeded";
    try {
      const outputs = isDone ? outputsOf(pod, template) : undefined;
      await this.patiently(async () => result.complete(await this.own(pod), outputs));
    } catch (error) {
      await this.endPod(pod, { container: "wait", message: reasonOf(error) });
    }
  }

  private async playResource(pod: V1Pod, template: StepTemplate, result: TaskResult): Promise<void> {
    this.stages.set(uidOf(pod), "completed");
    if (pod.status?.phase !== "Running") return;
    const { config: admin } = this.context;
    const life = new AbortController();
    this.lives.set(uidOf(pod), life);
    const signal = AbortSignal.any([this.end.signal, life.signal]);
    const run = { pod, template, admin, own: () => this.own(pod), signal };
    try {
      const outputs = await runResource(run);
      await this.patiently(async () => result.complete(await this.own(pod), outputs));
      await this.endPod(pod);
    } catch (error) {
      if (signal.aborted) return;
      await this.patiently(async () => result.complete(await this.own(pod))).catch(() => undefined);
      await this.endPod(pod, { container: "main", message: reasonOf(error) });
    }
  }

  private async endPod(pod: V1Pod, error?: { container: string; message: string }): Promise<void> {
    // Whatever deleted the pod meanwhile has ended it.
    const failure = error && { ...error, exitCode: FAILED };
    await this.patiently(() => endPod(this.context.config, pod, failure).catch(unlessCode(404)));
  }

  private own(pod: V1Pod) {
    return asPod(this.context, pod);
  }

  private templateOf(pod: V1Pod): Promise<StepTemplate | undefined> {
    const namespace = pod.metadata?.namespace ?? "";
    return templateOf(pod, async (name) => {
      return (await this.core.readNamespacedConfigMap({ namespace, name }).catch(unlessCode(404)))?.data;
    });
  }

  private patiently<T>(ask: () => Promise<T>): Promise<T> {
    return patiently(this.end.signal, ask);
  }
}

function uidOf({ metadata }: V1Pod): string {
  return metadata?.uid ?? "";
}

function nameOf({ metadata }: V1Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
