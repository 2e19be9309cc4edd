import { execFile } from "node:child_process";
import { join } from "node:path";
import { build } from "../../rehearsal/toolchain/build";
import type { Tool } from "../../rehearsal/toolchain/tools";

const VERSION = "1.7.12";

/**
 * What finds mistakes in workflows of GitHub: keys, expressions, what actions take, what an untrusted text may reach.
 *
 * @see https://github.com/rhysd/actionlint/blob/v1.7.12/docs/checks.md
 */
const ACTIONLINT: Tool = {
  name: "actionlint",
  title: "actionlint",
  version: VERSION,
  modules: ["actionlint"],
  builds: [
    {
      binary: "actionlint",
      package: "github.com/rhysd/actionlint/cmd/actionlint",
      stamps: { "github.com/rhysd/actionlint.version": VERSION },
      versionArguments: ["-version"],
      versionText: VERSION,
    },
  ],
  instead: "; only a test needs it",
  typicalMinutes: 1,
};

/** What actionlint finds in a workflow, a line each; it is built on first use. */
export async function lintedWorkflow(path: string): Promise<string[]> {
  const program = join(await build(ACTIONLINT), "actionlint");
  // What else is on this machine must not decide what is found.
  const settings = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="];
  return new Promise((resolve, reject) => {
    execFile(program, [...settings, path], (error, stdout, stderr) => {
      // 1 is that it found something.
      if (error !== null && error.code !== 1) reject(new Error(stderr));
      else resolve(stdout.split("\n").filter((line) => line !== ""));
    });
  });
}
