import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterLayout } from "../../rehearsal/cluster/layout";
import { liveProcesses } from "../../rehearsal/cluster/process-table";
import { cgroupOf } from "../../rehearsal/real-node/cgroup";

/** What of this machine a container runtime and a kubelet may change. */
export interface Traces {
  mounts: string[];
  interfaces: string;
  routes: string;
  rules: string;
  folders: string[];
  forwarding: string;
}

/** Folders that kubelets, runtimes and plugins make where nobody tells them otherwise. */
const FOLDERS = [
  "/var/lib/kubelet",
  "/var/lib/cni",
  "/var/lib/containerd",
  "/var/log/pods",
  "/var/log/containers",
  "/run/containerd",
  "/run/netns",
  "/opt/containerd",
  "/etc/cni",
  "/usr/libexec/kubernetes",
];

/** What there is now. */
export function traces(): Traces {
  return {
    mounts: readFileSync("/proc/self/mounts", "utf8").split("\n").sort(),
    interfaces: printed("ip", "-brief", "address"),
    routes: printed("ip", "route", "show", "table", "all"),
    rules: printed("iptables-save")
      .replace(/^#.*\n/gm, "")
      .replace(/\[\d+:\d+\]/g, ""),
    folders: FOLDERS.filter((folder) => existsSync(folder)),
    forwarding: readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8"),
  };
}

/** Command lines of the living processes that name a folder. */
export async function processesOf(folder: string): Promise<string[]> {
  return (await liveProcesses()).map(({ command }) => command).filter((command) => command.includes(folder));
}

/** Control groups of the nodes of one cluster; others may run beside it. */
export function cgroupsOf(layout: ClusterLayout): string[] {
  const root = "/sys/fs/cgroup";
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const hierarchies = [".", ...folders.map(({ name }) => name)];
  const groups = hierarchies.flatMap((name) => readdirSync(join(root, name)).map((group) => join(name, group)));
  return groups.filter((path) => path.includes(cgroupOf("", layout)));
}

function printed(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8" });
}
