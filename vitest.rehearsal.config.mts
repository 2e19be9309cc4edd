import { defineConfig } from "vitest/config";

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
          exclude: ["test/rehearsals/local-stack/**"],
        },
      },
    ],
  },
});
