import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { build, isInstalled } from "./build";
import { toolFolder } from "./cache";
import { goVersion } from "./go";
import type { BuildProgress } from "./go-runner";
import { OLDEST_OFFICIAL_PULUMI, PINS } from "./pins";
import { type Tool, type ToolName, TOOLS } from "./tools";
import { canRun, versionOutput } from "./verify";
import { atLeast } from "./version";

/** Where a tool came from. */
export type Origin = "PATH" | "plugin cache" | "tool cache" | "downloaded by pulumi" | "to be built";

/** A tool as it was found on this machine. */
export interface Found {
  tool: Tool;
  origin: Origin;
  version: string;
  /** Folder of the binaries; undefined where the tool is still to be built or is fetched by Pulumi itself. */
  folder?: string;
}

/**
 * Looks for a tool without building it: on PATH, in Pulumi's plugin cache, then in the tool cache.
 *
 * An official Pulumi counts only together with its Node.js language host, which it looks for beside itself.
 */
export async function find(name: ToolName): Promise<Found> {
  const tool = TOOLS[name];
  const elsewhere = await (name === "pulumi"
    ? pulumiOnPath(tool)
    : name === "kubernetes-provider"
      ? plugin(tool)
      : undefined);
  if (elsewhere) return elsewhere;
  const folder = toolFolder(tool);
  if (await isInstalled(tool, folder)) return { tool, origin: "tool cache", version: tool.version, folder };
  if (name === "kubernetes-provider" && (await goVersion()) === undefined && (await pulumiOnPath(TOOLS.pulumi))) {
    return { tool, origin: "downloaded by pulumi", version: tool.version };
  }
  return { tool, origin: "to be built", version: tool.version };
}

/**
 * Finds a tool and builds it where it is not found.
 *
 * @throws {Problem} when it has to be built and cannot be.
 */
export async function ensure(name: ToolName, progress?: BuildProgress): Promise<Found> {
  return built(await find(name), progress);
}

/**
 * Builds a tool that was looked for and not found; any other is returned as it is.
 *
 * @throws {Problem} when it cannot be built.
 */
export async function built(found: Found, progress?: BuildProgress): Promise<Found> {
  if (found.origin !== "to be built") return found;
  return { ...found, origin: "tool cache", folder: await build(found.tool, progress) };
}

/** Path of one binary of a tool that was found. */
export function binaryOf(found: Found, binary: string): string {
  if (found.folder === undefined) throw new Error(`${found.tool.name} has no folder yet (${found.origin})`);
  return join(found.folder, binary);
}

async function pulumiOnPath(tool: Tool): Promise<Found | undefined> {
  const [engine] = tool.builds;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (!(await executable(join(folder, "pulumi"))) || !(await executable(join(folder, "pulumi-language-nodejs"))))
      continue;
    const version = /v?(\d+\.\d+\.\d+)/.exec(engine ? await versionOutput(engine, join(folder, "pulumi")) : "")?.[1];
    if (version && atLeast(version, OLDEST_OFFICIAL_PULUMI)) return { tool, origin: "PATH", version, folder };
  }
  return undefined;
}

async function plugin(tool: Tool): Promise<Found | undefined> {
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const folder = join(home, "plugins", `resource-kubernetes-v${PINS.kubernetesProvider}`);
  return (await canRun(join(folder, "pulumi-resource-kubernetes")))
    ? { tool, origin: "plugin cache", version: tool.version, folder }
    : undefined;
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
