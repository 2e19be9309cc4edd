import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { goBuildCache, moduleFolder } from "../../rehearsal/toolchain/cache";
import { GO_BUILD_FLAGS, GO_ENVIRONMENT } from "../../rehearsal/toolchain/pins";

const exec = promisify(execFile);

describe("the Go modules", () => {
  // With the flags of the builds, so that what these compiled is used again.
  it.each([
    ["pulumi", "./language-host"],
    ["kubernetes-provider", "./compatibility"],
  ])("of %s pass their own tests in %s", { timeout: 600_000 }, async (module, path) => {
    const { stdout } = await exec("go", ["test", "-mod=readonly", GO_BUILD_FLAGS.compiler, path], {
      cwd: moduleFolder(module),
      env: { ...process.env, ...GO_ENVIRONMENT, GOCACHE: goBuildCache() },
    });
    expect(stdout).toMatch(/^ok\s/);
  });
});
