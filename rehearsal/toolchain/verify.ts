import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Build } from "./tools";

const exec = promisify(execFile);

/** Tells whether a binary runs and answers with the version that it should have. */
export async function isHealthy(build: Build, path: string): Promise<boolean> {
  return (await versionOutput(build, path)).includes(build.versionText);
}

/** What a binary prints when it is asked for its version; empty where it does not run. */
export async function versionOutput(build: Build, path: string): Promise<string> {
  try {
    const { stdout, stderr } = await exec(path, build.versionArguments, { timeout: 20_000 });
    return stdout + stderr;
  } catch {
    return "";
  }
}
