import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1ContainerState, V1Pod, V1PodStatus, V1Probe } from "@kubernetes/client-node";
import { lastLines } from "../log-tail";
import { environmentOf, expanded } from "./environment";
import { serveOutgoing } from "./gateway";
import { statusOf, type RunState } from "./pod-status";
import { succeeds } from "./probes";
import type { PodProgram } from "./program-file";
import type { Router } from "./router";
import { startSandbox, type SandboxFolders } from "./sandbox";
import { PodVolumes, type VolumeSources } from "./volumes";

/**
 * Milliseconds between two looks at the files and probes of a pod. Until it is ready others wait for it; then a kubelet looks
 * every ten seconds at probes and once a minute at files.
 */
const LOOK_EVERY = { starting: 500, ready: 3000 };

/** Milliseconds that a program gets to end by itself; some ignore the request. */
const STOP_TIMEOUT = 5000;

/** Milliseconds until a program that ended is started again: at first, and at most after several times in a row. */
const BACK_OFF = { first: 500, most: 30_000 };

/** Characters of what a program printed last that the state of its pod tells. */
const LONGEST_MESSAGE = 500;

/** What all pods that are run share. */
export interface PodHost extends VolumeSources {
  /** Path of the program `sandbox`. */
  sandbox: string;
  router: Router;
  /** Address of the API server as pods know it, as `10.0.0.1:443`. */
  apiServer: string;
  report: (pod: V1Pod, status: V1PodStatus) => Promise<void>;
}

/** One pod, of which one container is run by a program of this machine until the pod goes. */
export class PodRun {
  private readonly folders: SandboxFolders;
  private readonly volumes: PodVolumes;
  private readonly started = new Date();
  private readonly end = new AbortController();
  private child: ChildProcess | undefined;
  private run: RunState = { isReady: false, restarts: 0, state: { waiting: { reason: "ContainerCreating" } } };
  private reported = "";
  private readonly life: Promise<void>;

  /**
   * @param folder where its files lie; it is removed with the pod.
   * @param ip address that the pod gets; nobody dials it.
   */
  constructor(
    readonly pod: V1Pod,
    private readonly container: V1Container,
    private readonly program: PodProgram,
    private readonly host: PodHost,
    private readonly folder: string,
    log: string,
    readonly ip: string,
  ) {
    this.folders = { folder, gateway: join(folder, "gateway"), root: join(folder, "root"), log };
    this.volumes = new PodVolumes(pod, join(folder, "volumes"), host);
    this.life = this.live();
  }

  /** Folder through which the pod is reached. */
  get gateway(): string {
    return this.folders.gateway;
  }

  /** Whether the program says that it can be used. */
  get isReady(): boolean {
    return this.run.isReady;
  }

  /** Ends the program and removes the pod's files. */
  async stop(): Promise<void> {
    this.end.abort();
    await this.life;
  }

