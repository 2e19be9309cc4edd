import { choice } from "../../engine/parameters";

/** Versions whose Pod Security Standards the rules know, oldest first. */
const VERSIONS = ["1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"] as const;

/** A version whose Pod Security Standards the rules know. */
export type StandardsVersion = (typeof VERSIONS)[number];

/** The version of the cluster, for controls that are not the same in all versions. */
export const kubernetesVersion = choice(
  "the minor version of the cluster's Kubernetes as a text, from 1.29 to 1.37",
  "1.36",
  VERSIONS,
);

/** Tells whether a version is another one or newer. */
export function isSince(version: StandardsVersion, first: StandardsVersion): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(first);
}
