import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Addresses } from "./addresses";
import type { ClusterLayout } from "./layout";
import type { ProcessDescription } from "./processes";

/** How a wait for a process ended. */
export type WaitOutcome = "ready" | "died" | "timed out";

/** Milliseconds from one look whether the process lives to the next, as each look reads of all processes of the machine. */
const LOOK = 500;

/** Waits until a process is ready, has died, or the time is over. */
export async function awaitReady(
  description: ProcessDescription,
  layout: ClusterLayout,
  addresses: Addresses,
  timeoutMilliseconds: number,
  lives: () => Promise<boolean>,
): Promise<WaitOutcome> {
  const deadline = Date.now() + timeoutMilliseconds;
  for (let looked = Date.now(); Date.now() < deadline;) {
    if (await isReady(description, layout, addresses)) return "ready";
    if (Date.now() - looked >= LOOK) {
      if (!(await lives())) return "died";
      looked = Date.now();
    }
    await sleep(50);
  }
  return "timed out";
}

/** Asks a process once whether it is ready. */
export async function isReady(
  description: ProcessDescription,
  layout: ClusterLayout,
  addresses: Addresses,
): Promise<boolean> {
  const options = {
    host: "127.0.0.1",
    port: addresses.ports[description.port],
    path: description.readyPath,
    timeout: 2000,
    agent: false,
  };
  if (description.plainHttp) return answers(httpRequest(options));
  // The controllers serve certificates that they sign themselves; the way is loopback, and nothing secret is sent.
  const [cert, key] = await Promise.all([
    readFile(join(layout.pki, "admin.crt")),
    readFile(join(layout.pki, "admin.key")),
  ]);
  return answers(httpsRequest({ ...options, cert, key, rejectUnauthorized: false }));
}

function answers(request: ReturnType<typeof httpRequest>): Promise<boolean> {
  return new Promise((resolve) => {
    const no = () => {
      resolve(false);
    };
    request
      .once("response", (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .once("error", no)
      .once("timeout", () => {
        request.destroy();
        no();
      })
      .end();
  });
}
