import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keepFromLogging } from "../automatic-logs";
import { checkoutRoot } from "../checkout";
import { STAND_IN_PACKAGES, sdkPackage } from "./sdk-package";

/**
 * Makes the stand-ins known to the Pulumi of a home folder, as installed plugins in the versions of the SDKs. Such a home
 * must never be one that a real environment uses: the engine could not tell the plugins from the real ones.
 *
 * @param home folder that is `PULUMI_HOME`.
 */
export async function installStandIns(home: string): Promise<void> {
  for (const name of STAND_IN_PACKAGES) {
    const { version } = sdkPackage(name);
    const folder = join(home, "plugins", `resource-${name}-v${version}`);
    const program = join(checkoutRoot(), "bin", "rehearsal", "stand-ins", name, "main.js");
    const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} "$@"\n`;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `pulumi-resource-${name}`), script, { mode: 0o755 });
  }
}

/**
 * Environment variables with which a Pulumi runs on a folder alone: home with the stand-ins, backend, nothing asked of
 * any network. A passphrase is not among them.
 */
export function standInEnvironment(folder: string): Record<string, string> {
  return {
    PULUMI_HOME: homeOf(folder),
    PULUMI_BACKEND_URL: `file://${backendOf(folder)}`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A provider of that name on PATH would otherwise be taken in place of the stand-in.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    // Every provider is a process of its own; compiled code is what makes their start fast.
    NODE_COMPILE_CACHE: join(checkoutRoot(), "node_modules", ".cache", "mlstack-compile"),
  };
}

/** Prepares a folder for {@link standInEnvironment}. */
export async function prepareStandIns(folder: string): Promise<void> {
  await mkdir(backendOf(folder), { recursive: true, mode: 0o700 });
  await installStandIns(homeOf(folder));
  await keepFromLogging(homeOf(folder));
}

function homeOf(folder: string): string {
  return join(folder, "home");
}

function backendOf(folder: string): string {
  return join(folder, "backend");
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
