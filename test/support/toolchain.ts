import { join } from "node:path";
import { build } from "../../rehearsal/toolchain/build";
import { TOOLS } from "../../rehearsal/toolchain/tools";

/** Path of a binary that this checkout builds, whatever else is on PATH; it is built on first use. */
export async function toolPath(binary: string): Promise<string> {
  const tool = Object.values(TOOLS).find(({ builds }) => builds.some((build) => build.binary === binary));
  if (!tool) throw new Error(`no tool builds ${binary}`);
  return join(await build(tool), binary);
}
