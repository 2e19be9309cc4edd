import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Verdict } from "../../../preflight/placement";
import { RealScheduler } from "../differential/real-scheduler";
import { declaredStacks } from "./arbitraries/declared-stacks";
import { type Comparison, compared } from "./judgement";
import { recordedStack } from "./recording";
import { REGRESSIONS } from "./regressions";
import type { DeclaredStack } from "./stack";

/** How many stacks are generated; several times as many tell more and take minutes. */
const cases = Number(process.env["MLSTACK_SCHEDULER_CASES"] ?? 150);

/** Which stacks are generated; a test run always has the same ones. */
const seed = Number(process.env["MLSTACK_SCHEDULER_SEED"] ?? 1);

/** Milliseconds for one stack on a machine that is busy with much else; usual are a hundred. */
const PATIENCE = 2000;

describe("what preflight says of a stack and kube-scheduler does with it", () => {
  const comparisons: Comparison[] = [];
  let scheduler: RealScheduler;

  beforeAll(async () => {
    scheduler = await RealScheduler.start();
  });
  afterAll(async () => {
    await scheduler?.close();
  });

  it.each(REGRESSIONS)("is what was recorded: $title", { timeout: 60_000 }, async ({ stack, outcomes }) => {
    const record = await recordedStack(scheduler, stack);
    const said = (all: typeof outcomes) => all.map(({ title, nodes }) => ({ title, pods: nodes.length }));
    expect(said(record.outcomes)).toEqual(said(outcomes));
    expect(compared(record).disagreements).toEqual([]);
  });

  it(`is the same of ${cases} generated stacks`, { timeout: 60_000 + cases * PATIENCE }, async () => {
    const disagreements: object[] = [];
    let example: DeclaredStack | undefined;
    for (const stack of fc.sample(declaredStacks, { seed, numRuns: cases })) {
      const comparison = compared(await recordedStack(scheduler, stack));
      comparisons.push(comparison);
      disagreements.push(...comparison.disagreements);
      if (comparison.disagreements.length > 0) example ??= stack;
    }
    expect(disagreements, `for example in ${JSON.stringify(example)}`).toEqual([]);
  });

  it("is about every verdict, often enough to trust it", () => {
    const verdicts = comparisons.flatMap(({ verdicts }) => verdicts);
    const shareOf = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length / comparisons.length;
    expect(shareOf(Verdict.runs)).toBeGreaterThan(0.3);
    expect(shareOf(Verdict.never)).toBeGreaterThan(0.2);
    expect(shareOf(Verdict.queues)).toBeGreaterThan(0.03);
    // Where the scheduler chose badly, nothing is told of whether more would have fit.
    expect(comparisons.flatMap(({ choices }) => choices).length).toBeLessThan(comparisons.length * 0.02);
  });
});
