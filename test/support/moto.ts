import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../rehearsal/checkout";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

const run = promisify(execFile);

const SUPPORT = join(checkoutRoot(), "test", "support");
const ENVIRONMENT: PythonEnvironment = { name: "moto", requirements: join(SUPPORT, "moto-requirements.txt") };
const SEED = join(SUPPORT, "moto-seed.py");

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
    return missingPython(ENVIRONMENT);
  }

  /** Starts a stand-in without any resources. */
  static async start(): Promise<Moto> {
    const python = await pythonOf(ENVIRONMENT);
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
