import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Build } from "./tools";

const exec = promisify(execFile);

/** Tells whether a binary is of the version that it should have: by its answer, or where it gives none by what is in it. */
export async function isHealthy(build: Build, path: string): Promise<boolean> {
  if (build.versionArguments.length === 0) return (await contentOf(path)).includes(build.versionText);
  return (await versionOutput(build, path)).includes(build.versionText);
}

/** Tells whether a program that has no agreed way to print its version can be started on this machine at all. */
export async function canRun(path: string): Promise<boolean> {
  try {
    await exec(path, ["-version"], { timeout: 5000 });
    return true;
  } catch (error) {
    // A number is the exit code of a program that ran; a word such as ENOEXEC is the system's refusal.
    return typeof (error as { code?: unknown }).code !== "string";
  }
}

async function contentOf(path: string): Promise<Buffer> {
  return readFile(path).catch(() => Buffer.alloc(0));
}

/** What a binary prints when it is asked for its version; empty where it does not run. */
export async function versionOutput(build: Build, path: string): Promise<string> {
  // Pulumi writes a log of every call into its home.
  const home = await mkdtemp(join(tmpdir(), "mlstack-version-"));
  try {
    const env = { ...process.env, PULUMI_HOME: home };
    const { stdout, stderr } = await exec(path, build.versionArguments, { timeout: 20_000, env });
    return stdout + stderr;
  } catch {
    return "";
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
