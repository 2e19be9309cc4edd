import { durationText } from "../../rehearsal/scenarios/duration";
import { SERVICES } from "../../rehearsal/timeline/owner-kinds";
import type { World } from "../../rehearsal/timeline/world";

/** How often the line is told, in milliseconds: redrawn in a terminal, as a line elsewhere. */
const TERMINAL_INTERVAL = 500;
const PLAIN_INTERVAL = 15_000;

/** Shows on the standard error how a rehearsal stands, until it is told to stop. */
export class LiveLine {
  private readonly timer: NodeJS.Timeout;
  private readonly isTerminal = process.stderr.isTTY;

  /** @param line says how it stands now. */
  constructor(private readonly line: () => string) {
    this.timer = setInterval(
      () => {
        this.show();
      },
      this.isTerminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL,
    );
  }

  /** Shows no more. */
  stop(): void {
    clearInterval(this.timer);
    if (this.isTerminal) process.stderr.write("\r\u001B[K");
  }

  private show(): void {
    process.stderr.write(this.isTerminal ? `\r\u001B[K${this.line()}` : `${this.line()}\n`);
  }
}

/**
 * How a rehearsal stands: its time, workloads that run and wait, nodes, GPUs.
 *
 * @param standing whether a workload, by its uid, was there before it began.
 */
export function liveText(world: World, seconds: number, standing: (uid: string) => boolean): string {
  const placed = world.placed();
  const running = new Set(
    placed.map((pod) => world.workloadOf(pod)).map(({ uid, kind }) => (SERVICES.has(kind) ? "" : uid)),
  );
  const own = [...running].filter((uid) => uid !== "" && !standing(uid)).length;
  const queued = [...world.queued.values()].filter(({ isAdmitted, isFinished }) => !isAdmitted && !isFinished).length;
  const unplaced = world.unplaced().length;
  const nodes = [...world.nodes.values()].filter(({ isReady }) => isReady);
  const there = nodes.reduce((sum, { gpus }) => sum + gpus, 0);
  const inUse = placed.reduce((sum, { gpus }) => sum + gpus, 0);
  return `${durationText(seconds)} of the scenario · ${own} running · ${queued} in queues · ${unplaced} pods without a node · ${nodes.length} nodes · GPUs ${inUse}/${there}`;
}
