import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { runSteps } from "../progress";
import { configurationFile, RECORDED_STACKS, stateFile } from "../releases/release-files";
import { ReleaseStack } from "../releases/release-stack";
import { versionOfThis } from "../version";

/** Options of `mlstack release record`. */
export interface ReleaseRecordOptions {
  /** Record a release anew that was recorded before. */
  force?: boolean;
}

/**
 * Records the states of this release's environments, by which later versions are held to what they may change. It brings each
 * up against stand-in providers: no account, no cluster, no network but for Go modules.
 *
 * @throws {Problem} when the release was recorded before, as a release does not change.
 */
export async function recordRelease({ force = false }: ReleaseRecordOptions): Promise<number> {
  const version = versionOfThis();
  const known = RECORDED_STACKS.find((stack) => existsSync(stateFile(version, stack)));
  if (known !== undefined && !force) {
    throw new Problem(
      `${version} was recorded before: ${stateFile(version, known)}`,
      "Raise the version in package.json first. Before it is released, --force records it anew.",
    );
  }
  await runSteps(
    RECORDED_STACKS.map((stack) => ({
      title: `State of ${stack} in ${version}`,
      typical: "30 s",
      run: () => recordStack(version, stack),
    })),
  );
  return 0;
}

async function recordStack(version: string, stack: string): Promise<string> {
  const environment = await ReleaseStack.prepare({ stack });
  try {
    const text = await environment.record();
    const file = stateFile(version, stack);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await copyFile(join(checkoutRoot(), "stacks", `Pulumi.${stack}.yaml`), configurationFile(version, stack));
    return `${text.split("\n").length - 2} resources, ${Math.ceil(text.length / 1024)} KiB`;
  } finally {
    await environment.remove();
  }
}
