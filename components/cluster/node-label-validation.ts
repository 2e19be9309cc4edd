import { checkLabelKey, checkLabelValue, type InputProblem, inputProblem } from "../internal";
import { CAPACITY_TYPE_LABEL, EFA_LABEL, GPU_MODEL_LABEL, GPU_PRESENT_LABEL, POOL_LABEL } from "../model";
import { PoolBackEnd } from "./node-back-ends";
import { backEndOf, type NodePoolArgs } from "./node-pool";

/** Keys of labels that pools and their back ends set, and that users therefore must not. */
const ownLabels = [
  POOL_LABEL,
  CAPACITY_TYPE_LABEL,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  EFA_LABEL,
  "node.kubernetes.io/instance-type",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
];

/** Checks the labels that a user adds to a pool. */
export function checkLabels(args: NodePoolArgs): InputProblem[] {
  return Object.entries(args.labels ?? {}).flatMap(([key, value]) => {
    const at = `labels["${key}"]`;
    if (ownLabels.includes(key)) {
      return [inputProblem(at, value, "only what the pool itself sets there", "Remove the label.")];
    }
    const problems = [...checkLabelKey(at, key), ...checkLabelValue(at, value), ...checkLabelDomain(args, at, key)];
    return problems.length > 0 ? problems : checkManagedLabel(args, at, key, value);
  });
}

/**
 * Domains, and all below them, that EKS, the kubelet or Karpenter keep to themselves.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html "labels" (read 2026-11)
 * @see https://karpenter.sh/docs/concepts/nodepools/ "spec.template.metadata.labels" (Karpenter 1.14)
 */
const reservedDomains = ["kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws"];

function checkLabelDomain(args: NodePoolArgs, at: string, key: string): InputProblem[] {
  const [domain = ""] = key.split("/");
  const reserved = reservedDomains.find((each) => domain === each || domain.endsWith(`.${each}`));
  if (reserved === undefined || !key.includes("/") || backEndOf(args) === PoolBackEnd.simulated) return [];
  const allowed = `a key outside ${reservedDomains.join(", ")}`;
  return [inputProblem(at, key, allowed, `Nodes may not be given labels of ${reserved}; use a domain of your own.`)];
}

/**
 * EKS takes less as a label of a managed group than Kubernetes does of a node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html "labels" (read 2026-11)
 */
function checkManagedLabel(args: NodePoolArgs, at: string, key: string, value: string): InputProblem[] {
  if (backEndOf(args) !== PoolBackEnd.managed || (key.length <= 63 && value !== "")) return [];
  const allowed =
    "a key of at most 63 characters with its prefix and a value that is not empty, as EKS demands of managed groups";
  return [inputProblem(at, value, allowed, "Shorten the key, or write a value.")];
}
