import { readFileSync } from "node:fs";

/** Milliseconds between two looks. */
const PAUSE = 2000;

/** Watches how much memory the whole machine uses more than when it began. */
export class UsedMemory {
  private readonly before = availableGib();
  private least = this.before;
  private readonly timer = setInterval(() => {
    this.least = Math.min(this.least, availableGib());
  }, PAUSE).unref();

  /** Ends it. @returns the most that was used at once, in GiB. */
  stop(): number {
    clearInterval(this.timer);
    return this.before - this.least;
  }
}

/** What programs could still have, without what is only kept for speed. @see https://docs.kernel.org/filesystems/proc.html "meminfo" */
function availableGib(): number {
  const [, kib = "0"] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return Number(kib) / 1024 ** 2;
}
