import { runInThisContext } from "node:vm";
import { Collector, type CollectedTest } from "./collector";
import { Loader } from "./loader";
import type { Mutant } from "./mutants";

/** Each test may take so many times as long with a mutant as without one, and the patience on top of it. */
const TIMES_LONGER = 20;
/** Milliseconds. A mutated loop may never end. */
const PATIENCE = 3000;

/** A test that passes where nothing is wrong. */
interface Judge {
  file: string;
  /** Its place among the tests of the file. */
  index: number;
  /** How long it takes where nothing is wrong. */
  milliseconds: number;
  /** The mutants whose place in the code it comes by; it cannot notice others. */
  reached: ReadonlySet<number>;
}

/** What the code under test asks at each place where it can be wrong. */
const scope = globalThis as { isMutant?: (id: number) => boolean; underTest?: () => unknown };

/** The tests that judge the mutants of some sources. */
export class Suite {
  readonly #loader: Loader;
  #collector = new Collector();
  #judges: Judge[] = [];

  /** @param replaced exports in place of those of a package, besides vitest. */
  constructor(sources: readonly string[], expect: unknown, replaced: Record<string, () => unknown>) {
    const mutated = new Set(sources);
    const vitest = () => this.#collector.exports(expect);
    this.#loader = new Loader((file) => mutated.has(file), { ...replaced, vitest });
  }

  /** The mutants of each file that some test loads. */
  get mutants(): ReadonlyMap<string, Mutant[]> {
    return this.#loader.mutants;
  }

  /**
   * Runs the tests of the files where nothing is wrong.
   *
   * @returns the titles of those that fail there, which notice nothing, with the reasons.
   */
  async prepare(files: readonly string[]): Promise<string[]> {
    const failing: string[] = [];
    const judges: Judge[] = [];
    for (const file of files) {
      const whileLoading = record();
      const tests = this.#testsOf(file);
      for (const [index, { title, run }] of tests.entries()) {
        const reached = record();
        const start = performance.now();
        const error = await errorOf(run);
        const milliseconds = performance.now() - start;
        if (error === undefined)
          judges.push({ file, index, milliseconds, reached: new Set([...whileLoading, ...reached]) });
        else failing.push(`${title}: ${error}`);
      }
    }
    this.#judges = judges.sort((a, b) => a.milliseconds - b.milliseconds);
    return failing;
  }

  /** Tells whether any test fails because of the mutant. */
  async notices({ id }: Mutant): Promise<boolean> {
    scope.isMutant = (asked) => asked === id;
    const loaded = new Map<string, CollectedTest[]>();
    for (const judge of this.#judges.filter(({ reached }) => reached.has(id))) {
      const { file, index, milliseconds } = judge;
      const load = () => loaded.set(file, this.#testsOf(file));
      const loads = loaded.has(file) || (await errorOf(load, PATIENCE)) === undefined;
      const run = () => loaded.get(file)?.[index]?.run();
      if (loads && (await errorOf(run, PATIENCE + TIMES_LONGER * milliseconds)) === undefined) continue;
      // Neighbouring mutants are often noticed by the same test.
      this.#judges = [judge, ...this.#judges.filter((other) => other !== judge)];
      return true;
    }
    return false;
  }

  /** The tests of a file, with modules that remember nothing of other files. */
  #testsOf(file: string): CollectedTest[] {
    this.#loader.forget();
    this.#collector = new Collector();
    this.#loader.load(file);
    return this.#collector.tests;
  }
}

/** The mutants that are asked for from now on, until the next call. None of them is active. */
function record(): Set<number> {
  const reached = new Set<number>();
  scope.isMutant = (id) => {
    reached.add(id);
    return false;
  };
  return reached;
}

/**
 * The error that something ends with; undefined where it ends without one.
 *
 * @param timeout milliseconds that it may take; default: any time.
 */
async function errorOf(work: () => unknown, timeout?: number): Promise<string | undefined> {
  scope.underTest = work;
  try {
    // Only a script can be stopped amid a loop that never ends.
    await runInThisContext("underTest()", timeout === undefined ? {} : { timeout: Math.ceil(timeout) });
    return undefined;
  } catch (error) {
    return String(error);
  }
}
