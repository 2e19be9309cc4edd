import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkoutRoot } from "../rehearsal/checkout";

/**
 * Makes the folder that holds whatever a benchmark writes, and makes it the state folder of this process. However the
 * process ends, every process that the folder's name leads to is ended and the folder removed.
 *
 * @returns The folder; programs and packs in it find the checkout's `node_modules`.
 */
export async function makeScratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mlstack-bench-"));
  process.env["MLSTACK_STATE"] = folder;
  process.once("exit", () => {
    remove(folder);
  });
  // A signal by itself would end the process without its exit handlers.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  await symlink(join(checkoutRoot(), "node_modules"), join(folder, "node_modules"));
  return folder;
}

function remove(folder: string): void {
  process.stderr.write("\nEnding what the benchmark started …\n");
  const bootstrap = join(checkoutRoot(), "cli", "bootstrap.js");
  spawnSync(process.execPath, [bootstrap, "mlstack", "down", "--force"], { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(folder, { recursive: true, force: true });
}
