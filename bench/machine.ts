import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Runnable processes per core above which measurements wait for their turn and say more of the neighbours. */
const BUSY_LOAD_PER_CORE = 0.5;

/** The machine that is measured on, in one line. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return [
    `${availableParallelism()} cores (${model})`,
    `${memory} GiB memory`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `load average ${load().toFixed(1)}`,
  ].join(", ");
}

/**
 * What to say of a machine that is too busy to measure on; undefined where it is quiet.
 *
 * @param loadAverage Runnable processes, averaged over the last minute.
 */
export function loadWarning(loadAverage = load(), cores = availableParallelism()): string | undefined {
  if (loadAverage <= BUSY_LOAD_PER_CORE * cores) return undefined;
  return (
    `The machine is busy: load average ${loadAverage.toFixed(1)} on ${cores} cores. ` +
    "Times and their spread are larger than on a quiet machine; measure again when nothing else runs."
  );
}

function load(): number {
  return loadavg()[0] ?? 0;
}
