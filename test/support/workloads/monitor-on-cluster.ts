import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api, type KubeConfig, type V1ConfigMap } from "@kubernetes/client-node";
import { type DriftMonitorArgs, driftMonitorManifests } from "../../../components/workloads/monitoring";

/** A cluster that monitors are on. */
export interface MonitoredCluster {
  config: KubeConfig;
  create: (object: object) => Promise<void>;
}

/** What a monitor remembers. */
export interface State {
  run?: string;
  at?: string;
  isCreated?: boolean;
  inVain?: number;
}

/** How a look ended. */
export interface Ending {
  code: number;
  error: string;
  report: { action: string; isDrift: boolean };
}

/**
 * A monitor whose objects are on a cluster, and whose pod is a process of this machine: with the files that the pod would
 * have, and the token of its account.
 */
export class MonitorOnCluster {
  private readonly core: CoreV1Api;

  private constructor(
    readonly name: string,
    readonly namespace: string,
    private readonly home: string,
    private readonly config: KubeConfig,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Creates what the component registers. Files of claims are in the folder, below `claims`. */
  static async create(cluster: MonitoredCluster, folder: string, name: string, more: Partial<DriftMonitorArgs>) {
    const namespace = "ml";
    const args: DriftMonitorArgs = {
      namespace,
      schedule: "@hourly",
      reference: { persistentVolumeClaim: "training", files: "*.jsonl" },
      recent: { persistentVolumeClaim: "requests", files: "*.jsonl" },
      ...more,
    };
    const { program, ...others } = driftMonitorManifests(name, args);
    for (const object of [program, ...Object.values(others)]) await cluster.create(object);
    return MonitorOnCluster.of(cluster, folder, name, namespace);
  }

  /** A monitor whose objects are there. */
  static async of({ config }: Pick<MonitoredCluster, "config">, folder: string, name: string, namespace: string) {
    const monitor = new MonitorOnCluster(name, namespace, join(folder, name), config);
    const { data } = await monitor.core.readNamespacedConfigMap({ name, namespace });
    await monitor.prepare(data!);
    return monitor;
  }

  /** A token of the monitor's account. */
  async token(): Promise<string> {
    const body = { spec: { audiences: [], expirationSeconds: 3600 } };
    const { name, namespace } = this;
    const { status } = await this.core.createNamespacedServiceAccountToken({ name, namespace, body });
    return status!.token!;
  }

  /** Looks once, at rows that have moved so far. */
  look(moved: number): Promise<Ending> {
    writeFileSync(join(this.home, "claims/1", "recent.jsonl"), rows(moved));
    const { hostname, port } = new URL(this.config.getCurrentCluster()!.server);
    const env = { ...process.env, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    const files = ["main.py", "config.json"].map((file) => join(this.home, "program", file));
    const args = ["-B", ...files, "--service-account", join(this.home, "account")];
    return new Promise((resolve) => {
      execFile("python3", args, { env }, (failure, output, error) => {
        const code = failure === null ? 0 : Number(failure.code);
        resolve({ code, error, report: JSON.parse(output || "{}") as Ending["report"] });
      });
    });
  }

  memory(): Promise<V1ConfigMap> {
    return this.core.readNamespacedConfigMap({ name: `${this.name}-state`, namespace: this.namespace });
  }

  async state(): Promise<State> {
    return JSON.parse((await this.memory()).data!["state.json"]!) as State;
  }

  /** Has the monitor remember something else. */
  async remember(changes: State): Promise<void> {
    const body = await this.memory();
    const state = { ...(await this.state()), ...changes };
    body.data = { ...body.data, "state.json": JSON.stringify(state) };
    const { namespace } = this;
    await this.core.replaceNamespacedConfigMap({ name: body.metadata!.name!, namespace, body });
  }

  /** The Jobs that it has started; where the hour strikes meanwhile, its own CronJob starts others of such names. */
  async runs() {
    const { items } = await this.config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace: this.namespace });
    return items.filter(
      ({ metadata }) =>
        metadata!.name!.startsWith(`${this.name}-`) && metadata!.ownerReferences?.[0]?.name !== this.name,
    );
  }

  /** Puts into folders what the kubelet would mount. */
  private async prepare(program: Record<string, string>): Promise<void> {
    for (const folder of ["claims/0", "claims/1", "program", "account"]) {
      mkdirSync(join(this.home, folder), { recursive: true });
    }
    for (const [file, text] of Object.entries(program)) {
      const here = file === "config.json" ? text.replaceAll('"/claims', `"${this.home}/claims`) : text;
      writeFileSync(join(this.home, "program", file), here);
    }
    writeFileSync(join(this.home, "claims/0", "reference.jsonl"), rows(0));
    writeFileSync(join(this.home, "account", "token"), await this.token());
    writeFileSync(join(this.home, "account", "namespace"), this.namespace);
    copyFileSync(this.config.getCurrentCluster()!.caFile!, join(this.home, "account", "ca.crt"));
  }
}

function rows(moved: number): string {
  return Array.from({ length: 400 }, (_, index) => `${JSON.stringify({ age: ((index * 37) % 50) + moved })}\n`).join(
    "",
  );
}
