import type * as FastCheck from "fast-check";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { checkoutRoot } from "../../rehearsal/checkout";
import { roomsWith, type Room } from "./rooms";
import { Suite } from "./suite";

/** Percent of the mutants of a room that its tests must notice. */
const LEAST_SCORE = 95;

const root = checkoutRoot();

/** Only files whose path contains it, where it is given: `MLSTACK_MUTATE=preflight/cost npm run mutation`. */
const rooms = roomsWith(process.env["MLSTACK_MUTATE"] ?? "");

/** Property tests that stop at the first counterexample: the smallest one is of no use here. */
function impatientProperties(): unknown {
  const fastCheck = createRequire(join(root, "package.json"))("fast-check") as typeof FastCheck;
  fastCheck.configureGlobal({ ...fastCheck.readConfigureGlobal(), endOnFailure: true });
  return fastCheck;
}

async function scoreOf({ name, sources, tests }: Room): Promise<number> {
  const suite = new Suite(sources, expect, { "fast-check": impatientProperties });
  const failing = await suite.prepare(tests);
  for (const title of failing) process.stdout.write(`fails by itself: ${title}\n`);

  const survivors: string[] = [];
  let count = 0;
  for (const [file, mutants] of suite.mutants) {
    const path = relative(root, file);
    const before = survivors.length;
    for (const mutant of mutants) {
      if (!(await suite.notices(mutant))) survivors.push(`${path}:${mutant.line} ${mutant.change}`);
    }
    count += mutants.length;
    process.stdout.write(`${path}: ${mutants.length - survivors.length + before} of ${mutants.length} noticed\n`);
  }
  const score = count === 0 ? 100 : (100 * (count - survivors.length)) / count;
  const lines = [...survivors, `${name}: ${count} mutants, score ${score.toFixed(1)} %`];
  process.stdout.write(`${lines.join("\n")}\n`);
  return score;
}

it("the tests notice what is wrong in the rules of the packs and in preflight", { timeout: 7_200_000 }, async () => {
  const scores: Record<string, number> = {};
  for (const room of rooms) scores[room.name] = await scoreOf(room);
  const low = Object.entries(scores).filter(([, score]) => score < LEAST_SCORE);
  expect(low, `rooms with less than ${LEAST_SCORE} %`).toEqual([]);
});
