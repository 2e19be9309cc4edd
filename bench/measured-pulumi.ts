import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Pulumi } from "../cli/pulumi";
import { secondsOf } from "./benchmark";

/** What a command has taken. */
export interface Measured {
  seconds: number;
  /** Peak resident memory of the greediest program of the command; an update runs the program twice. */
  memoryMib: number;
}

/** An engine whose programs keep their compile caches in a folder of their own, and tell their peak memory. */
export class MeasuredPulumi {
  private readonly measured: Pulumi;
  private readonly caches: string;
  private readonly memory: string;

  /**
   * @param scratch Folder for whatever is written.
   * @param id Tells its files from those of others; letters and hyphens.
   * @param variables Environment variables beside those of the engine.
   */
  constructor(pulumi: Pulumi, scratch: string, id: string, variables: Record<string, string> = {}) {
    this.caches = join(scratch, "caches", id);
    this.memory = join(scratch, `${id}.memory`);
    const probe = `--require=${JSON.stringify(require.resolve("./memory-probe"))}`;
    this.measured = pulumi.with({
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${probe}`,
      MLSTACK_BENCH_MEMORY: this.memory,
      TS_NODE_CACHE_DIRECTORY: join(this.caches, "ts-node"),
      NODE_COMPILE_CACHE: join(this.caches, "node"),
      ...variables,
    });
  }

  /** Makes the next command start as in a fresh clone. */
  async emptyCaches(): Promise<void> {
    await rm(this.caches, { recursive: true, force: true });
  }

  /** Runs a command that runs a program. @throws Error with all that it printed when it fails. */
  async measure(args: string[]): Promise<Measured> {
    await rm(this.memory, { force: true });
    const seconds = await secondsOf(() => this.measured.quietly(args));
    const lines = (await readFile(this.memory, "utf8")).trim().split("\n");
    return { seconds, memoryMib: Math.max(...lines.map(Number)) / 1024 };
  }

  /** Runs a command unmeasured. @throws Error with all that it printed when it fails. */
  async quietly(args: string[]): Promise<void> {
    await this.measured.quietly(args);
  }
}
