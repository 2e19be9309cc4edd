import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endProcess, liveProcess, liveProcesses } from "../rehearsal/cluster/process-table";
import { Problem } from "../rehearsal/problem";
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

/** Tells whether the local backend holds a stack. @throws {Problem} when its state is damaged. */
export async function stackExists(stack: string): Promise<boolean> {
  return (await checkpointOf(stack)) !== undefined;
}

/** What makes a stack usable again, and why. */
export interface Recovery {
  /** The control plane was made anew, so that nothing of what the state lists exists. */
  clusterIsNew: boolean;
  /** Arguments that name the stack and its configuration. */
  stackArguments: string[];
}

/**
 * Makes a stack usable again after an update that was killed, or after its cluster was lost: releases the lock of a
 * process that no longer lives, settles the operations that were in flight, and forgets what is gone. Resources have
 * fixed names and are applied on the server's side, so creating one again that did come to be changes nothing.
 *
 * @returns What was mended, in words; undefined where nothing was amiss.
 * @throws {Problem} when another update of the stack is running.
 */
export async function recoverStack(
  pulumi: Pulumi,
  stack: string,
  { clusterIsNew, stackArguments }: Recovery,
): Promise<string | undefined> {
  const mended: string[] = [];
  await endOrphanedPlugins();
  if (await heldByTheDead(stack)) {
    await pulumi.quietly(["cancel", "--yes", "--stack", stack]);
    mended.push("released the lock of a killed update");
  }
  const { pending_operations: pending = [] } = (await checkpointOf(stack))?.checkpoint.latest ?? {};
  const lost = clusterIsNew ? await resourceCount(stack) : 0;
  if (pending.length > 0 || lost > 0) {
    await pulumi.quietly(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...stackArguments]);
    if (pending.length > 0) mended.push(`settled ${counted(pending.length, "interrupted operation")}`);
    if (lost > 0) mended.push(`forgot ${counted(lost, "resource")} of a lost control plane`);
  }
  return mended.length > 0 ? mended.join(", ") : undefined;
}

/** Number of resources that the last update of a stack left, the stack itself not counted. */
export async function resourceCount(stack: string): Promise<number> {
  const { resources = [] } = (await checkpointOf(stack))?.checkpoint.latest ?? {};
  return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack").length;
}

/** The other stacks of the local backend that still have resources. */
export async function otherStacksInUse(stack: string): Promise<string[]> {
  const files = await readdir(join(backendFolder(), ".pulumi", "stacks", PROJECT)).catch(() => []);
  const others = files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).filter((name) => name !== stack);
  const used = await Promise.all(others.map(async (name) => ((await resourceCount(name)) > 0 ? [name] : [])));
  return used.flat();
}

/** Ends engines and plugins that still work on the local backend. */
export async function endPulumiProcesses(): Promise<void> {
  for (const { pid, command } of await liveProcesses()) {
    const isOurEngine = isEngine(command) && command.includes(`${pulumiFolder()}/`);
    if (isOurEngine || isPlugin(command)) await endProcess(pid);
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

interface Checkpoint {
  checkpoint: { latest?: { pending_operations?: unknown[]; resources?: { type: string }[] } };
}

async function checkpointOf(stack: string): Promise<Checkpoint | undefined> {
  const file = join(backendFolder(), ".pulumi", "stacks", PROJECT, `${stack}.json`);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(await readFile(file, "utf8")) as Checkpoint;
  } catch {
    throw new Problem(
      `the Pulumi state of stack ${stack} is damaged: ${file} is not JSON`,
      `Copy ${file}.bak over it, or drop the stack with its cluster: npm run down -- --force`,
    );
  }
}

/** A provider does not notice that its engine was killed; nothing else would ever end it. */
async function endOrphanedPlugins(): Promise<void> {
  const processes = await liveProcesses();
  const engines = new Set(processes.filter(({ command }) => isEngine(command)).map(({ pid }) => pid));
  for (const { pid, parent, command } of processes) {
    if (isPlugin(command) && !engines.has(parent)) await endProcess(pid);
  }
}

function isEngine(command: string): boolean {
  return /^\S*\/pulumi /.test(command);
}

function isPlugin(command: string): boolean {
  return command.startsWith(`${pulumiFolder()}/home/plugins/`);
}

/** Tells whether a killed update holds the stack's lock. @throws {Problem} when a living one does. */
async function heldByTheDead(stack: string): Promise<boolean> {
  const folder = join(backendFolder(), ".pulumi", "locks", "organization", PROJECT, stack);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = await holderOf(join(folder, name));
    const holder = pid === undefined ? undefined : await liveProcess(pid);
    // Process ids are used again, by programs of any kind.
    if (holder?.command.includes("pulumi")) {
      throw new Problem(
        `another update of stack ${stack} is running (process ${holder.pid})`,
        "Wait until it has ended, or stop it with Ctrl-C where it runs.",
      );
    }
  }
  return names.length > 0;
}

/** Process that wrote a lock; undefined where the lock was cut off, or released meanwhile. */
async function holderOf(lock: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(lock, "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}
