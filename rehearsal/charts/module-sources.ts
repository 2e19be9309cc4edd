import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { KARPENTER_ON_KWOK } from "../../components/model/local-autoscaling";
import { SOURCES } from "../../components/model/module-sources";
import { CHARTS, type SourceModule } from "../../components/model/versions";
import { Problem } from "../problem";
import { cacheFolder, makeCacheFolder } from "../toolchain/cache";
import { goVersion } from "../toolchain/go";
import type { BuildProgress } from "../toolchain/go-runner";
import { exclusively, userLock } from "../toolchain/lock";

const exec = promisify(execFile);

/** A chart, or a set of manifests, that a Go module carries. */
export interface ModuleSource {
  /** Name in the mirror. */
  name: string;
  /** Version that the components ask the mirror for. */
  version: string;
  /** Folder of the mirror, relative to it, into which the module's folder goes. */
  target: string;
  module: Required<SourceModule> & {
    /** Folder within the module with further resource types of a chart; none by default. */
    types?: string;
  };
}

/** Everything of the platform that Go modules carry, and that the local stack therefore can have. */
export function moduleSources(): ModuleSource[] {
  const charts = new Set(Object.keys(CHARTS));
  const published = Object.entries(SOURCES).flatMap(([key, { name, version, module }]) => {
    if (module === undefined) return [];
    const folder = `${name}-${version}`;
    const target = charts.has(key) ? join(folder, name) : folder;
    return [{ name, version, target, module: { version: `v${version}`, ...module } }];
  });
  const { chart: name, version, module } = KARPENTER_ON_KWOK;
  const target = join(`${name}-${version}`, name);
  return [...published, { name, version, target, module: { version: `v${version}`, ...module } }];
}

/** Folder of the mirror that {@link ensurePlatformSources} fills; its name holds the hash of all pins. */
export function platformSourcesFolder(): string {
  const identity = createHash("sha256").update(JSON.stringify(moduleSources())).digest("hex").slice(0, 12);
  return join(cacheFolder(), "tools", `platform-sources-${identity}`);
}

/**
 * Makes sure that charts and manifests of the platform are in a mirror on this machine: taken from Go modules, each of
 * which must have the pinned checksum.
 *
 * @returns The folder of the mirror.
 * @throws {Problem} when there is no Go, or when a module cannot be had or is not the pinned one.
 */
export async function ensurePlatformSources(progress: BuildProgress = () => undefined): Promise<string> {
  const folder = platformSourcesFolder();
  if (existsSync(folder)) return folder;
  if ((await goVersion()) === undefined) {
    throw new Problem(
      "charts of the platform come out of Go modules, and there is no Go on PATH",
      "Install Go (https://go.dev/doc/install), or name a mirror that has them with `chartMirror`.",
    );
  }
  await makeCacheFolder();
  return exclusively(userLock("platform-sources"), async () => {
    if (!existsSync(folder)) await fill(folder, progress);
    return folder;
  });
}

async function fill(folder: string, progress: BuildProgress): Promise<void> {
  const partial = join(dirname(folder), `.partial-${basename(folder)}`);
  await rm(partial, { recursive: true, force: true });
  const sources = moduleSources();
  for (const [index, source] of sources.entries()) {
    progress(`${source.name} ${source.version} (${index + 1} of ${sources.length})`);
    await take(source, join(partial, source.target));
  }
  await rename(partial, folder);
}

async function take({ name, module }: ModuleSource, target: string): Promise<void> {
  const directory = await downloadModule(module);
  await mkdir(dirname(target), { recursive: true });
  await cp(join(directory, module.folder), target, { recursive: true });
  await makeWritable(target);
  if (module.types !== undefined) await addTypes(join(directory, module.types), join(target, "crds"));
  const chart = join(target, "Chart.yaml");
  if (existsSync(chart)) await dropAbsentDependencies(chart, join(target, "charts"), name);
}

async function addTypes(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  await makeWritable(to);
}

/**
 * Downloads a Go module.
 *
 * @returns its folder in Go's module cache.
 * @throws {Problem} when it cannot be had or is not the pinned one.
 */
export async function downloadModule({ module, version, sum }: ModuleSource["module"]): Promise<string> {
  // The checksum is pinned here, so that no database need be asked.
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod", GOWORK: "off", GONOSUMDB: "*" };
  const options = { env, cwd: cacheFolder(), maxBuffer: 1 << 24 };
  const reference = `${module}@${version}`;
  const { stdout } = await exec("go", ["mod", "download", "-json", reference], options).catch((error: unknown) => {
    const { stdout: said = "", message } = error as { stdout?: string; message: string };
    const told = /"Error": ("(?:\\.|[^"\\])*")/.exec(said)?.[1];
    const reason = told === undefined ? message.split("\n")[0] : (JSON.parse(told) as string);
    throw new Problem(`the Go module ${reference} cannot be had: ${reason}`, "Check the network and GOPROXY.");
  });
  const { Dir: directory, Sum: found } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (found === sum) return directory;
  throw new Problem(
    `the Go module ${reference} has the checksum ${found}, and ${sum} is pinned`,
    "Do not use it before you know why; GOPROXY says where it came from.",
  );
}

/** Modules are read-only in Go's cache. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}

/** Helm refuses a chart whose dependencies are named and not there; they are charts of the platform in their own right. */
async function dropAbsentDependencies(chart: string, vendored: string, name: string): Promise<void> {
  const document = parseDocument(await readFile(chart, "utf8"));
  if (!existsSync(vendored)) document.delete("dependencies");
  document.set("name", name);
  await writeFile(chart, document.toString());
}
