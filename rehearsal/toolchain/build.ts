import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { once } from "node:events";
import { Problem } from "../problem";
import { cacheFolder, goBuildCache, makeCacheFolder, moduleFolder, toolFolder } from "./cache";
import { completeModule } from "./completed-module";
import { requireGo } from "./go";
import { type BuildProgress, type GoRunner, goRunner, openLog } from "./go-runner";
import { exclusively, userLock } from "./lock";
import { GO_BUILD_FLAGS } from "./pins";
import { addProviderData } from "./provider-data";
import type { Build, Tool } from "./tools";
import { isHealthy } from "./verify";

/** Free disk space in GiB below which a build is not started: all tools from empty caches take about 7. */
const NEEDED_GIB = { fromEmptyCaches: 8, fromBuildCache: 2 };

/**
 * Builds a tool from its pinned Go modules into the tool cache, unless it is already there.
 *
 * One process builds at a time; others wait and then find the tool ready. What is built is verified before it gets its
 * final name, so a cut-off build leaves nothing that could be taken for a tool.
 *
 * @returns The folder of the tool's binaries.
 * @throws {Problem} when Go is missing or too old, the disk is full, or the build fails.
 */
export async function build(tool: Tool, progress: BuildProgress = () => undefined): Promise<string> {
  await requireGo(tool);
  await makeCacheFolder();
  return exclusively(
    userLock("build"),
    async () => {
      const folder = toolFolder(tool);
      if (!(await isInstalled(tool, folder))) await install(tool, folder, progress);
      return folder;
    },
    () => {
      progress("another run is building; waiting for it");
    },
  );
}

/** Tells whether every binary of a tool is in a folder and answers with its version. */
export async function isInstalled(tool: Tool, folder: string): Promise<boolean> {
  const healthy = await Promise.all(tool.builds.map((build) => isHealthy(build, join(folder, build.binary))));
  return healthy.every(Boolean);
}

async function install(tool: Tool, folder: string, progress: BuildProgress): Promise<void> {
  await requireDisk(tool);
  const partial = join(dirname(folder), `.partial-${basename(folder)}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const sources = await copySources(tool, join(partial, "modules"));
  const log = await openLog(tool.name);
  try {
    const go = goRunner(sources, log, progress);
    if (tool.name === "kubernetes-provider") await addProviderData(sources, go);
    if (tool.completed) await completeModule(sources, tool.completed, go);
    for (const item of tool.builds) await compile(item, partial, go);
  } finally {
    log.end();
    await once(log, "close");
  }
  await rm(join(partial, "modules"), { recursive: true, force: true });
  if (!(await isInstalled(tool, partial))) {
    throw new Problem(
      `${tool.title}: the build ended, but its binaries do not answer as version ${tool.version}`,
      `Look at ${String(log.path)}, then try again after \`npm run mlstack -- toolchain prune\`.`,
    );
  }
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}

/** A build reads a copy, so that a checkout edited meanwhile changes nothing and generated files stay out of it. */
async function copySources(tool: Tool, target: string): Promise<string> {
  const copies = tool.modules.map((module) => ({ from: moduleFolder(module), to: join(target, basename(module)) }));
  for (const { from, to } of copies) await cp(from, to, { recursive: true });
  return copies[0]?.to ?? target;
}

async function compile(item: Build, output: string, go: GoRunner): Promise<void> {
  const stamps = Object.entries(item.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const flags = [GO_BUILD_FLAGS.compiler, `-ldflags=${[GO_BUILD_FLAGS.linker, ...stamps].join(" ")}`];
  await go(["build", "-v", "-mod=readonly", ...flags, "-o", join(output, item.binary), item.package]);
}

async function requireDisk(tool: Tool): Promise<void> {
  const { bavail, bsize } = await statfs(cacheFolder());
  const free = (bavail * bsize) / 2 ** 30;
  const needed = existsSync(goBuildCache()) ? NEEDED_GIB.fromBuildCache : NEEDED_GIB.fromEmptyCaches;
  if (free >= needed) return;
  throw new Problem(
    `${tool.title} has to be built, and the disk of ${cacheFolder()} has ${free.toFixed(1)} GiB free of the ${needed} that it takes`,
    "Free some space, or point XDG_CACHE_HOME at a larger disk.",
  );
}
