import { constants } from "node:os";
import { Listr } from "listr2";

/** One step of a command. */
export interface Step {
  title: string;
  /** What it usually takes, for steps that can take long; shown beside the elapsed time. */
  typical?: string;
  run: (tell: (doing: string) => void) => Promise<string | undefined>;
}

/** How often a running step is reported where there is no terminal to redraw, in milliseconds. */
const PLAIN_INTERVAL = 15_000;
const TERMINAL_INTERVAL = 1000;

/** Signals that end a run between two steps or inside one; what is half done is taken up by the next run. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs steps one after another and shows which of how many runs, for how long, and what it usually takes: redrawn in a
 * terminal, as plain lines elsewhere. A step's result, if it returns one, stays beside its title.
 *
 * @param signals what ends the process at once; none where the caller sees to them.
 */
export async function runSteps(steps: Step[], signals: readonly NodeJS.Signals[] = SIGNALS): Promise<void> {
  const terminal = process.stdout.isTTY;
  const tasks = steps.map(({ title, typical, run }, index) => ({
    title: `[${index + 1}/${steps.length}] ${title}`,
    task: async (_: unknown, task: { title: string; output: string }) => {
      const started = Date.now();
      let doing = "";
      const report = () => {
        const usual = typical === undefined ? "" : ` (usually ${typical})`;
        task.output = `${elapsed(started)}${usual}${doing && ` · ${doing}`}`;
      };
      const timer = setInterval(report, terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL);
      try {
        const result = await run((now) => {
          doing = now;
        });
        task.title += `${result === undefined ? "" : `: ${result}`} (${elapsed(started)})`;
      } finally {
        clearInterval(timer);
      }
    },
  }));
  for (const signal of signals) process.once(signal, endBySignal);
  await new Listr(tasks, {
    renderer: terminal ? "default" : "simple",
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
    registerSignalListeners: false,
  })
    .run()
    .finally(() => {
      for (const signal of signals) process.off(signal, endBySignal);
    });
}

/** Ends the process as a shell expects it after a signal, with the cursor that the redrawing hid. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.stdout.isTTY) process.stdout.write("\u001B[?25h");
  process.exit(128 + constants.signals[signal]);
}

/** Time since a moment, as `4.2 s` or `6:20 min`. */
export function elapsed(since: number): string {
  const seconds = (Date.now() - since) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;
}
