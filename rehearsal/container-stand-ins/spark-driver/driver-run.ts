import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { parse } from "yaml";
import { hasCode, isPassing, reasonOf, unlessCode } from "../../cluster/api-errors";
import { asPod, type StandInContext } from "../container-stand-in";
import { patiently } from "../../cluster/patience";
import { WORKING_ANNOTATION } from "../../cluster/stage-files";
import { endPod } from "../pod-end";
import { APPLICATION, EXECUTOR_ID, executorPod, ROLE, TRIES_BEFORE } from "./executor-pod";
import {
  allocationBatch,
  executorCount,
  failuresAllowed,
  mayBegin,
  parseProperties,
  type SparkProperties,
} from "./properties";

/** Milliseconds between two looks at the executors, and until more of them are asked for. @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html `spark.kubernetes.allocation.batch.delay` */
const ALLOCATION_DELAY = 1000;

/** ConfigMap volume of a driver that has its settings, and the file in it. */
const SETTINGS = { volume: "spark-conf-volume-driver", file: "spark.properties" };

/** ConfigMap volume of a driver that has the template of executors. */
const TEMPLATE_VOLUME = "pod-template-volume";

/** Exit code of a driver too many of whose executors failed. @see https://github.com/apache/spark/blob/v4.0.1/core/src/main/scala/org/apache/spark/util/SparkExitCode.scala */
const TOO_MANY_FAILURES = 11;

/** One driver that runs: it has the executors that its settings ask for, for as long as it lives. */
export class DriverRun {
  private readonly end = new AbortController();
  private readonly life: Promise<void>;
  /** Numbers of the executors that failed; those that are lost with their node did not. */
  private readonly failed = new Set<string>();
  private works = false;

  /** @param executors the pods of the application as they are now. */
  constructor(
    private readonly context: StandInContext,
    private readonly driver: V1Pod,
    private readonly executors: () => readonly V1Pod[],
  ) {
    this.life = this.live();
  }

  /** Leaves the executors as they are. */
  async stop(): Promise<void> {
    this.end.abort();
    await this.life;
  }

  /**
   * Removes the executors, as a driver does at its end; later where the API server is away.
   *
   * @param signal gives it up.
   */
  async finish(signal: AbortSignal): Promise<void> {
    await this.stop();
    const { namespace = "", labels = {} } = this.driver.metadata ?? {};
    const labelSelector = `${APPLICATION}=${labels[APPLICATION] ?? ""},${ROLE}=executor`;
    const remove = async () => (await this.core()).deleteCollectionNamespacedPod({ namespace, labelSelector });
    await patiently(signal, remove).catch(this.tell);
  }

  private async live(): Promise<void> {
    let next = 1;
    const { signal } = this.end;
    for (let seconds = 0; !signal.aborted;) {
      try {
        const { properties, template } = await this.settings();
        const all = this.executors();
        const failed = this.failures(all);
        const allowed = failuresAllowed(properties);
        if (failed > allowed) {
          await this.fail(allowed);
          return;
        }
        next = Math.max(next, ...all.map(({ metadata }) => Number(metadata?.labels?.[EXECUTOR_ID] ?? 0) + 1));
        await this.removeFailed(all.filter(hasEnded));
        const missing = executorCount(properties, seconds) - all.filter((pod) => !hasEnded(pod)).length;
        const asked = Math.min(missing, allocationBatch(properties));
        for (let created = 0; created < asked && !signal.aborted; created++, next++) {
          await this.create(executorPod(this.driver, properties, { id: next, failed, template }));
        }
        if (!this.works && mayBegin(properties, all.filter(isRunning).length, seconds)) await this.begin();
        seconds += 1;
      } catch (error) {
        this.tell(error);
      }
      await sleep(ALLOCATION_DELAY, undefined, { signal }).catch(() => undefined);
    }
  }

