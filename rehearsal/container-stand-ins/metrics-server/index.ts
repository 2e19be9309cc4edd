import { setTimeout as sleep } from "node:timers/promises";
import { ApiregistrationV1Api, type V1APIService } from "@kubernetes/client-node";
import { isPassing, reasonOf } from "../../cluster/api-errors";
import { WatchedList } from "../../cluster/watched-list";
import type { ContainerStandIn, StandInContext } from "../container-stand-in";
import { AggregatedServer } from "./aggregated-server";
import { API_SERVICE, createService, HOST, isOwn, register, trusts, withdraw } from "./api-service";
import { MetricsApi } from "./metrics-api";

/** Milliseconds between two looks at whether the Service is known. */
const LOOK_EVERY = 20;

/** Milliseconds until a registration that failed is tried again. */
const RETRY = 1000;

/**
 * Plays metrics-server: HorizontalPodAutoscalers and recommenders learn from it what pods say that they use. Where the stack
 * has a metrics server, it answers in the place of that one's pods, by the stack's registration; else it has a registration of
 * its own, which ends with it.
 */
export class MetricsServerStandIn implements ContainerStandIn {
  private readonly api: MetricsApi;
  private readonly registrations: WatchedList<V1APIService>;
  private readonly stopping = new AbortController();
  private server: AggregatedServer | undefined;
  private work = Promise.resolve();
  private told = "";

  constructor(private readonly context: StandInContext) {
    const { config } = context;
    this.api = new MetricsApi(config, context.log);
    const registrations = config.makeApiClient(ApiregistrationV1Api);
    const fieldSelector = `metadata.name=${API_SERVICE}`;
    this.registrations = new WatchedList(
      config,
      `/apis/apiregistration.k8s.io/v1/apiservices?fieldSelector=${encodeURIComponent(fieldSelector)}`,
      () => registrations.listAPIService({ fieldSelector }),
      { seen: this.look, gone: this.look },
    );
  }

  async start(): Promise<void> {
    this.server = await AggregatedServer.start(this.context.layout, HOST, (url) => this.api.answer(url));
    await this.registrations.start();
    this.look();
    await this.work;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.registrations.stop();
    await this.work;
    // The API server may be gone already.
    await withdraw(this.context.config).catch(() => undefined);
    this.server?.stop();
  }

  private readonly look = (): void => {
    this.work = this.work.then(() => this.settle()).catch(this.lookAgain);
  };

  private readonly lookAgain = (error: unknown): void => {
    if (!isPassing(error)) this.tell(`registration of ${API_SERVICE}: ${reasonOf(error)}`);
    if (!this.stopping.signal.aborted) setTimeout(this.look, RETRY).unref();
  };

  /** Sees to it that whoever is asked for what pods use is this one. */
  private async settle(): Promise<void> {
    const { config, router, hasMetricsServer } = this.context;
    const { server } = this;
    if (server === undefined || this.stopping.signal.aborted) return;
    const [found] = this.registrations.list();
    if (found !== undefined && !isOwn(found)) {
      this.answerFor(found, server);
    } else if (hasMetricsServer) {
      // What a process left that was killed would be in the way of the stack's.
      if (found !== undefined) await withdraw(config);
    } else if (found === undefined || !trusts(found, server.certificate)) {
      await createService(config);
      router.host(HOST, server.connect);
      await this.untilKnown();
      await register(config, found, server.certificate);
    }
  }

  /** A registration of somebody else's, such as that of the chart of metrics-server. */
  private answerFor({ spec, metadata }: V1APIService, server: AggregatedServer): void {
    const { name, namespace } = spec?.service ?? {};
    this.context.router.host(`${name}.${namespace}.svc`, server.connect);
    if (spec?.insecureSkipTLSVerify === true) return;
    this.tell(
      `${metadata?.name} is registered for Service ${namespace}/${name}, whose certificate only its own pods have: ` +
        "nobody says what pods use. Remove the registration, or set its insecureSkipTLSVerify.",
    );
  }

  /** The API server asks at once, and what it is not answered it asks again after seconds. */
  private async untilKnown(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && this.context.router.lookUp(HOST) === undefined) {
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The same again and again is told once. */
  private tell(line: string): void {
    if (line !== this.told) this.context.log(line);
    this.told = line;
  }
}
