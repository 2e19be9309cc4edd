import { isUnknown, UNKNOWN } from "../../../components/model";
import { labelOf, type Labels } from "../label-matching";
import type { LabelRequirement, LabelSelector, PodTerm, SpreadConstraint } from "../pod";
import { allKnown, at, isMissing, itemsOf, numberOf, textOf, textsOf, type Field, type Known } from "./field";
import { readSelector } from "./selector-reader";

/** The pod that rules about other pods are read for. */
export interface RuleOwner {
  namespace: string;
  labels: Labels;
  /** Its labels in the template: some may not be known. */
  labelsField: Field;
}

/** A list of label keys of a rule: other pods shall have the value of the pod itself, or shall not. */
interface KeyList {
  name: string;
  operator: "In" | "NotIn";
}

const MATCHING: KeyList = { name: "matchLabelKeys", operator: "In" };
const MISMATCHING: KeyList = { name: "mismatchLabelKeys", operator: "NotIn" };

/**
 * Reads the terms of a required pod affinity or anti-affinity. Where one of them is not known, all are left out: the rest
 * of an affinity means something else.
 */
export function readPodTerms(field: Field, owner: RuleOwner): PodTerm[] {
  const terms = allKnown(itemsOf(field).map((item) => readPodTerm(item, owner)));
  return isUnknown(terms) ? [] : terms;
}

function readPodTerm(field: Field, owner: RuleOwner): Known<PodTerm> {
  const topologyKey = textOf(at(field, "topologyKey"));
  const selector = readOwnSelector(field, owner, [MATCHING, MISMATCHING]);
  const namespaces = textsOf(at(field, "namespaces"));
  const namespaceSelector = readSelector(at(field, "namespaceSelector"));
  if (isUnknown(topologyKey) || isUnknown(selector) || isUnknown(namespaces) || isUnknown(namespaceSelector)) {
    return UNKNOWN;
  }
  const isOwn = namespaces.length === 0 && namespaceSelector === undefined;
  return {
    topologyKey: topologyKey ?? "",
    selector,
    namespaces: isOwn ? [owner.namespace] : namespaces,
    namespaceSelector,
  };
}

/**
 * Reads the topology spread constraints that keep pods waiting; what is not known is left out.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (v1.36)
 */
export function readSpread(field: Field, owner: RuleOwner): SpreadConstraint[] {
  return itemsOf(field).flatMap((item) => readConstraint(item, owner) ?? []);
}

function readConstraint(field: Field, owner: RuleOwner): SpreadConstraint | undefined {
  if (textOf(at(field, "whenUnsatisfiable")) !== "DoNotSchedule") return undefined;
  const topologyKey = textOf(at(field, "topologyKey"));
  const maxSkew = numberOf(at(field, "maxSkew"));
  const minDomains = numberOf(at(field, "minDomains"));
  const affinityPolicy = textOf(at(field, "nodeAffinityPolicy"));
  const taintsPolicy = textOf(at(field, "nodeTaintsPolicy"));
  const selector = readOwnSelector(field, owner, [MATCHING]);
  if (isUnknown(topologyKey) || isUnknown(maxSkew) || isUnknown(minDomains)) return undefined;
  if (isUnknown(affinityPolicy) || isUnknown(taintsPolicy) || isUnknown(selector)) return undefined;
  return {
    topologyKey: topologyKey ?? "",
    maxSkew: maxSkew ?? 1,
    minDomains: minDomains ?? 1,
    selector,
    honorNodeAffinity: affinityPolicy !== "Ignore",
    honorTaints: taintsPolicy === "Honor",
  };
}

/**
 * The label selector of a rule, with what the API server adds for keys whose value shall be, or not be, that of the pod.
 * The marker where it asks for a label of the pod itself that is not known.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/strategy.go
 */
function readOwnSelector(rule: Field, owner: RuleOwner, keyLists: readonly KeyList[]): Known<LabelSelector> {
  const written = readSelector(at(rule, "labelSelector"));
  const lists = allKnown(keyLists.map(({ name }) => textsOf(at(rule, name))));
  if (isUnknown(written) || isUnknown(lists)) return UNKNOWN;
  if (written === undefined) return undefined;

  const keys = [...written.map(({ key }) => key), ...lists.flat()];
  if (keys.filter((key) => isMissing(at(owner.labelsField, key))).length > 0) return UNKNOWN;
  const added = keyLists.flatMap(({ operator }, index) =>
    (lists[index] ?? []).flatMap((key): LabelRequirement[] => {
      const value = labelOf(owner.labels, key);
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    }),
  );
  return [...written, ...added];
}
