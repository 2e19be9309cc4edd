import { defineConfig } from "vitest/config";
import { longestFirst } from "./test/support/longest-first.mjs";

/** Files that take minutes, the longest first. */
const LONGEST = [
  "test/rehearsals/faults.test.ts",
  "test/rehearsals/rehearse.test.ts",
  "test/rehearsals/agreement.test.ts",
];

/** Tests with clusters of their own that begin while the shared stack comes up: `test/run.ts`. */
const EARLY = ["test/rehearsals/agreement.test.ts", "test/rehearsals/cloud-stack.test.ts"];

/** What holds for all tests that real controllers take part in. */
const test = {
  isolate: false,
  maxConcurrency: 8,
  testTimeout: 180_000,
  hookTimeout: 600_000,
};

/** Tests that real controllers take part in: `npm run test:rehearsal`. */
export default defineConfig({
  test: {
    // Most of the time is spent waiting for controllers.
    maxWorkers: 8,
    sequence: { sequencer: longestFirst(LONGEST) },
    projects: [
      {
        test: {
          ...test,
          name: "local-stack",
          include: ["test/rehearsals/local-stack/**/*.test.ts"],
          globalSetup: ["test/rehearsals/local-stack/stack.ts"],
        },
      },
      {
        test: {
          ...test,
          name: "own-cluster",
          include: ["test/rehearsals/**/*.test.ts"],
          exclude: ["test/rehearsals/local-stack/**", ...EARLY],
        },
      },
      { test: { ...test, name: "early", include: EARLY } },
    ],
  },
});
