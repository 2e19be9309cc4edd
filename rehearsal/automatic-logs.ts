import { statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Keeps the Pulumi of a home folder (`PULUMI_HOME`) from its automatic log. The log has all properties of all resources,
 * encrypted, and takes more time than everything else of an update. There is no setting for it; but where Pulumi cannot have
 * its folder, it goes on without.
 *
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/logging/encrypted.go "StartLogging"
 */
export async function keepFromLogging(home: string): Promise<void> {
  const logs = join(home, "logs");
  if (statSync(logs, { throwIfNoEntry: false })?.isFile()) return;
  await mkdir(home, { recursive: true });
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "A file in the place of Pulumi's folder of automatic logs, see docs/architecture.md.\n");
}
