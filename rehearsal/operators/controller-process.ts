import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open } from "node:fs/promises";
import { request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "../log-tail";
import { Problem } from "../problem";
import type { ControllerName } from "./training-controllers";

/** How long a controller may take from start to ready, in milliseconds; a busy machine needs several times the usual two seconds. */
const READY_TIMEOUT = 120_000;

/** What a controller needs to run beside a cluster. */
export interface ControllerSettings {
  /** Path of the program with all controllers. */
  binary: string;
  /** Path of the kubeconfig that it works with, and so whose rights it has. */
  kubeconfig: string;
  /** Folder of `tls.crt` and `tls.key` for loopback, from an authority that the API server is told of. */
  certificates: string;
  /** Folder for its log, which is made where it is not there. */
  logs: string;
}

/** Real controllers of one project, as a process of this machine that ends with the one that started it. */
export class ControllerProcess {
  private constructor(
    readonly name: ControllerName,
    /** Port of its webhooks, on loopback. */
    readonly webhookPort: number,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a controller and waits until it works. @throws {Problem} when it does not. */
  static async start(name: ControllerName, settings: ControllerSettings): Promise<ControllerProcess> {
    const [webhookPort = 0, readyPort = 0] = await freePorts(2);
    await mkdir(settings.logs, { recursive: true });
    const log = join(settings.logs, `${name}.log`);
    const file = await open(log, "a");
    const child = spawn(
      settings.binary,
      [name, `--webhook-port=${webhookPort}`, `--certificates=${settings.certificates}`, `--ready-port=${readyPort}`],
      { env: { ...process.env, KUBECONFIG: settings.kubeconfig }, stdio: ["ignore", file.fd, file.fd] },
    );
    const end = () => child.kill();
    process.once("exit", end);
    let ended: string | undefined;
    child.once("error", (error) => {
      ended = `could not be started: ${error.message}`;
    });
    child.once("exit", () => {
      ended = "ended before it was ready";
      process.off("exit", end);
    });
    await file.close();
    const deadline = Date.now() + READY_TIMEOUT;
    while (!(await isReady(readyPort))) {
      if (Date.now() > deadline) ended ??= `was not ready after ${READY_TIMEOUT / 1000} s`;
      if (ended !== undefined) {
        child.kill();
        throw new Problem(`${name} ${ended}: ${await lastLines(log, 3)}`, `Its whole log is ${log}.`);
      }
      await sleep(50);
    }
    return new ControllerProcess(name, webhookPort, child);
  }

  /** Ends the process and waits for that. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, "close");
    this.child.kill();
    await closed;
  }
}

/** Ports of loopback that nothing listens on; all are held until the last is found, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: "127.0.0.1", port, path: "/readyz", timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("error", () => {
        resolve(false);
      })
      .end();
  });
}
