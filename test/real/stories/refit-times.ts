/** A pod of a run, as far as it tells how long it took. */
export interface TimedStep {
  step: string;
  startedAt: string;
  finishedAt: string;
}

/** How long each step of a run took, in the order in which they began, and the whole of it: a line each. */
export function timesOf(run: string, pods: readonly TimedStep[]): string {
  const spans = new Map<string, { pods: number; from: number; to: number }>();
  for (const { step, startedAt, finishedAt } of pods) {
    const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt)];
    const span = spans.get(step) ?? { pods: 0, from, to };
    spans.set(step, { pods: span.pods + 1, from: Math.min(span.from, from), to: Math.max(span.to, to) });
  }
  const all = [...spans].sort(([, one], [, other]) => one.from - other.from);
  const whole = { from: all[0]![1].from, to: Math.max(...all.map(([, { to }]) => to)) };
  return [
    ...all.map(
      ([step, span]) => `${step.padEnd(12)}${seconds(span)}${span.pods > 1 ? `  ${span.pods} pods side by side` : ""}`,
    ),
    `${run.padEnd(12)}${seconds(whole)}`,
  ].join("\n");
}

function seconds({ from, to }: { from: number; to: number }): string {
  return `${Math.round((to - from) / 1000)} s`.padStart(6);
}
