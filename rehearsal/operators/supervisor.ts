import type { Socket } from "node:net";
import { join } from "node:path";
import {
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
  type V1Service,
} from "@kubernetes/client-node";
import { ObjectReader } from "./object-reader";
import { podFolder } from "./pod-folder";
import { PodRun, type PodHost } from "./pod-run";
import { type PodPrograms, programFor } from "./program-file";
import { Router } from "./router";
import { WatchedList } from "../cluster/watched-list";

/** What the supervisor needs. */
export interface SupervisorSettings {
  config: KubeConfig;
  /** Port of the API server on loopback. */
  apiServerPort: number;
  /** Address of the API server's Service, as `10.0.0.1:443`. */
  apiServerAddress: string;
  /** Folder for what belongs to pods; each has one in it while it is there. */
  pods: string;
  /** Folder of the logs, one for each container. */
  logs: string;
  programs: PodPrograms;
  /** Leads to real nodes, where there are any. */
  realNodes?: (address: string) => Socket | undefined;
}

/** Controllers run until they are deleted; leaving out what ends spares reading every pod of a large cluster. */
const LONG_RUNNING = "spec.restartPolicy=Always";

/**
 * Runs pods whose image stands for a program, as processes of this machine: what the nodes that they are on would do,
 * were these not simulated. All other pods are left to KWOK.
 */
export class Supervisor {
  private readonly core: CoreV1Api;
  private readonly runs = new Map<string, PodRun>();
  private readonly pods: WatchedList<V1Pod>;
  private readonly services: WatchedList<V1Service>;
  private readonly host: PodHost;
  private addresses = 0;
  /** Leads connections to the Services of the pods that run. */
  readonly router: Router;

  constructor(private readonly settings: SupervisorSettings) {
    const { config } = settings;
    this.core = config.makeApiClient(CoreV1Api);
    const longRunning = `/api/v1/pods?fieldSelector=${encodeURIComponent(LONG_RUNNING)}`;
    this.pods = new WatchedList(
      config,
      longRunning,
      () => this.core.listPodForAllNamespaces({ fieldSelector: LONG_RUNNING }),
      { seen: this.look, gone: this.forget },
    );
    this.services = new WatchedList(config, "/api/v1/services", () => this.core.listServiceForAllNamespaces());
    this.router = new Router({
      services: () => this.services.list(),
      pods: () => [...this.runs.values()].filter(({ isReady }) => isReady),
      apiServerPort: settings.apiServerPort,
      ...(settings.realNodes && { realNodes: settings.realNodes }),
    });
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const reader = new ObjectReader(this.core);
    this.host = {
      sandbox: settings.programs.sandbox,
      router: this.router,
      apiServer: settings.apiServerAddress,
      configMap: reader.configMap,
      secret: reader.secret,
      token: reader.token,
      report: async ({ metadata }, status) => {
        const at = { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
        await this.core.patchNamespacedPodStatus({ ...at, body: { status } }, merge).catch(() => undefined);
      },
    };
  }

  /** Begins to run the pods that are there, and from then on those that come. */
  async start(): Promise<void> {
    await Promise.all([this.services.start(), this.pods.start()]);
  }

  /** Ends every program. */
  async stop(): Promise<void> {
    await Promise.all([this.pods.stop(), this.services.stop()]);
    await Promise.all([...this.runs.values()].map((run) => run.stop()));
  }

  private readonly look = (pod: V1Pod): void => {
    const uid = pod.metadata?.uid ?? "";
    if (pod.metadata?.deletionTimestamp !== undefined) {
      this.forget(pod);
      return;
    }
    if (this.runs.has(uid) || pod.spec?.nodeName === undefined) return;
    for (const container of pod.spec.containers) {
      const program = programFor(this.settings.programs, container.image ?? "");
      if (program === undefined) continue;
      const { namespace, name } = pod.metadata!;
      const log = join(this.settings.logs, `${namespace}-${name}.log`);
      const folder = join(this.settings.pods, podFolder(uid));
      this.runs.set(uid, new PodRun(pod, container, program, this.host, folder, log, this.nextAddress()));
      return;
    }
  };

  private readonly forget = ({ metadata }: V1Pod): void => {
    const run = this.runs.get(metadata?.uid ?? "");
    if (run === undefined) return;
    this.runs.delete(metadata?.uid ?? "");
    void run.stop();
  };

  /** Addresses for documentation: every pod must have one, and nobody dials it. @see https://www.rfc-editor.org/rfc/rfc5737 */
  private nextAddress(): string {
    this.addresses = (this.addresses % 254) + 1;
    return `198.51.100.${this.addresses}`;
  }
}
