import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "../problem";

/** Where distributions have the plugins for networks of pods; the first that is there. */
const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin"];

/** Folder with the plugins for networks of pods. */
export const CNI_FOLDER = CNI_FOLDERS.find((folder) => existsSync(folder)) ?? CNI_FOLDERS[0]!;

/** Programs that a real node needs of its machine, each with the package of Debian and Ubuntu that has it. */
const PACKAGES: Record<string, string> = {
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  ip: "iproute2",
  nsenter: "util-linux",
  busybox: "busybox-static",
};

/** Plugins that the network of pods is made of. */
const PLUGINS = ["ptp", "host-local", "portmap", "loopback"];

const PLUGINS_PACKAGE = "containernetworking-plugins";

/** Folders that administrators' programs are in, which the path of a user may leave out. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** What this machine lacks for a real node, and what to do; undefined where it lacks nothing. */
export function missingForRealNodes(): { what: string; remedy: string } | undefined {
  if (process.platform !== "linux") {
    return { what: `this machine is ${process.platform}`, remedy: "Use a machine with Linux." };
  }
  if (process.getuid?.() !== 0) {
    return { what: "this user is not root", remedy: "Run it as root, such as in a virtual machine or a container." };
  }
  const packages = new Set(
    Object.entries(PACKAGES).flatMap(([program, name]) => (pathOf(program) === undefined ? [name] : [])),
  );
  if (PLUGINS.some((plugin) => !existsSync(join(CNI_FOLDER, plugin)))) packages.add(PLUGINS_PACKAGE);
  if (packages.size === 0) return undefined;
  const names = [...packages].join(" ");
  return { what: `there is no ${[...packages].join(", ")}`, remedy: `Run \`apt-get install ${names}\`.` };
}

/** @throws {Problem} where this machine lacks what a real node needs. */
export function requireRealNodes(): void {
  const missing = missingForRealNodes();
  if (missing !== undefined) {
    throw new Problem(`real nodes need Linux, root and a container runtime, and ${missing.what}`, missing.remedy);
  }
}

/** Path of a program of this machine; undefined where it is not there. */
export function pathOf(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
