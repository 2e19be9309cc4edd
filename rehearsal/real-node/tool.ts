import { join } from "node:path";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";
import { PINS } from "../toolchain/pins";
import { kubernetesStamps, type Tool } from "../toolchain/tools";
import { requireRealNodes } from "./prerequisites";
import { type ImageNeeds, requiredImages } from "./required-images";
import { DEFAULT_REAL_NODE, type RealNodes } from "./real-nodes";

/** What makes real nodes: kubelet, kube-proxy and what they are started by. */
export const REAL_NODE_TOOL: Tool = {
  name: "real-node",
  title: "Real nodes (kubelet, kube-proxy)",
  version: PINS.kubernetes,
  modules: ["real-node/node"],
  builds: [
    {
      binary: "real-node",
      package: ".",
      stamps: kubernetesStamps,
      versionArguments: ["version"],
      versionText: `v${PINS.kubernetes}`,
    },
  ],
  instead: "; only real nodes need it",
  typicalMinutes: 4,
};

/** The real nodes that there are to be; what is not said is as {@link DEFAULT_REAL_NODE} has it. */
export type AskedRealNodes = Pick<RealNodes, "count"> & Partial<Omit<RealNodes, "binary" | "images">>;

/**
 * Real nodes for a cluster; the program that makes them and their images are built on first use.
 *
 * @param needs what is to run on them; nothing but pods of a user's own by default.
 * @throws {Problem} when this machine lacks what they need, or something cannot be built.
 */
export async function ensureRealNodes(
  asked: AskedRealNodes,
  needs: ImageNeeds = {},
  progress?: BuildProgress,
): Promise<RealNodes> {
  requireRealNodes();
  const folder = await build(REAL_NODE_TOOL, progress);
  const images = await requiredImages(needs, progress);
  return { ...DEFAULT_REAL_NODE, ...asked, binary: join(folder, "real-node"), images };
}
