import type { PoolShape } from "../../model";

/**
 * Labels that kubelet and cloud provider set on every node. Whoever declares them for machines of AWS is refused, or would
 * contradict them.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/ (Kubernetes 1.36)
 */
const wellKnownLabels = ["node.kubernetes.io/instance-type", "kubernetes.io/arch", "kubernetes.io/os"];

/** The labels of a pool's nodes that whoever makes the nodes on AWS must declare. */
export function declaredLabels({ labels }: Pick<PoolShape, "labels">): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !wellKnownLabels.includes(key)));
}
