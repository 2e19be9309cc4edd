import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CONTROLLERS } from "../operators/controllers";
import { SANDBOX, toolOf } from "../operators/pod-programs";
import { TRAINING_CONTROLLERS } from "../operators/training-controllers";
import { PILOT_AGENT } from "../real-node/mesh-proxy-image";
import { POD_IMAGES } from "../real-node/pod-images";
import { podTool } from "../real-node/program-images";
import { REAL_NODE_TOOL } from "../real-node/tool";
import { platformSourcesFolder } from "../charts/module-sources";
import { imagesFolder } from "../images/store";
import { bytesUnder, cacheFolder, goBuildCache, toolFolder } from "./cache";
import { type Tool, TOOLS } from "./tools";

/** One thing that `prune` would remove. */
export interface Leftover {
  path: string;
  bytes: number;
}

/**
 * What the cache holds and no current tool needs: tools and platform sources of other pins, builds that were cut
 * off, old logs, and Go's build cache, which only a changed pin would use again.
 *
 * @param everything Also the tools and platform sources of the current pins, and images.
 */
export async function leftovers(everything = false): Promise<Leftover[]> {
  const current = new Set(everything ? [] : [...kept().map(toolFolder), platformSourcesFolder()]);
  const tools = join(cacheFolder(), "tools");
  const stale = (await namesIn(tools)).map((name) => join(tools, name)).filter((path) => !current.has(path));
  const images = everything ? imagesFolder() : join(imagesFolder(), "work");
  const paths = [...stale, goBuildCache(), join(cacheFolder(), "logs"), images];
  const sized = await Promise.all(paths.map(async (path) => ({ path, bytes: await bytesUnder(path) })));
  return sized.filter(({ bytes }) => bytes > 0);
}

function kept(): Tool[] {
  return [
    ...Object.values(TOOLS),
    TRAINING_CONTROLLERS,
    SANDBOX,
    REAL_NODE_TOOL,
    ...CONTROLLERS.map(toolOf),
    ...POD_IMAGES.map(podTool),
    PILOT_AGENT,
  ];
}

/** Removes what {@link leftovers} lists and returns what was freed. */
export async function prune(everything = false): Promise<Leftover[]> {
  const found = await leftovers(everything);
  for (const { path } of found) await rm(path, { recursive: true, force: true });
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
