import { hugePageResources } from "../../../model";
import type { EksPoolPlan } from "../pool-plan";
import { anyOf } from "./node-requirements";

/**
 * Tells Karpenter of the huge pages that nodes with EFA set aside at boot; undefined where a pool has no EFA.
 *
 * Karpenter knows of a machine what EC2 says of its type, which is nothing of huge pages: without the overlay it takes no
 * machine to have any, and starts none for pods that ask for EFA. It needs Karpenter's feature gate `NodeOverlay`.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodeoverlays/
 */
export function hugePagesOverlayManifest({ shape, nodes }: Pick<EksPoolPlan, "shape" | "nodes">) {
  if (shape.efaInterfaces === 0) return undefined;
  return {
    apiVersion: "karpenter.sh/v1alpha1" as const,
    kind: "NodeOverlay" as const,
    metadata: { name: shape.name },
    spec: {
      requirements: [anyOf("karpenter.sh/nodepool", [shape.name])],
      capacity: hugePageResources(shape, nodes.amiFamily),
    },
  };
}
