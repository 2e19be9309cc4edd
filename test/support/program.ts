import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** How long a program may take to print what is waited for, and to end by itself, in milliseconds. */
const PATIENCE = 60_000;

/** How long a program may take to end after a signal before it is killed, in milliseconds. */
const GRACE = 5000;

/** Programs that have not ended. */
const running = new Set<ChildProcess>();

function killRunning(): void {
  for (const child of running) child.kill("SIGKILL");
}

process.once("exit", killRunning);
// Vitest ends its workers by a signal, which by default ends a process without any event.
process.once("SIGTERM", () => {
  killRunning();
  process.kill(process.pid, "SIGTERM");
});

/** A program that runs beside a test, with all that it prints. */
export class Program {
  /** All that it printed so far, on both streams. */
  output = "";
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  /**
   * Starts a program.
   *
   * @param folder In which it runs.
   * @param environment Added to the environment of the tests.
   */
  constructor(
    private readonly command: string[],
    folder: string,
    environment: Record<string, string> = {},
  ) {
    const [file = "", ...args] = command;
    const env = { ...process.env, ...environment };
    this.child = spawn(file, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.child);
    this.closed = once(this.child, "close").finally(() => running.delete(this.child));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
        this.child.emit("printed");
      });
    }
  }

  /** Waits until it has printed something. @throws with all of its output when it ends before, or takes too long. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      if (deadline.aborted || !running.has(this.child)) throw this.problem(`did not print ${String(pattern)}`);
      const printed = once(this.child, "printed", { signal: deadline }).catch(() => undefined);
      await Promise.race([printed, this.closed]);
    }
  }

  /** Waits until it ends by itself and returns its exit code. @throws with all of its output when that takes too long. */
  async ends(): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(this.problem("does not end"));
      }, PATIENCE);
    });
    try {
      await Promise.race([this.closed, late]);
      return this.child.exitCode;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it, if it has not ended. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), GRACE);
    await this.closed;
    clearTimeout(timer);
  }

  private problem(what: string): Error {
    return new Error(`${this.command.join(" ")} ${what}; it printed:\n${this.output}`);
  }
}
