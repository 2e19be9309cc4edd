import type { NodeTerm, SchedulablePod } from "../scheduling/pod";

/** Label with the name of the node, so that no two nodes have it in common. */
export const HOSTNAME_LABEL = "kubernetes.io/hostname";

/** Whether a pod, or a volume of it, says which node it wants, rather than what the node must be like. */
export function isNamed({ nodeName, nodeSelector, nodeTerms = [], volumes }: SchedulablePod): boolean {
  return (
    nodeName !== undefined ||
    nodeSelector.some(([key]) => key === HOSTNAME_LABEL) ||
    nodeTerms.some(namesNodes) ||
    volumes.some(({ terms }) => terms.some(namesNodes))
  );
}

function namesNodes({ expressions, fields }: NodeTerm): boolean {
  return fields.length > 0 || expressions.some(({ key }) => key === HOSTNAME_LABEL);
}