  private async live(): Promise<void> {
    await mkdir(this.folders.gateway, { recursive: true, mode: 0o700 });
    const outgoing = serveOutgoing(this.folders.gateway, this.host.router);
    let backOff = BACK_OFF.first;
    while (!this.end.signal.aborted) {
      const began = Date.now();
      await this.runOnce().catch((error: unknown) => this.tell({ waiting: waitingFor(error) }));
      if (Date.now() - began > BACK_OFF.most) backOff = BACK_OFF.first;
      await this.pause(backOff);
      backOff = Math.min(backOff * 2, BACK_OFF.most);
    }
    outgoing.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** From what the program needs to its end. */
  private async runOnce(): Promise<void> {
    for (let missing = await this.volumes.sync(); missing !== undefined; missing = await this.volumes.sync()) {
      await this.tell({ waiting: { reason: "ContainerCreating", message: missing } });
      await this.pause(LOOK_EVERY.starting);
      if (this.end.signal.aborted) return;
    }
    await this.volumes.prepare(this.container);
    const { mounts = [], environment = {} } = this.program.image ?? {};
    const variables = await environmentOf(this.pod, this.container, this.host.apiServer, this.host, environment);
    const [command = this.program.entry, ...first] = this.container.command ?? [];
    const child = await startSandbox(this.host.sandbox, this.folders, {
      program: this.program.binary,
      entry: entryOf(command),
      args: [...first, ...(this.container.args ?? [])].map((text) => expanded(text, variables)),
      env: [...variables].map(([name, value]) => `${name}=${value}`),
      mounts: [...mounts.map((mount) => ({ ...mount, readOnly: true })), ...this.volumes.mountsOf(this.container)],
      hosts: {},
      services: [this.host.apiServer],
    });
    this.child = child;
    const startedAt = new Date();
    const ended = once(child, "exit") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
    const over = new AbortController();
    const watched = this.watch(startedAt, over.signal);
    const [exitCode] = await Promise.race([ended, once(this.end.signal, "abort").then(() => this.endProgram(ended))]);
    over.abort();
    await watched;
    if (this.end.signal.aborted) return;
    const terminated = { exitCode: exitCode ?? 137, reason: "Error", startedAt, finishedAt: new Date() };
    const message = (await lastLines(this.folders.log, 1)).slice(0, LONGEST_MESSAGE);
    this.run.lastState = { terminated: { ...terminated, message } };
    this.run.restarts += 1;
    await this.tell({ waiting: { reason: "CrashLoopBackOff", message } });
  }

  /** Keeps volumes in step and asks the probes, until the program has ended. */
  private async watch(startedAt: Date, over: AbortSignal): Promise<void> {
    const { readinessProbe, livenessProbe } = this.container;
    const live = new Failures(livenessProbe);
    while (!over.aborted) {
      // While the API server is away, what is there stays as it is.
      await this.volumes.sync().catch(() => undefined);
      const isReady = await this.asks(readinessProbe ?? livenessProbe);
      if (over.aborted) return;
      await this.tell({ running: { startedAt } }, isReady);
      if (this.run.isReady && live.isDue() && live.count(await this.asks(livenessProbe))) this.child?.kill("SIGKILL");
      const pause = isReady ? LOOK_EVERY.ready : LOOK_EVERY.starting;
      await sleep(pause, undefined, { signal: over }).catch(() => undefined);
    }
  }

  private async asks(probe: V1Probe | undefined): Promise<boolean> {
    return probe === undefined || (await succeeds(probe, this.pod, this.gateway));
  }

  private async endProgram<T>(ended: Promise<T>): Promise<T> {
    this.child?.kill("SIGTERM");
    const late = setTimeout(() => this.child?.kill("SIGKILL"), STOP_TIMEOUT);
    return ended.finally(() => {
      clearTimeout(late);
    });
  }

  private async tell(state: V1ContainerState, isReady = false): Promise<void> {
    this.run = { ...this.run, state, isReady };
    const status = statusOf(this.pod, this.container.name, this.ip, this.started, this.run);
    const text = JSON.stringify(status);
    if (text === this.reported || this.end.signal.aborted) return;
    await this.host.report(this.pod, status);
    this.reported = text;
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.end.signal }).catch(() => undefined);
  }
}

/** Counts failures of a liveness probe in a row. */
class Failures {
  private row = 0;
  private next = Date.now();

  constructor(private readonly probe: V1Probe | undefined) {}

  isDue(): boolean {
    if (this.probe === undefined || Date.now() < this.next) return false;
    this.next = Date.now() + (this.probe.periodSeconds ?? 10) * 1000;
    return true;
  }

  /** @returns whether there are now so many that the container is to be started anew. */
  count(isAlive: boolean): boolean {
    this.row = isAlive ? 0 : this.row + 1;
    return this.row >= (this.probe?.failureThreshold ?? 3);
  }
}

/** Where a program finds itself when it is called by a command as containers have it. */
function entryOf(command: string): string {
  return command.includes("/") ? resolve("/", command) : join("/usr/bin", command);
}

function waitingFor(error: unknown): { reason: string; message: string } {
  return { reason: "CreateContainerError", message: error instanceof Error ? error.message : String(error) };
}