  /** How many executors have failed; who was told to play this driver before left word of it on those that it made. */
  private failures(executors: readonly V1Pod[]): number {
    for (const pod of executors) {
      if (hasFailed(pod)) this.failed.add(pod.metadata?.labels?.[EXECUTOR_ID] ?? "");
    }
    return Math.max(
      this.failed.size,
      ...executors.map(({ metadata }) => Number(metadata?.annotations?.[TRIES_BEFORE] ?? 0)),
    );
  }

  /** From now on the driver takes as long as it was told to. */
  private async begin(): Promise<void> {
    const { name = "", namespace = "" } = this.driver.metadata ?? {};
    const body = { metadata: { annotations: { [WORKING_ANNOTATION]: "true" } } };
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await this.context.config.makeApiClient(CoreV1Api).patchNamespacedPod({ name, namespace, body }, merge);
    this.works = true;
  }

  /** Ends the driver, as too many of its executors have failed. */
  private async fail(allowed: number): Promise<void> {
    const [container] = this.driver.spec?.containers ?? [];
    const message = `Max number of executor failures (${allowed}) reached`;
    const error = { container: container?.name ?? "", exitCode: TOO_MANY_FAILURES, message };
    // What it has of its containers is not what the driver was seen with first.
    const { name = "", namespace = "" } = this.driver.metadata ?? {};
    const { config } = this.context;
    const now = await config.makeApiClient(CoreV1Api).readNamespacedPod({ name, namespace });
    await endPod(config, now, error);
  }

  private async create(body: V1Pod): Promise<void> {
    const namespace = body.metadata?.namespace ?? "";
    await (await this.core()).createNamespacedPod({ namespace, body }).catch(unlessCode(409));
  }

  private async removeFailed(pods: readonly V1Pod[]): Promise<void> {
    const core = await this.core();
    for (const { metadata } of pods) {
      if (metadata?.deletionTimestamp !== undefined) continue;
      const at = { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
      await core.deleteNamespacedPod(at).catch(unlessCode(404));
    }
  }

  /** What `spark-submit` has put into the volumes of the driver. */
  private async settings(): Promise<{ properties: SparkProperties; template: Partial<V1Pod> }> {
    const { [SETTINGS.file]: text = "" } = await this.filesOf(SETTINGS.volume);
    const [template] = Object.values(await this.filesOf(TEMPLATE_VOLUME));
    return { properties: parseProperties(text), template: (parse(template ?? "{}") ?? {}) as Partial<V1Pod> };
  }

  private async filesOf(volume: string): Promise<Record<string, string>> {
    const name = this.driver.spec?.volumes?.find((each) => each.name === volume)?.configMap?.name;
    if (name === undefined) return {};
    const namespace = this.driver.metadata?.namespace ?? "";
    const core = this.context.config.makeApiClient(CoreV1Api);
    return (await core.readNamespacedConfigMap({ namespace, name })).data ?? {};
  }

  private async core(): Promise<CoreV1Api> {
    return (await asPod(this.context, this.driver)).makeApiClient(CoreV1Api);
  }

  /** Spark notes what it is refused, and asks again. */
  private readonly tell = (error: unknown): void => {
    // The settings come a moment after the driver; a token ends with its pod.
    if (isPassing(error) || hasCode(error, 404) || (this.end.signal.aborted && hasCode(error, 401))) return;
    const { namespace, name } = this.driver.metadata ?? {};
    this.context.log(`Spark driver ${namespace}/${name}: ${reasonOf(error)}`);
  };
}

/** Pods that are made to go are told failed as well, before they are gone. */
function hasFailed({ metadata, status }: V1Pod): boolean {
  const isDisrupted = status?.conditions?.some(({ type, status: is }) => type === "DisruptionTarget" && is === "True");
  return status?.phase === "Failed" && metadata?.deletionTimestamp === undefined && isDisrupted !== true;
}

function isRunning(pod: V1Pod): boolean {
  return pod.status?.phase === "Running" && !hasEnded(pod);
}

function hasEnded({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp !== undefined || status?.phase === "Failed" || status?.phase === "Succeeded";
}
