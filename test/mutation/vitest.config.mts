import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/mutation/rules.mutation.ts"], isolate: false, disableConsoleIntercept: true },
});
