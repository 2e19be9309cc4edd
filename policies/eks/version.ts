import { isUnknown, nodeAt, UNKNOWN, type Tree } from "../../components/model";
import type { Truth } from "../engine/truth";

/** The minor version of Kubernetes in a version such as `1.35`; undefined for anything else. */
export function minorOf(version: Tree): number | undefined {
  const minor = typeof version === "string" ? /^1\.(\d+)$/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}

/** Tells whether a cluster asks by itself for extended support, which EKS gives by default as well. */
export function isExtended(cluster: Tree): Truth {
  const supportType = nodeAt(cluster, "upgradePolicy.supportType");
  return isUnknown(supportType) ? UNKNOWN : supportType === "EXTENDED";
}
