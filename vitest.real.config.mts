import { defineConfig } from "vitest/config";
import { longestFirst } from "./test/support/longest-first.mjs";

/** Stories that take minutes, the longest first. */
const LONGEST = ["model-loop", "web-app", "refit", "parameter-server"].map(
  (story) => `test/real/stories/${story}.test.ts`,
);

/** What holds for all tests in which containers run. */
const test = {
  isolate: false,
  maxConcurrency: 8,
  testTimeout: 300_000,
  hookTimeout: 900_000,
};

/** What holds for those that share the environment `real`; the first of them to come brings it up. */
const onSharedStack = { ...test, globalSetup: ["test/real/stories/stack.ts"] };

/** Tests that kill what all others of the shared environment stand on. */
const FAULTS = "test/real/stories/**/*-faults.test.ts";

/** Tests in which containers run, on real nodes: `npm run test:real`. */
export default defineConfig({
  test: {
    // The stories share two cores, and wait most of the time.
    maxWorkers: 4,
    sequence: { sequencer: longestFirst(LONGEST) },
    projects: [
      { test: { ...test, name: "node", include: ["test/real/**/*.test.ts"], exclude: ["test/real/stories/**"] } },
      {
        test: {
          ...onSharedStack,
          name: "stories",
          include: ["test/real/stories/**/*.test.ts"],
          exclude: [FAULTS],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...onSharedStack, name: "story-faults", include: [FAULTS], sequence: { groupOrder: 1 } } },
    ],
  },
});
