import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rcompare } from "semver";
import { checkoutRoot } from "../../rehearsal/checkout";

/** Environments whose states are recorded for each release: all that there are. */
export const RECORDED_STACKS = ["local", "dev", "staging", "prod"] as const;

/** Folder with what was recorded of each release. */
export function releasesFolder(): string {
  return join(checkoutRoot(), "releases");
}

/** File that lists the changes which upgrades make on purpose. */
export function changesFile(): string {
  return join(releasesFolder(), "changes.yaml");
}

/** Recorded state of an environment. */
export function stateFile(version: string, stack: string): string {
  return join(releasesFolder(), version, `${stack}.jsonl`);
}

/** Configuration that an environment had when it was recorded: whoever upgrades keeps theirs. */
export function configurationFile(version: string, stack: string): string {
  return join(releasesFolder(), version, `Pulumi.${stack}.yaml`);
}

/** Releases that were recorded, newest first. */
export function recordedReleases(): string[] {
  if (!existsSync(releasesFolder())) return [];
  const folders = readdirSync(releasesFolder(), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).sort(rcompare);
}
