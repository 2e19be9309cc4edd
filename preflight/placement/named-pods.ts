import type { SchedulablePod } from "../scheduling/pod";

/** Label with the name of the node, so that no two nodes have it in common. */
export const HOSTNAME_LABEL = "kubernetes.io/hostname";

/** Whether a pod says which node it wants, rather than what the node must be like. */
export function isNamed({ nodeName, nodeSelector, nodeTerms = [] }: SchedulablePod): boolean {
  return (
    nodeName !== undefined ||
    nodeSelector.some(([key]) => key === HOSTNAME_LABEL) ||
    nodeTerms.some(
      ({ expressions, fields }) => fields.length > 0 || expressions.some(({ key }) => key === HOSTNAME_LABEL),
    )
  );
}
