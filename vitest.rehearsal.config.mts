import { defineConfig } from "vitest/config";

/** Tests that real controllers take part in: `npm run test:rehearsal`. */
export default defineConfig({
  test: {
    include: ["test/rehearsals/**/*.test.ts"],
    isolate: false,
    // Each brings up an environment of its own, which takes both cores.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
