import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";

/** `npm run mutation`: tells how many mistakes in the rules of the packs and in preflight the tests notice, and which not. */
export async function main(): Promise<void> {
  const root = checkoutRoot();
  const args = ["run", "--config", join(root, "test", "mutation", "vitest.config.mts"), ...process.argv.slice(2)];
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  process.exitCode = code ?? 1;
}
