import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { withdraw } from "../container-stand-ins/metrics-server/api-service";
import { lastLines } from "../log-tail";
import { egressConfiguration } from "../operators/egress-proxy";
import { type PodPrograms, readPrograms, writePrograms } from "../operators/program-file";
import { Problem } from "../problem";
import { writeMachine } from "../real-node/machine-file";
import { prepareRealNodes } from "../real-node/preparation";
import { readRealNodes, realNodes, type RealNodes, writeRealNodes } from "../real-node/real-nodes";
import { exclusively } from "../toolchain/lock";
import { type Addresses, chooseAddresses, firstServiceAddress, type PortName, rememberedAddresses } from "./addresses";
import { applyBaseObjects } from "./base-objects";
import { readKubeconfig, writeKubeconfigs } from "./kubeconfig";
import { type ClusterLayout, clusterLayout } from "./layout";
import { ensurePki, PKI_FILES } from "./pki";
import { endProcess, type LiveProcess, liveProcesses } from "./process-table";
import {
  commandLine,
  isProcess,
  PROCESS_NAMES,
  PROCESSES,
  type ProcessName,
  programOf,
  REAL_NODES,
  SUPERVISOR,
} from "./processes";
import { awaitReady, isReady } from "./readiness";
import { writeStages } from "./stage-files";

const exec = promisify(execFile);

/** How long a process may take from start to ready, in milliseconds; a busy machine needs several times the usual two seconds. */
const READY_TIMEOUT = 120_000;

/** Every process that a cluster may have, in the order in which they start. */
const STARTED: readonly ProcessName[] = [...PROCESS_NAMES, SUPERVISOR, REAL_NODES];

/** What is known of one process of the control plane. */
export interface ProcessStatus {
  name: ProcessName;
  state: "ready" | "not ready" | "stopped";
  port: number | undefined;
  pid?: number;
  memoryMib?: number;
  log: string;
}

/** What {@link ControlPlane.start} did. */
export interface StartReport {
  /** Processes that were started, because the cluster was new or they had died. */
  started: ProcessName[];
  /** Whether the cluster was empty: made for the first time, or after its data were lost. */
  isNew: boolean;
}

/** Called with what is going on now. */
export type StartProgress = (doing: string) => void;

/**
 * The embedded control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler and KWOK as processes of the
 * user that outlive the command which started them. All state is in one folder; all ports are on loopback.
 */
export class ControlPlane {
  /**
   * @param binary Path of the multi-call binary.
   * @param layout Where the cluster's files lie; default: in this checkout.
   * @param programs Programs that are run in place of containers; those that the cluster has by default.
   * @param real Real nodes beside the simulated ones; those that the cluster has by default.
   */
  constructor(
    private readonly binary: string,
    readonly layout: ClusterLayout = clusterLayout(),
    private readonly programs?: PodPrograms,
    private readonly real?: RealNodes,
  ) {}

  /**
   * Brings every process up that is not: all of them the first time, later those that have died. Nothing is lost, since
   * etcd keeps its data.
   *
   * @throws {Problem} when a process does not become ready.
   */
  async start(progress: StartProgress = () => undefined): Promise<StartReport> {
    const waiting = () => {
      progress("another run works on the control plane; waiting for it");
    };
    return exclusively(this.lock, () => this.startAll(progress), waiting);
  }

