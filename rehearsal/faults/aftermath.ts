import { setTimeout as sleep } from "node:timers/promises";
import { patiently } from "../cluster/patience";

/** What faults bring about later, such as a machine that is replaced or a webhook that answers again. */
export class Aftermath {
  /** When the last of it came, in milliseconds of the clock of the machine; 0 where none has. */
  lastAt = 0;
  private open = 0;
  private readonly end = new AbortController();

  /** @param speed seconds of the scenario per second. */
  constructor(private readonly speed: number) {}

  /** Whether something is still to come. */
  get isOpen(): boolean {
    return this.open > 0;
  }

  /**
   * Does something later, again and again while the API server is away; whatever else it refuses changes nothing.
   *
   * @param seconds of the scenario.
   */
  later(seconds: number, act: () => Promise<unknown>): void {
    const { signal } = this.end;
    this.open += 1;
    void sleep((seconds * 1000) / this.speed, undefined, { signal })
      .then(() => patiently(signal, act))
      .catch(() => undefined)
      .finally(() => {
        this.open -= 1;
        this.lastAt = Date.now();
      });
  }

  /** Leaves undone what is still to come. */
  stop(): void {
    this.end.abort();
  }
}
