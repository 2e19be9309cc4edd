import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { endProcess, liveProcess, processesMentioning } from "../rehearsal/cluster/process-table";
import { backendFolder, type Pulumi, pulumiFolder } from "./pulumi";

/** Name of the project in Pulumi.yaml; the file backend files stacks under it. */
const PROJECT = "mlstack";

/** Configuration that an embedded stack runs with; Pulumi keeps the salt of the stack's encryption in it. */
export function embeddedConfigFile(stack: string): string {
  return join(pulumiFolder(), "project", `Pulumi.${stack}.yaml`);
}

/**
 * Creates a stack in the local backend. It is created from a project file of the same name in the state folder, because
 * Pulumi writes the encryption salt beside the project file, and the checkout's must not change.
 */
export async function createStack(pulumi: Pulumi, stack: string): Promise<void> {
  const project = join(pulumiFolder(), "project");
  await mkdir(project, { recursive: true });
  await writeFile(join(project, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
  await pulumi.quietly(["stack", "init", stack, "--secrets-provider", "passphrase", "--cwd", project]);
}

/** Tells whether the local backend holds a stack. */
export async function stackExists(stack: string): Promise<boolean> {
  return (await checkpointOf(stack)) !== undefined;
}

/**
 * Makes a stack usable again after an update that was killed: releases the lock of a process that no longer lives, and
 * settles the operations that were in flight. Resources have fixed names and are applied on the server's side, so
 * creating one again that did come to be changes nothing.
 *
 * @returns What was mended, in words; undefined where nothing was amiss.
 */
export async function recoverStack(
  pulumi: Pulumi,
  stack: string,
  stackArguments: string[],
): Promise<string | undefined> {
  const mended: string[] = [];
  if (await heldByTheDead(stack)) {
    await endOrphanedPlugins();
    await pulumi.quietly(["cancel", "--yes", "--stack", stack]);
    mended.push("released the lock of a killed update");
  }
  const pending = (await checkpointOf(stack))?.checkpoint.latest?.pending_operations?.length ?? 0;
  if (pending > 0) {
    await pulumi.quietly(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...stackArguments]);
    mended.push(`settled ${pending} interrupted operation${pending === 1 ? "" : "s"}`);
  }
  return mended.length > 0 ? mended.join(", ") : undefined;
}

/** Number of resources that the last update of a stack left, the stack itself not counted. */
export async function resourceCount(stack: string): Promise<number> {
  return (
    (await checkpointOf(stack))?.checkpoint.latest?.resources?.filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .length ?? 0
  );
}

interface Checkpoint {
  checkpoint: { latest?: { pending_operations?: unknown[]; resources?: { type: string }[] } };
}

async function checkpointOf(stack: string): Promise<Checkpoint | undefined> {
  const file = join(backendFolder(), ".pulumi", "stacks", PROJECT, `${stack}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Checkpoint;
  } catch {
    return undefined;
  }
}

/** A provider does not notice that its engine was killed; nothing else would ever end it. */
async function endOrphanedPlugins(): Promise<void> {
  for (const plugin of await processesMentioning(`${pulumiFolder()}/home/plugins/`)) {
    const parent = await liveProcess(plugin.parent);
    if (!parent?.command.includes("pulumi")) await endProcess(plugin.pid);
  }
}

async function heldByTheDead(stack: string): Promise<boolean> {
  const folder = join(backendFolder(), ".pulumi", "locks", "organization", PROJECT, stack);
  for (const name of await readdir(folder).catch(() => [])) {
    const lock = JSON.parse(await readFile(join(folder, name), "utf8")) as { pid: number; hostname: string };
    if (lock.hostname === hostname() && !(await liveProcess(lock.pid))) return true;
  }
  return false;
}
