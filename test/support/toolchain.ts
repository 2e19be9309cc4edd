import { binaryOf, ensure } from "../../rehearsal/toolchain/resolve";
import { TOOLS } from "../../rehearsal/toolchain/tools";

/** Path of a binary of the toolchain, which is found or built on first use. */
export async function toolPath(binary: string): Promise<string> {
  const tool = Object.values(TOOLS).find(({ builds }) => builds.some((build) => build.binary === binary));
  if (!tool) throw new Error(`no tool builds ${binary}`);
  return binaryOf(await ensure(tool.name), binary);
}
