import { gt } from "semver";
import { DEFAULT_KUBERNETES, NEWEST_KUBERNETES, SUPPORTED_KUBERNETES } from "../../components/model";
import { NEWER_VERSIONS, NEWEST_KNOWN_ON, UPGRADE_STEPS } from "../../components/model/version-hops";
import { checkVersions, PART_VERSIONS, type VersionedPart } from "../../components/model/version-matrix";
import { describeFinding } from "../../components/model/finding";
import { Problem } from "../../rehearsal/problem";
import type { StackOptions } from "../stack-file";
import { table } from "../table";
import { planUpgrade } from "./upgrade-plan";

/** Options of `mlstack versions`. */
export interface VersionsOptions {
  /** Minor version of Kubernetes to check against, or to go to. */
  kubernetes?: string;
  /** Print JSON. */
  json?: boolean;
}

/** Options of the command line, by which it either shows versions or plans an upgrade. */
export interface VersionsCommandOptions extends VersionsOptions, StackOptions {
  /** Plan the upgrade of an environment in place of showing versions. */
  plan?: boolean;
  /** File with what runs, in place of the state of the stack; only of a plan. */
  from?: string;
}

/**
 * Shows versions, or plans an upgrade to them.
 *
 * @throws {Problem} as {@link versions} and {@link planUpgrade} do, and for `from` without a plan.
 */
export async function versionsCommand({ plan, from, stack, config, ...options }: VersionsCommandOptions) {
  if (plan !== true) {
    if (from === undefined) return versions(options);
    throw new Problem("--from says from which versions an upgrade is planned", "Add --plan, or leave it out.");
  }
  const { kubernetes = DEFAULT_KUBERNETES, json = false } = options;
  return planUpgrade({
    kubernetes: knownKubernetes(kubernetes),
    json,
    stack,
    ...(config === undefined ? {} : { config }),
    ...(from === undefined ? {} : { from }),
  });
}

/** One part as `mlstack versions` tells it. */
interface PartRow {
  part: string;
  pinned: string;
  newest: string;
  blockedBy: string;
}

/**
 * Prints the pinned version of every part, newer ones that are known, what blocks them, and hops of upgrades.
 *
 * @returns 0 when the pinned versions go together on that Kubernetes, 1 otherwise.
 * @throws {Problem} when there is no such Kubernetes, or none that any rule knows.
 */
export function versions({ kubernetes: asked = DEFAULT_KUBERNETES, json = false }: VersionsOptions): number {
  const kubernetes = knownKubernetes(asked);
  const rows = Object.entries(PART_VERSIONS).map(([part, pinned]) => rowOf(part as VersionedPart, pinned));
  const findings = checkVersions({ kubernetes, parts: PART_VERSIONS });
  if (json) {
    const output = { kubernetes, knownOn: NEWEST_KNOWN_ON, parts: rows, findings, upgradeSteps: UPGRADE_STEPS };
    process.stdout.write(`${JSON.stringify(output, undefined, 2)}\n`);
    return findings.length === 0 ? 0 : 1;
  }
  const cells = rows.map(({ part, pinned, newest, blockedBy }) => [part, pinned, newest, blockedBy]);
  process.stdout.write(`${table(["part", "pinned", `newest known ${NEWEST_KNOWN_ON}`, "what blocks it"], cells)}\n\n`);
  const steps = UPGRADE_STEPS.map(({ part, from, to, step }) => [part, `${from} to ${to}`, step]);
  process.stdout.write(`${table(["upgrade of", "hop", "step"], steps)}\n\n`);
  const supported = SUPPORTED_KUBERNETES.join(", ");
  process.stdout.write(
    findings.length === 0
      ? `All of these go together on Kubernetes ${kubernetes} (of ${supported}).\n`
      : `${findings.map(describeFinding).join("\n")}\n`,
  );
  return findings.length === 0 ? 0 : 1;
}

/** Rules say from which version on things go together; what is newer than all of this is beyond them. */
function knownKubernetes(asked: string): string {
  const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(asked)?.[1];
  const remedy = `Name a minor version up to ${NEWEST_KUBERNETES}, for example --kubernetes ${DEFAULT_KUBERNETES}.`;
  if (minor === undefined) throw new Problem(`--kubernetes "${asked}" is no version of Kubernetes`, remedy);
  if (gt(`${minor}.0`, `${NEWEST_KUBERNETES}.0`)) {
    throw new Problem(`Kubernetes ${minor} is newer than every version that is known here`, remedy);
  }
  return minor;
}

function rowOf(part: VersionedPart, pinned: string): PartRow {
  const newer = NEWER_VERSIONS[part];
  if (newer === undefined || !gt(newer.version, pinned)) return { part, pinned, newest: pinned, blockedBy: "" };
  return { part, pinned, newest: newer.version, blockedBy: newer.blockedBy ?? "" };
}
