import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder outside the checkout that lasts as long as the process of the tests, and is removed with it. */
export function lastingFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `mlstack-${purpose}-`));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  // Vitest ends its workers by a signal, which by default ends a process without any event.
  process.once("SIGTERM", () => {
    remove();
    process.kill(process.pid, "SIGTERM");
  });
  return folder;
}
