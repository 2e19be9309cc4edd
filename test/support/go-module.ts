import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { goBuildCache, moduleFolder } from "../../rehearsal/toolchain/cache";
import { GO_BUILD_FLAGS, GO_ENVIRONMENT } from "../../rehearsal/toolchain/pins";

const exec = promisify(execFile);

/**
 * Runs the tests of a package of a Go module, with the flags of the builds, so that what these compiled is used again.
 *
 * @returns what `go test` printed.
 * @throws Error with what it printed where a test fails.
 */
export async function goTest(module: string, path: string): Promise<string> {
  const { stdout } = await exec("go", ["test", "-mod=readonly", GO_BUILD_FLAGS.compiler, path], {
    cwd: moduleFolder(module),
    env: { ...process.env, ...GO_ENVIRONMENT, GOCACHE: goBuildCache() },
  });
  return stdout;
}
