import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { checkoutRoot } from "../../rehearsal/checkout";
import { Collector, type CollectedTest } from "./collector";
import { Loader } from "./loader";
import type { Mutant } from "./mutants";

/** Percent of the mutants that the tests must notice. */
const LEAST_SCORE = 95;

const root = checkoutRoot();
/**
 * Folders of `policies` whose files are mutated, and of `test/policies` whose tests judge them: first those of the engine,
 * which notice most of what is wrong there.
 */
const folders = ["engine", "pod-security", "gpu-ml", "eks"];
/** Only files whose path contains it, where it is given: `MLSTACK_MUTATE=gpu-quantity npm run mutation`. */
const only = process.env["MLSTACK_MUTATE"] ?? "";

function filesIn(...parts: string[]): string[] {
  const folder = join(root, ...parts);
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join(folder, entry));
}

const sources = folders
  .flatMap((folder) => filesIn("policies", folder))
  .filter((file) => !/(^|\/)(index|rules)\.ts$/.test(file));
const tests = folders
  .flatMap((folder) => filesIn("test", "policies", folder))
  // Thousands of pods of others, which would take most of the time; the rules' own tests must do without.
  .filter((file) => file.endsWith(".test.ts") && !file.endsWith("upstream-fixtures.test.ts"));

function activate(mutant: number | undefined): void {
  (globalThis as { activeMutant?: number | undefined }).activeMutant = mutant;
}

async function fails({ run }: CollectedTest): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}

async function failsAny(some: CollectedTest[]): Promise<boolean> {
  for (const test of some) if (await fails(test)) return true;
  return false;
}

/** The tests that pass where nothing is wrong; the others notice nothing. */
async function passing(some: CollectedTest[]): Promise<CollectedTest[]> {
  const kept: CollectedTest[] = [];
  for (const test of some) {
    if (await fails(test)) process.stdout.write(`fails by itself: ${test.title}\n`);
    else kept.push(test);
  }
  return kept;
}

function collect(loader: Loader, into: { collector: Collector }, file: string): CollectedTest[] {
  into.collector = new Collector();
  loader.load(file);
  return into.collector.tests;
}

it("the tests of the rules and of their engine notice what is wrong in them", { timeout: 3_600_000 }, async () => {
  const current = { collector: new Collector() };
  const loader = new Loader((file) => sources.includes(file), { vitest: () => current.collector.exports(expect) });
  const loaded = tests.map((file) => ({ file, tests: collect(loader, current, file) }));
  const loadedGeneric = collect(loader, current, join(root, "test", "policies", "every-rule.test.ts"));
  activate(undefined);
  const generic = await passing(loadedGeneric);
  const suites: typeof loaded = [];
  for (const suite of loaded) suites.push({ file: suite.file, tests: await passing(suite.tests) });

  const survivors: string[] = [];
  let count = 0;
  for (const [file, mutants] of loader.mutants) {
    if (!relative(root, file).includes(only)) continue;
    const ofFile = suites.filter((suite) => loader.imports(suite.file, file));
    const titles = titlesOf(loader, file);
    const judging = [
      ...ofFile.flatMap((suite) => suite.tests),
      ...generic.filter(({ title }) => titles.some((start) => title.startsWith(start))),
    ];
    const alive: Mutant[] = [];
    for (const mutant of mutants) {
      activate(mutant.id);
      if (!(await failsAny(judging))) alive.push(mutant);
    }
    activate(undefined);
    count += mutants.length;
    const name = relative(root, file);
    survivors.push(...alive.map(({ line, change }) => `${name}:${line} ${change}`));
    process.stdout.write(`${name}: ${mutants.length - alive.length} of ${mutants.length} noticed\n`);
  }
  const score = (100 * (count - survivors.length)) / count;
  process.stdout.write(`${survivors.join("\n")}\n${count} mutants, score ${score.toFixed(1)} %\n`);
  expect(score).toBeGreaterThanOrEqual(LEAST_SCORE);
});

/** Beginnings of the titles, in the tests of every rule, of the rules that a file takes part in. */
function titlesOf(loader: Loader, file: string): string[] {
  return sources
    .filter((rule) => loader.imports(rule, file))
    .flatMap((rule) => Object.values(loader.load(rule) as Record<string, { id?: unknown; title?: unknown }>))
    .flatMap((exported) => (typeof exported?.id === "string" ? [`%s ${exported.id} ${String(exported.title)}`] : []));
}
