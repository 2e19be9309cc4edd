import { describe, expect, it } from "vitest";
import { goTest } from "../support/go-module";

describe("the Go modules", () => {
  it.each([
    ["pulumi", "./language-host"],
    ["kubernetes-provider", "./compatibility"],
  ])("of %s pass their own tests in %s", { timeout: 600_000 }, async (module, path) => {
    expect(await goTest(module, path)).toMatch(/^ok\s/);
  });
});
