import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import type { ClusterLayout } from "./layout";

/** What needs a port of its own. */
export const PORT_NAMES = ["etcd", "etcdPeer", "apiServer", "controllerManager", "scheduler", "kwok"] as const;

/** Name of one port of the cluster. */
export type PortName = (typeof PORT_NAMES)[number];

/** Network addresses of one cluster; all of them are loopback. */
export interface Addresses {
  ports: Record<PortName, number>;
  /**
   * ClusterIPs of Services, a /16 of the loopback network: what the API server sends to a Service reaches a process of
   * this machine that listens there, and nothing leaves the machine.
   */
  serviceNetwork: string;
}

/** Below the range from which Linux and macOS hand out ports by themselves, so that none is taken while the cluster is down. */
const PORT_RANGE = { first: 20_000, end: 32_000 };

/** Address of the `kubernetes` Service: the first of the service network. */
export function firstServiceAddress({ serviceNetwork }: Addresses): string {
  return serviceNetwork.replace(/\.0\.0\/16$/, ".0.1");
}

/** Reads the addresses chosen for a cluster; undefined where none were chosen yet. */
export async function rememberedAddresses(layout: ClusterLayout): Promise<Addresses | undefined> {
  return existsSync(layout.addresses) ? (JSON.parse(await readFile(layout.addresses, "utf8")) as Addresses) : undefined;
}

/**
 * The addresses of a cluster: the remembered ones, with a new port in place of each that another program took meanwhile.
 *
 * @param inUse Ports that the cluster's own living processes hold.
 */
export async function chooseAddresses(layout: ClusterLayout, inUse: Set<PortName>): Promise<Addresses> {
  const remembered = await rememberedAddresses(layout);
  const chosen: Addresses = {
    ports: { ...remembered?.ports } as Record<PortName, number>,
    serviceNetwork: remembered?.serviceNetwork ?? `127.${randomInt(64, 128)}.0.0/16`,
  };
  for (const name of PORT_NAMES) {
    if (!inUse.has(name)) chosen.ports[name] = await freePort(chosen.ports[name]);
  }
  await mkdir(dirname(layout.addresses), { recursive: true });
  await writeFile(layout.addresses, `${JSON.stringify(chosen, undefined, 2)}\n`);
  return chosen;
}

async function freePort(preferred?: number): Promise<number> {
  let port = preferred ?? randomInt(PORT_RANGE.first, PORT_RANGE.end);
  while (!(await isFree(port))) port = randomInt(PORT_RANGE.first, PORT_RANGE.end);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
