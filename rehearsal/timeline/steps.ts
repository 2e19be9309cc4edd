import type { Step } from "./timeline";

/** Adds a value from a moment on; what is no change adds nothing, and of one moment the last value counts. */
export function record(steps: Step[], at: number, value: number): void {
  const last = steps.at(-1);
  if (last?.value === value) return;
  if (last?.at === at) {
    steps.pop();
    if (steps.at(-1)?.value === value) return;
  }
  steps.push({ at, value });
}

/** The average of a number over a time, each value counted for as long as it held. */
export function average(steps: readonly Step[], ends: number): number {
  const sum = steps.reduce((total, { at, value }, index) => total + value * ((steps[index + 1]?.at ?? ends) - at), 0);
  return ends > 0 ? sum / ends : 0;
}

/** The largest value. */
export function most(steps: readonly Step[]): number {
  return Math.max(0, ...steps.map(({ value }) => value));
}
