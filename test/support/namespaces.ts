import { spawnSync } from "node:child_process";

const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];

/**
 * Whether this machine gives processes namespaces of their own, as sandboxes need them; containers often do not. Tests of
 * sandboxes are skipped where it does not.
 */
export const hasNamespaces =
  process.platform === "linux" &&
  spawnSync("unshare", [...asRoot, "--mount", "--net", "--pid", "--fork", "true"]).status === 0;
