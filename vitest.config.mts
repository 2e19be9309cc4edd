import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    isolate: false,
    // Much of the time is spent waiting for an engine or a cluster.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 120_000,
  },
});
