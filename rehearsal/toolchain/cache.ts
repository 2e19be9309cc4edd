import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { access, constants, mkdir, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { checkoutRoot } from "../checkout";
import { Problem } from "../problem";
import { GO_BUILD_FLAGS, GO_ENVIRONMENT } from "./pins";
import type { Tool } from "./tools";

/** Folder that holds built tools, Go's build cache, build logs and locks: `${XDG_CACHE_HOME:-~/.cache}/mlstack`. */
export function cacheFolder(): string {
  return resolve(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "mlstack");
}

/** Makes the cache folder, where it is not there yet. @throws {Problem} when it cannot be made. */
export async function makeCacheFolder(): Promise<string> {
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await access(cacheFolder(), constants.W_OK);
    return cacheFolder();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`the tool cache cannot be used: ${reason}`, "Set XDG_CACHE_HOME to a folder that you can write.");
  }
}

/** Where a tool's binaries lie once they are built and verified; the name holds the hash of all that they are made from. */
export function toolFolder(tool: Tool): string {
  return join(cacheFolder(), "tools", `${tool.name}-${identityOf(tool)}`);
}

/** Go's build cache of the toolchain: it makes an interrupted build go on where it was. */
export function goBuildCache(): string {
  return join(cacheFolder(), "go-build");
}

/** Folder of a Go module: a name under `rehearsal/modules` of the checkout, or an absolute path. */
export function moduleFolder(module: string): string {
  return resolve(checkoutRoot(), "rehearsal", "modules", module);
}

/** Hash over sources, pins, flags and platform: two checkouts with the same pins share a tool, a changed pin makes a new one. */
function identityOf(tool: Tool): string {
  const hash = createHash("sha256");
  const builds = tool.builds.map((build) => [build.binary, build.package, build.stamps]);
  hash.update(JSON.stringify([builds, tool.version, GO_ENVIRONMENT, GO_BUILD_FLAGS, process.platform, process.arch]));
  for (const module of tool.modules) {
    const folder = moduleFolder(module);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (file) => /(\.go|^go\.mod|^go\.sum)$/.test(file) && !file.endsWith("_test.go"),
    );
    for (const file of files.sort()) hash.update(`${module}/${file}\n`).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Bytes on disk of a file or of everything under a folder; 0 where there is nothing. */
export async function bytesUnder(path: string): Promise<number> {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.size;
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const file of files.filter((file) => file.isFile())) {
    bytes += (await stat(join(file.parentPath, file.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
