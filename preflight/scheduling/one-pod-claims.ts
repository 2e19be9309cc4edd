import type { PodTerm } from "./pod";

const MARK = ", which is ReadWriteOncePod";

/** The rule of a claim that one pod of the cluster at a time may use. */
export interface OnePodRule {
  /** Label of the pods that use the claim; objects cannot have it. */
  label: string;
  /** What keeps these pods apart. */
  term: PodTerm;
}

/**
 * The rule that pods of a namespace which use a claim with the access mode `ReadWriteOncePod` are kept apart by: like a
 * required anti-affinity, with the whole cluster as the only domain.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
 */
export function onePodRule(claim: string): OnePodRule {
  // It is told to people as it is.
  const key = `claim ${claim}${MARK}`;
  const selector = [{ key, operator: "Exists", values: [] }] as const;
  return { label: key, term: { topologyKey: key, selector, namespaces: [], namespaceSelector: undefined } };
}

/** Whether a topology key is that of {@link onePodRule}: every node is in its only domain, whatever its labels. */
export function isOnePodKey(topologyKey: string): boolean {
  return topologyKey.endsWith(MARK);
}
