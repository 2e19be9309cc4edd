import type { AmiFamily } from "../../model";

/** Device names of the volumes that a node starts with. */
export interface NodeVolumes {
  /** The one with images, logs and `emptyDir`. */
  pods: string;
  /** The one of the system where that is another one. */
  system?: string;
}

/**
 * The volumes of each operating system.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodeclasses/ "spec.blockDeviceMappings", which lists them by image
 */
export const nodeVolumes: Record<AmiFamily, NodeVolumes> = {
  al2023: { pods: "/dev/xvda" },
  bottlerocket: { pods: "/dev/xvdb", system: "/dev/xvda" },
};
