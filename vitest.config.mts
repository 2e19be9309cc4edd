import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, the longest first. */
const LONGEST = [
  "test/cli/local-platform.test.ts",
  "test/cli/local-environment.test.ts",
  "test/stacks/aws-environments.test.ts",
  "test/preflight/differential/against-scheduler.test.ts",
  "test/rehearsal/stand-ins/engine.test.ts",
  "test/cli/plan/page/page-in-browser.test.ts",
  "test/packaging/package.test.ts",
];

/** Begins with the longest files also where no run before has told which these are: at the end they would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/rehearsals/**"],
    isolate: false,
    // Much of the time is spent waiting for an engine or a cluster.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 120_000,
  },
});
