import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterLayout } from "./layout";

/** What needs a port of its own. */
export const PORT_NAMES = [
  "etcd",
  "etcdPeer",
  "apiServer",
  "controllerManager",
  "scheduler",
  "kwok",
  "supervisor",
  "realNodes",
] as const;

/** Name of one port of the cluster. */
export type PortName = (typeof PORT_NAMES)[number];

/** Network addresses of one cluster. */
export interface Addresses {
  /** Ports on loopback. */
  ports: Record<PortName, number>;
  /**
   * ClusterIPs of Services, a /16. No address of it is anywhere but in namespaces: what the API server sends to a Service is
   * led on by a proxy, so clusters of one machine may have the same.
   */
  serviceNetwork: string;
}

/** The network that clusters of kubeadm have too. */
const SERVICE_NETWORK = "10.96.0.0/16";

/** Below the range from which Linux and macOS hand out ports by themselves, so that none is taken while the cluster is down. */
const PORT_RANGE = { first: 20_000, end: 32_000 };

/** How long a remembered port may be busy, in milliseconds: a process that was just killed still holds its own. */
const PATIENCE = 1000;

/** Address of the `kubernetes` Service: the first of the service network. */
export function firstServiceAddress(addresses: Addresses): string {
  return serviceAddress(addresses, 1);
}

/** One of the first addresses of the service network, by its last number. */
export function serviceAddress({ serviceNetwork }: Addresses, last: number): string {
  return serviceNetwork.replace(/\.0\.0\/16$/, `.0.${last}`);
}

/** Reads the addresses chosen for a cluster; undefined where none were chosen yet, or the file was damaged. */
export async function rememberedAddresses(layout: ClusterLayout): Promise<Addresses | undefined> {
  try {
    return JSON.parse(await readFile(layout.addresses, "utf8")) as Addresses;
  } catch {
    return undefined;
  }
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
    serviceNetwork: remembered?.serviceNetwork ?? SERVICE_NETWORK,
  };
  for (const name of PORT_NAMES) {
    if (inUse.has(name)) continue;
    const { [name]: preferred, ...others } = chosen.ports;
    chosen.ports[name] = await freePort(preferred, Object.values(others));
  }
  await mkdir(dirname(layout.addresses), { recursive: true });
  await writeFile(layout.addresses, `${JSON.stringify(chosen, undefined, 2)}\n`);
  return chosen;
}

async function freePort(preferred: number | undefined, taken: number[]): Promise<number> {
  const deadline = Date.now() + PATIENCE;
  let port = preferred ?? randomInt(PORT_RANGE.first, PORT_RANGE.end);
  while (port === preferred && Date.now() < deadline && !(await isFree(port))) await sleep(50);
  while (taken.includes(port) || !(await isFree(port))) port = randomInt(PORT_RANGE.first, PORT_RANGE.end);
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