  private async startAll(progress: StartProgress): Promise<StartReport> {
    const { layout } = this;
    for (const folder of [layout.folder, layout.logs]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const isNew = !existsSync(layout.etcd);
    const before = await rememberedAddresses(layout);
    const real = this.real ?? (await readRealNodes(layout));
    const alive = await this.alive();
    await this.endOutdated(
      alive,
      (live, name) =>
        isNew ||
        before === undefined ||
        !live.command.startsWith(`${programOf(name, this.binaryOf(name, real)).join(" ")} `),
    );
    const addresses = await chooseAddresses(layout, portsOf(alive));
    const moved = (port: PortName | undefined) => port && before?.ports[port] !== addresses.ports[port];
    const programs = this.programs ?? (await readPrograms(layout.programs));
    const isTold = await writePrograms(layout.programs, programs);
    const hasNewNodes = await writeRealNodes(layout, real);
    const minds: ProcessName[] = ["kwok", SUPERVISOR, ...(hasNewNodes ? ([REAL_NODES] as const) : [])];
    await this.endOutdated(
      alive,
      (_, name) => Boolean(moved(PROCESSES[name].reaches)) || ((isTold || hasNewNodes) && minds.includes(name)),
    );
    const nodes = real === undefined ? [] : realNodes(real, layout);
    await ensurePki(layout.pki, firstServiceAddress(addresses), nodes);
    await writeKubeconfigs(layout, addresses);
    await writeFile(layout.egress, stringify(egressConfiguration(layout.egressSocket)));
    const names = nodes.map(({ name }) => name);
    await writeStages(layout.stages, { processes: Object.keys(programs.images), realNodes: names });
    if (real !== undefined) await writeMachine(real, layout, addresses);
    const started: ProcessName[] = [];
    // The controllers and KWOK need the API server, but not each other.
    const groups: ProcessName[][] = [
      ["etcd"],
      ["kube-apiserver"],
      ["kube-controller-manager", "kube-scheduler", "kwok"],
      this.hasSupervisor() ? [SUPERVISOR] : [],
      real === undefined ? [] : [REAL_NODES],
    ];
    for (const group of groups) {
      await Promise.all(
        group.map(async (name) => {
          const isMissing = !alive.has(name);
          if (isMissing) {
            progress(`starting ${name}`);
            await this.launch(name, this.binaryOf(name, real), addresses);
          }
          const launchedAgain = await this.awaitProcess(name, this.binaryOf(name, real), addresses);
          if (isMissing || launchedAgain) started.push(name);
        }),
      );
    }
    progress("waiting for the default ServiceAccount");
    await applyBaseObjects(layout.kubeconfig);
    // What a killed supervisor left would keep every namespace from being deleted.
    if (!isNew && !this.hasSupervisor()) await withdraw(readKubeconfig(layout.kubeconfig));
    if (real !== undefined) await prepareRealNodes(nodes, real, layout, addresses, progress);
    return { started, isNew };
  }

  /** Asks every process whether it lives and is ready. */
  async status(): Promise<ProcessStatus[]> {
    const addresses = await rememberedAddresses(this.layout);
    const alive = await this.alive();
    return Promise.all(
      this.names().map(async (name): Promise<ProcessStatus> => {
        const port = addresses?.ports[PROCESSES[name].port];
        const base = { name, port, log: this.logOf(name) };
        const live = alive.get(name);
        if (!live) return { ...base, state: "stopped" };
        const ready = addresses !== undefined && (await isReady(PROCESSES[name], this.layout, addresses));
        return { ...base, state: ready ? "ready" : "not ready", pid: live.pid, memoryMib: live.memoryMib };
      }),
    );
  }

  /** Whether the program that makes real nodes is alive. */
  async hasRealNodes(): Promise<boolean> {
    return (await this.alive()).has(REAL_NODES);
  }

  /** Ends every process, controllers first, and leaves the data. */
  async stop(): Promise<void> {
    await this.stopAll(STARTED);
  }

  /**
   * Lets time pass at once: moves every time that objects have back, while nothing but etcd runs, and starts the rest again.
   *
   * @param clock path of the program that does it.
   * @param seconds how much passes.
   * @returns how many objects are older now.
   */
  async passTime(clock: string, seconds: number): Promise<number> {
    // Nobody else may start the rest meanwhile.
    return exclusively(this.lock, () => this.age(clock, seconds));
  }

  private async age(clock: string, seconds: number): Promise<number> {
    await this.stopAll(STARTED.filter((name) => name !== "etcd"));
    const addresses = await rememberedAddresses(this.layout);
    const { stdout } = await exec(clock, [
      `--endpoint=https://127.0.0.1:${addresses?.ports.etcd}`,
      `--authority=${join(this.layout.pki, PKI_FILES.authority)}`,
      `--certificate=${join(this.layout.pki, "etcd.crt")}`,
      `--key=${join(this.layout.pki, "etcd.key")}`,
      `--by=${Math.round(seconds)}s`,
    ]).finally(() => this.startAll(() => undefined));
    return Number(stdout);
  }

  /** Ends every process and removes the cluster's folder. */
  async remove(): Promise<void> {
    await exclusively(this.lock, async () => {
      await this.stop();
      await rm(this.layout.folder, { recursive: true, force: true });
    });
    await rm(this.lock, { recursive: true, force: true });
  }

  private async stopAll(names: readonly ProcessName[]): Promise<void> {
    const alive = await this.alive();
    for (const name of [...names].reverse()) {
      const live = alive.get(name);
      if (live) await endProcess(live.pid);
    }
  }

  private async launch(name: ProcessName, binary: string, addresses: Addresses): Promise<void> {
    const log = await open(this.logOf(name), "a");
    const [program = "", ...args] = commandLine(name, binary, this.layout, addresses);
    const child = spawn(program, args, {
      cwd: this.layout.folder,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    const failure = new Promise<never>((_, reject) => child.once("error", reject));
    const running = new Promise<void>((resolve) => child.once("spawn", resolve));
    await Promise.race([running, failure]);
    await log.close();
    child.unref();
  }

  /** Waits until a process is ready. @returns whether it had to be launched once more on the way. */
  private async awaitProcess(name: ProcessName, binary: string, addresses: Addresses): Promise<boolean> {
    const lives = async () => (await this.alive()).has(name);
    const wait = () => awaitReady(PROCESSES[name], this.layout, addresses, READY_TIMEOUT, lives);
    let outcome = await wait();
    const died = outcome === "died";
    // A killed process takes a moment to end; the controllers give up where the API server falters in their first second.
    if (died) {
      await this.launch(name, binary, addresses);
      outcome = await wait();
    }
    if (outcome === "ready") return died;
    const what = outcome === "died" ? "ended before it was ready" : `was not ready after ${READY_TIMEOUT / 1000} s`;
    throw new Problem(
      `${name} ${what}: ${await lastLines(this.logOf(name), 3)}`,
      `Its whole log is ${this.logOf(name)}. \`npm run down\` removes the embedded cluster; then start again.`,
    );
  }

  private async alive(): Promise<Map<ProcessName, LiveProcess>> {
    const ours = (await liveProcesses()).filter(({ command }) => command.includes(`=${this.layout.folder}/`));
    const found = STARTED.map((name) => [name, ours.find(({ command }) => isProcess(name, command))] as const);
    return new Map(found.flatMap(([name, live]) => (live ? [[name, live] as const] : [])));
  }

  /** Ends living processes that were started from another binary, or were told an address that no longer holds. */
  private async endOutdated(
    alive: Map<ProcessName, LiveProcess>,
    isOutdated: (live: LiveProcess, name: ProcessName) => boolean,
  ): Promise<void> {
    for (const [name, live] of [...alive].reverse()) {
      if (!isOutdated(live, name)) continue;
      await endProcess(live.pid);
      alive.delete(name);
    }
  }

  /** The processes that the cluster has. */
  private names(): ProcessName[] {
    const { realNodesFile } = this.layout;
    const isThere: Partial<Record<ProcessName, boolean>> = {
      [SUPERVISOR]: this.hasSupervisor(),
      [REAL_NODES]: existsSync(realNodesFile),
    };
    return STARTED.filter((name) => isThere[name] ?? true);
  }

  private hasSupervisor(): boolean {
    return [this.layout.programs, this.layout.realNodesFile].some((file) => existsSync(file));
  }

  private binaryOf(name: ProcessName, real: RealNodes | undefined): string {
    return name === REAL_NODES ? (real?.binary ?? "") : this.binary;
  }

  private get lock(): string {
    return join(dirname(this.layout.folder), "locks", "control-plane");
  }

  private logOf(name: ProcessName): string {
    return join(this.layout.logs, `${name}.log`);
  }
}

function portsOf(alive: Map<ProcessName, LiveProcess>): Set<PortName> {
  const ports = new Set([...alive.keys()].map((name) => PROCESSES[name].port));
  return ports.has("etcd") ? ports.add("etcdPeer") : ports;
}
