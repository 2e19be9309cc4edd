/** One test that can be run again and again. */
export interface CollectedTest {
  title: string;
  run: () => unknown;
}

type Body = (...args: never[]) => unknown;

/**
 * Stands in for `describe` and `it` of vitest while test files are loaded, so that their tests can be run many times without
 * being loaded again.
 */
export class Collector {
  readonly tests: CollectedTest[] = [];
  #titles: string[] = [];

  /** What takes the place of vitest's exports; `expect` stays the real one. */
  exports(expect: unknown): object {
    const it = this.#callable((title, body) => {
      const whole = [...this.#titles, title].join(" > ");
      this.tests.push({ title: whole, run: () => body() });
    });
    const describe = this.#callable((title, body) => {
      this.#titles.push(title);
      body();
      this.#titles.pop();
    });
    const ignored = () => undefined;
    return {
      describe,
      it,
      test: it,
      expect,
      beforeAll: ignored,
      afterAll: ignored,
      beforeEach: ignored,
      afterEach: ignored,
    };
  }

  #callable(collect: (title: string, body: Body) => void): object {
    const each = (cases: readonly unknown[]) => (title: string, body: Body) => {
      const areRows = cases.every(Array.isArray);
      for (const row of cases) {
        const args = (areRows ? row : [row]) as never[];
        const [first] = args as unknown[];
        collect(typeof first === "string" ? `${title} ${first}` : title, () => body(...args));
      }
    };
    const runIf = (condition: unknown) => (title: string, body: Body) => {
      if (condition) collect(title, body);
    };
    const skipIf = (condition: unknown) => runIf(!condition);
    return Object.assign(collect, { each, runIf, skipIf, skip: () => undefined });
  }
}
