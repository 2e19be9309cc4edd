import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** Names of Chromium and of what is as good, in the order in which PATH is searched for them. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Debian's package of it. */
const PACKAGE = "chromium";

/** Nothing that a browser does by itself: it would wait for a network that is not there, or find one that is. */
const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

/** How long an installation may take, in milliseconds. */
const PATIENCE = 300_000;

/**
 * Why Chromium cannot be had here; undefined where it can. Where it is missing, it is installed once if this is Debian and
 * the user may install; `MLSTACK_CHROMIUM` names one that is elsewhere.
 */
export function missingBrowser(): string | undefined {
  const named = process.env["MLSTACK_CHROMIUM"];
  if (named) return isProgram(named) ? undefined : `MLSTACK_CHROMIUM names ${named}, which is no program`;
  if (found() !== undefined) return undefined;
  if (!existsSync("/etc/debian_version")) return `none of ${NAMES.join(", ")} is on PATH`;
  if (!isRoot()) return `none of ${NAMES.join(", ")} is on PATH, and only root can install Debian's package ${PACKAGE}`;
  return install();
}

/**
 * Starts a browser without a window, with a profile of its own that goes with it; whoever starts it closes it.
 *
 * @throws when {@link missingBrowser} tells why there is none.
 */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env["MLSTACK_CHROMIUM"] || found();
  if (executablePath === undefined) throw new Error(`none of ${NAMES.join(", ")} is on PATH`);
  // Chromium refuses root a sandbox.
  return chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: !isRoot() });
}

function found(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Why the package cannot be installed; undefined where it is now. */
function install(): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: "ignore", timeout: PATIENCE } as const;
  // Other tests may be installing it just now.
  const wait = ["-o", `DPkg::Lock::Timeout=${PATIENCE / 1000}`];
  const get = () => spawnSync("apt-get", [...wait, "install", "--yes", "--no-install-recommends", PACKAGE], options);
  // Images of Debian come without lists of packages, or with old ones.
  if (get().status !== 0) {
    spawnSync("apt-get", [...wait, "update"], options);
    get();
  }
  return found() === undefined ? `apt-get cannot install Debian's package ${PACKAGE}` : undefined;
}
