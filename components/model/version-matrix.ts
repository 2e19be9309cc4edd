import { satisfies } from "semver";
import { bareVersion } from "./bare-version";
import type { Finding } from "./finding";
import { versionRules } from "./version-rules";
import { CHARTS, MANIFESTS, type PinnedChart, type PinnedManifests } from "./versions";

/** A part of the platform that has a version of its own. */
export type VersionedPart =
  Exclude<keyof typeof CHARTS, "kserveTypes" | "kserveRuntimes" | "karpenterCrds"> | keyof typeof MANIFESTS;

/** What has to go together: the Kubernetes version, as `1.35`, and the parts with their exact versions. */
export interface VersionSet {
  kubernetes: string;
  parts: Partial<Record<VersionedPart, string>>;
}

/** A version that goes together only with some versions of something else. */
export interface VersionRule {
  /** Part that the rule is about. */
  part: VersionedPart;
  /** Versions of it that the rule is about, as a semver range. */
  versions: string;
  /** What they go together with: another part, or Kubernetes. */
  needs: VersionedPart | "kubernetes";
  /** Versions of that, as a semver range. */
  range: string;
  /** Whether the other part has to be there at all; false by default: the rule holds where both are. */
  required?: boolean;
  /** What goes wrong otherwise. */
  because: string;
  /** Page that says so, with its date or version. */
  source: string;
}

const { kserveTypes: _types, kserveRuntimes: _runtimes, karpenterCrds: _crds, ...charts } = CHARTS;

/** The pinned version of every part, without a leading `v`; charts that are one release count once. */
export const PART_VERSIONS: Record<VersionedPart, string> = Object.fromEntries(
  Object.entries<PinnedChart | PinnedManifests>({ ...charts, ...MANIFESTS }).map(([part, { version }]) => [
    part,
    bareVersion(version),
  ]),
) as Record<VersionedPart, string>;

/** Every pair of a set that does not go together, both ends named. */
export function checkVersions({ kubernetes, parts }: VersionSet): Finding[] {
  return versionRules.flatMap((rule) => {
    const own = versionIn(parts, rule.part);
    if (own === undefined || !satisfies(own, rule.versions)) return [];
    const other = rule.needs === "kubernetes" ? `${kubernetes}.0` : versionIn(parts, rule.needs);
    if (other === undefined ? rule.required !== true : satisfies(other, rule.range)) return [];
    return [findingOf(rule, own, other)];
  });
}

function versionIn(parts: VersionSet["parts"], part: VersionedPart): string | undefined {
  const version = parts[part];
  return version === undefined ? undefined : bareVersion(version);
}

function findingOf({ part, needs, range, because }: VersionRule, own: string, other: string | undefined): Finding {
  const there = other === undefined ? "absent" : needs === "kubernetes" ? other.replace(/\.0$/, "") : other;
  const remedy = other === undefined ? `Add ${needs}.` : `Change one of the two versions; ${because}.`;
  return {
    rule: "VERSION-01",
    severity: "high",
    object: `${part} ${own}`,
    path: needs,
    observed: there,
    allowed: range,
    remedy,
  };
}
