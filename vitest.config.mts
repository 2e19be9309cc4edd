import { defineConfig } from "vitest/config";
import { longestFirst } from "./test/support/longest-first.mjs";

/** Files that take minutes, the longest first. */
const LONGEST = [
  "test/cli/local-platform.test.ts",
  "test/cli/local-environment.test.ts",
  "test/stacks/aws-environments.test.ts",
  "test/cli/releases/upgrades.test.ts",
  "test/preflight/differential/against-scheduler.test.ts",
  "test/rehearsal/stand-ins/engine.test.ts",
  "test/examples/projects.test.ts",
  "test/examples/pull-request-workflow.test.ts",
  "test/cli/plan/page/page-in-browser.test.ts",
  "test/packaging/consumers.test.ts",
  "test/packaging/package.test.ts",
  "test/site/site.test.ts",
];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/rehearsals/**", "test/real/**"],
    isolate: false,
    // Much of the time is spent waiting for an engine or a cluster.
    maxWorkers: 3,
    sequence: { sequencer: longestFirst(LONGEST) },
    testTimeout: 20_000,
    hookTimeout: 120_000,
  },
});
