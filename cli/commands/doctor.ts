import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { promisify } from "node:util";
import { platformSourcesFolder } from "../../rehearsal/charts/module-sources";
import { bytesUnder, cacheFolder, makeCacheFolder } from "../../rehearsal/toolchain/cache";
import { missingForRealNodes } from "../../rehearsal/real-node/prerequisites";
import { goVersion } from "../../rehearsal/toolchain/go";
import { leftovers } from "../../rehearsal/toolchain/leftovers";
import { PINS } from "../../rehearsal/toolchain/pins";
import { find, type Found } from "../../rehearsal/toolchain/resolve";
import { type ToolName, TOOLS } from "../../rehearsal/toolchain/tools";
import { atLeast } from "../../rehearsal/toolchain/version";
import { table } from "../table";
import { gib } from "../units";

const exec = promisify(execFile);

/**
 * Shows which tools were found, where and in which versions, what will be built, and the disk and memory that there are.
 *
 * @returns 0 when `up` can work, 1 when something has to be installed first.
 */
export async function doctor(): Promise<number> {
  const found = await Promise.all((Object.keys(TOOLS) as ToolName[]).map(find));
  const go = await goVersion();
  const rows = found.map(({ tool, version, origin, folder }) => [
    tool.name,
    version,
    origin === "to be built" ? `to be built (about ${tool.typicalMinutes} min, once)` : origin,
    folder ?? "",
  ]);
  const sources = platformSourcesFolder();
  const taken = existsSync(sources);
  rows.push(
    [
      "charts and manifests of the platform",
      "",
      taken ? "tool cache" : "to be taken from Go modules (once)",
      taken ? sources : "",
    ],
    ["node", process.versions.node, "", process.execPath],
    ["npm", await npmVersion(), "", ""],
    ["go", go ?? "not found", "", go === undefined ? "" : "PATH"],
  );
  process.stdout.write(`${table(["tool", "version", "origin", "where"], rows)}\n\n`);
  process.stdout.write(await resources());
  process.stdout.write(realNodes());
  const complaints = complaintsAbout(found, go);
  for (const complaint of complaints) process.stdout.write(`\n${complaint}\n`);
  if (complaints.length === 0) process.stdout.write("\nAll is well: npm run up\n");
  return complaints.length === 0 ? 0 : 1;
}

function complaintsAbout(found: Found[], go: string | undefined): string[] {
  const building = found.filter(({ origin }) => origin === "to be built").map(({ tool }) => tool.name);
  if (building.length === 0 || (go !== undefined && atLeast(go, PINS.go))) return [];
  const what = go === undefined ? "there is no Go on PATH" : `Go ${go} is older than ${PINS.go}`;
  return [
    `${building.join(", ")} must be built and ${what}. Install Go ${PINS.go} or newer (https://go.dev/doc/install). ` +
      "With an official Pulumi on PATH, everything but the embedded cluster works without Go.",
  ];
}

async function resources(): Promise<string> {
  await makeCacheFolder();
  const [held, freeable, disk] = await Promise.all([bytesUnder(cacheFolder()), leftovers(), statfs(cacheFolder())]);
  const freeableBytes = freeable.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `disk     ${gib(disk.bavail * disk.bsize)} free; the tool cache ${cacheFolder()} holds ${gib(held)},`,
    `         of which \`npm run mlstack -- toolchain prune\` frees ${gib(freeableBytes)}`,
    `memory   ${gib(freemem())} of ${gib(totalmem())} free; the embedded control plane takes about 0.7 GiB`,
    "",
  ].join("\n");
}

/** Whether this machine can have real nodes, which nothing but `--real-node` needs. */
function realNodes(): string {
  const missing = missingForRealNodes();
  return `real nodes  ${missing === undefined ? "can be had: npm run up -- --stack real" : `not to be had: ${missing.what}. ${missing.remedy}`}\n`;
}

async function npmVersion(): Promise<string> {
  const { stdout } = await exec("npm", ["--version"]).catch(() => ({ stdout: "not found" }));
  return stdout.trim();
}
