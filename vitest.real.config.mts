import { defineConfig } from "vitest/config";

/** What holds for all tests in which containers run. */
const test = {
  isolate: false,
  maxConcurrency: 8,
  testTimeout: 300_000,
  hookTimeout: 900_000,
};

/** Tests in which containers run, on real nodes: `npm run test:real`. */
export default defineConfig({
  test: {
    // The stories share two cores, and wait most of the time.
    maxWorkers: 4,
    projects: [
      { test: { ...test, name: "node", include: ["test/real/**/*.test.ts"], exclude: ["test/real/stories/**"] } },
      {
        test: {
          ...test,
          name: "stories",
          include: ["test/real/stories/**/*.test.ts"],
          globalSetup: ["test/real/stories/stack.ts"],
        },
      },
    ],
  },
});
