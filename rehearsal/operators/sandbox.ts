import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mount } from "./volumes";

/** What is run, and what it sees; the program `sandbox` reads it as JSON. */
export interface Sandboxed {
  /** Path of the binary on this machine. */
  program: string;
  /** Where it finds itself. */
  entry: string;
  args: string[];
  /** Entries as `NAME=value`. */
  env: string[];
  mounts: Mount[];
  hosts: Record<string, string>;
  /** Addresses as `10.0.0.1:443` that lead out. */
  services: string[];
}

/** Folders of one pod. */
export interface SandboxFolders {
  /** All of the others are in it. */
  folder: string;
  gateway: string;
  root: string;
  /** File that everything the program prints is added to. */
  log: string;
}

/** Starts a program in a sandbox; what it prints goes to the log. */
export async function startSandbox(
  binary: string,
  folders: SandboxFolders,
  sandboxed: Sandboxed,
): Promise<ChildProcess> {
  const { gateway, root, folder } = folders;
  await mkdir(root, { recursive: true, mode: 0o700 });
  await rm(join(gateway, "in"), { force: true });
  const file = join(folder, "sandbox.json");
  // It has the values of variables, some of which are secrets.
  await writeFile(file, "", { mode: 0o600 });
  await chmod(file, 0o600);
  await writeFile(file, JSON.stringify({ ...sandboxed, gateway, root }));
  const log = await open(folders.log, "a");
  try {
    return spawn(binary, [file], { stdio: ["ignore", log.fd, log.fd] });
  } finally {
    await log.close();
  }
}
