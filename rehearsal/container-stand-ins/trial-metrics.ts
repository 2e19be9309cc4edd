import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { WatchedList } from "../cluster/watched-list";
import type { ContainerStandIn, StandInContext } from "./container-stand-in";
import { valueOfExpression } from "./expression";
import { type Observation, reportObservations } from "./observation-log";

/** Label that Katib's webhook gives the pods of trials. */
const TRIAL = "katib.kubeflow.org/trial";

/** Name that the container of a metrics collector has. */
const COLLECTOR = "metrics-logger-and-collector";

/** What a trial's pod measures. */
const METRICS = "mlstack.dev/simulate-metrics";

/** Milliseconds until a report that failed is tried again. */
const RETRY = 1000;

/**
 * Plays the collectors that Katib puts beside trials: when a trial's pod has succeeded, reports the metrics that its
 * annotation `mlstack.dev/simulate-metrics` tells to the DB manager. Where that cannot be read, nothing is reported, as from a
 * program that prints no metric.
 */
export class TrialMetricsStandIn implements ContainerStandIn {
  private readonly pods: WatchedList<V1Pod>;
  private readonly reported = new Set<string>();
  private readonly stopping = new AbortController();

  constructor(private readonly context: StandInContext) {
    const core = context.config.makeApiClient(CoreV1Api);
    const seen = (pod: V1Pod) => {
      void this.look(pod);
    };
    const gone = ({ metadata }: V1Pod) => {
      this.reported.delete(metadata?.uid ?? "");
    };
    const list = () => core.listPodForAllNamespaces({ labelSelector: TRIAL });
    const path = `/api/v1/pods?labelSelector=${encodeURIComponent(TRIAL)}`;
    this.pods = new WatchedList(context.config, path, list, { seen, gone });
  }

  async start(): Promise<void> {
    await this.pods.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.pods.stop();
  }

  private async look(pod: V1Pod): Promise<void> {
    if (this.context.isReal(pod)) return;
    const { metadata, spec, status } = pod;
    const { uid = "", name, namespace, labels, annotations } = metadata ?? {};
    const told = annotations?.[METRICS];
    const collector = spec?.containers.find((container) => container.name === COLLECTOR);
    if (status?.phase !== "Succeeded" || told === undefined || collector === undefined) return;
    if (this.reported.has(uid)) return;
    this.reported.add(uid);
    const tell = (error: unknown) => {
      const what = error instanceof Error ? error.message : String(error);
      this.context.log(`metrics of pod ${namespace}/${name}: ${what}`);
    };
    let observations: Observation[];
    try {
      observations = observationsOf(told);
    } catch (error) {
      tell(error);
      return;
    }
    const address = collector.args?.[collector.args.indexOf("-s-db") + 1] ?? "";
    for (let before = ""; !this.stopping.signal.aborted && this.reported.has(uid);) {
      try {
        await reportObservations(await this.connect(address), labels?.[TRIAL] ?? "", observations);
        return;
      } catch (error) {
        // The same reason again and again is told once.
        if (String(error) !== before) tell(error);
        before = String(error);
        await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async connect(address: string): Promise<Socket> {
    const [name = "", port = ""] = address.split(":");
    const { router } = this.context;
    const socket = router.connect(`${router.lookUp(name)?.address ?? ""}:${port}`);
    if (socket === undefined) throw new Error(`nobody answers at ${address}`);
    if (socket.connecting) await once(socket, "connect");
    return socket;
  }
}

/**
 * The values that an annotation tells, as `accuracy=0.9 loss=1-0.9^2`: metrics and expressions of numbers, with spaces only
 * between metrics.
 *
 * @throws Error that says what cannot be read.
 */
export function observationsOf(text: string): Observation[] {
  return text
    .trim()
    .split(/\s+/)
    .map((part) => {
      const [, metric, expression] = /^([^=\s]+)=(.+)$/.exec(part) ?? [];
      if (metric === undefined || expression === undefined) {
        throw new Error(
          `${JSON.stringify(part)} cannot be read: write metric=value or metric=expression, without spaces`,
        );
      }
      return { metric, value: valueOfExpression(expression) };
    });
}
