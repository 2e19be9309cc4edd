import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache";
import { exclusively, userLock } from "./lock";

const run = promisify(execFile);

/** What the pins need: venv with pip, which some distributions package apart, and Python 3.10. */
const FIT = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";

/** A virtual environment that is made once and then kept in the tool cache until its pins change. */
export interface PythonEnvironment {
  /** What it is for, as part of its folder's name. */
  name: string;
  /** Path of the requirements file, which pins every package; pip demands all hashes where the file names one. */
  requirements: string;
}

/** Why these environments can not be had here; undefined where they can. Asks the package index only for new ones. */
export function missingPython(...environments: PythonEnvironment[]): string | undefined {
  const { status, error } = spawnSync("python3", ["-c", FIT], { stdio: "ignore" });
  if (error !== undefined) return "there is no python3 on PATH";
  if (status !== 0) return "python3 is older than 3.10 or has no venv";
  if (environments.every((environment) => existsSync(folderOf(environment)))) return undefined;
  return indexAnswers() ? undefined : "pip reaches no package index";
}

/**
 * The Python of an environment with exactly the pinned packages. Programs of packages are to be run as
 * `python -m`: scripts beside it name the folder in which they were installed first.
 *
 * @throws when a package is not to be had.
 */
export async function pythonOf(environment: PythonEnvironment): Promise<string> {
  const folder = folderOf(environment);
  await exclusively(userLock(environment.name), async () => {
    if (existsSync(folder)) return;
    // Only a finished environment gets the name.
    const partial = join(dirname(folder), `.partial-${environment.name}`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await run("python3", ["-m", "venv", partial]);
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", environment.requirements];
    await run(join(partial, "bin", "python"), install);
    await rename(partial, folder);
  });
  return join(folder, "bin", "python");
}

function folderOf({ name, requirements }: PythonEnvironment): string {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  return join(cacheFolder(), "test", `${name}-${hash}`);
}

function indexAnswers(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mlstack-pip-"));
  const python = join(folder, "bin", "python");
  const download = ["-m", "pip", "download", "--quiet", "--retries", "0", "--no-deps", "--dest", folder, "pip"];
  try {
    spawnSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
    return spawnSync(python, download, { stdio: "ignore" }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
