import { createHash } from "node:crypto";
import type { ClusterLayout } from "../cluster/layout";

/** Control group of a node's pods; no two clusters of a machine share one, as a kubelet removes what it does not know. */
export function cgroupOf(node: string, layout: ClusterLayout): string {
  return `mlstack-${createHash("sha256").update(layout.folder).digest("hex").slice(0, 8)}-${node}`;
}
