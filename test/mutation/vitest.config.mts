import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/mutation/conditions.mutation.ts"], isolate: false, disableConsoleIntercept: true },
});
