import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../rehearsal/checkout";
import { cacheFolder } from "../../rehearsal/toolchain/cache";
import { exclusively, userLock } from "../../rehearsal/toolchain/lock";

const run = promisify(execFile);

const REQUIREMENTS = join(checkoutRoot(), "test", "support", "moto-requirements.txt");
const SEED = join(checkoutRoot(), "test", "support", "moto-seed.py");

/** What the pins of moto need: venv with pip, which some distributions package apart, and Python 3.10. */
const FIT = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";

/** Something to create in the stand-in. */
export interface Seed {
  /** Name of a function of `moto-seed.py`. */
  kind: string;
  tags: Record<string, string>;
}

/** An AWS API stand-in on loopback: moto, installed on first use into the tool cache. */
export class Moto {
  private constructor(
    private readonly python: string,
    private readonly server: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Why it can not be had here; undefined where it can. */
  static missing(): string | undefined {
    const { status, error } = spawnSync("python3", ["-c", FIT], { stdio: "ignore" });
    if (error !== undefined) return "there is no python3 on PATH";
    return status === 0 ? undefined : "python3 is older than 3.10 or has no venv";
  }

  /** Starts a stand-in without any resources. */
  static async start(): Promise<Moto> {
    const python = await installed();
    const server = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    const endpoint = await new Promise<string>((resolve, reject) => {
      server.stderr.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (address !== undefined) resolve(address);
      });
      server.once("exit", () => {
        reject(new Error(`moto ended at once:\n${output}`));
      });
    });
    return new Moto(python, server, endpoint);
  }

  /** Creates resources in a region and returns their ids, in the same order. */
  async seed(region: string, seeds: Seed[]): Promise<string[]> {
    const seeding = run(this.python, [SEED, this.endpoint, region]);
    seeding.child.stdin!.end(JSON.stringify(seeds));
    return JSON.parse((await seeding).stdout) as string[];
  }

  /** Forgets all resources. */
  async reset(): Promise<void> {
    const { ok, status } = await fetch(`${this.endpoint}/moto-api/reset`, { method: "POST" });
    if (!ok) throw new Error(`moto does not forget: ${status}`);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const ended = once(this.server, "exit");
    this.server.kill();
    await ended;
  }
}

/** The Python of a virtual environment with exactly the pinned packages. */
async function installed(): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), "test", `moto-${hash}`);
  const python = join(folder, "bin", "python");
  await exclusively(userLock("moto"), async () => {
    if (existsSync(python)) return;
    // Only a finished environment gets the name.
    const partial = join(dirname(folder), `.partial-moto-${hash}`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await run("python3", ["-m", "venv", partial]);
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await run(join(partial, "bin", "python"), [...install, "-r", REQUIREMENTS]);
    await rename(partial, folder);
  });
  return python;
}
