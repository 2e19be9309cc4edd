import { labelOf, meetsAll, type Labels } from "../label-matching";
import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { LabelRequirement, NodeTerm, SchedulablePod } from "../pod";

const NAME_FIELD = "metadata.name";

/** Message of a scheduling attempt in which no node can have the name that a pod asks for. */
export const NAME_CONFLICT = "pod affinity terms conflict";

/** Message for nodes that are passed over, as a pod asks for nodes by name. */
const NOT_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

const MISMATCH = "node(s) didn't match Pod's node affinity/selector";

/** A pod runs on nodes that its selector and one of the terms of its node affinity match; the subject is what does not. */
export function nodeAffinityObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  for (const [key, value] of pod.nodeSelector) {
    if (labelOf(node.labels, key) !== value) return mismatch(`${key}=${value}`);
  }
  if (pod.nodeTerms === undefined || isAnyTermMet(pod.nodeTerms, node.labels, node.name)) return undefined;
  return mismatch(termsText(pod.nodeTerms));
}

/** Whether a pod selects a node, by its labels or its name. */
export function isSelected(pod: SchedulablePod, node: SchedulableNode): boolean {
  const { nodeSelector, nodeTerms } = pod;
  const hasLabels = nodeSelector.every(([key, value]) => labelOf(node.labels, key) === value);
  return hasLabels && (nodeTerms === undefined || isAnyTermMet(nodeTerms, node.labels, node.name));
}

/** Whether one of several terms is met by the labels of a node and its name; requirements on the name hold where it is empty. */
export function isAnyTermMet(terms: readonly NodeTerm[], labels: Labels, name: string): boolean {
  return terms.some((term) => isTermMet(term, labels, name));
}

/**
 * Before any other filter, a pod that asks for nodes by name in all of its terms is looked at on these alone.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
 * `PreFilter`
 */
export function namedNodesObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  const names = namedNodes(pod);
  if (names === undefined || names.has(node.name)) return undefined;
  return { ...mismatch([...names].join(" or ")), message: names.size === 0 ? NAME_CONFLICT : NOT_NAMED };
}

/** The nodes that a pod asks for by name; undefined where a term of it leaves the name open. */
export function namedNodes({ nodeTerms }: SchedulablePod): ReadonlySet<string> | undefined {
  if (nodeTerms === undefined || nodeTerms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { fields } of nodeTerms) {
    const lists = fields.filter(({ key, operator }) => key === NAME_FIELD && operator === "In");
    if (lists.length === 0) return undefined;
    const [first, ...others] = lists.map(({ values }) => values);
    for (const name of first ?? []) {
      if (others.every((values) => values.includes(name))) names.add(name);
    }
  }
  return names;
}

/** A term without any requirement is met by nothing. */
function isTermMet({ expressions, fields }: NodeTerm, labels: Labels, name: string): boolean {
  if (expressions.length + fields.length === 0) return false;
  return meetsAll(expressions, labels) && fields.every((field) => isFieldMet(field, name));
}

function isFieldMet({ key, operator, values }: LabelRequirement, name: string): boolean {
  // Kubernetes takes a list of names for an error, and the term for one that nothing meets.
  if (values.length !== 1 || (operator !== "In" && operator !== "NotIn")) return false;
  if (name === "") return true;
  const isEqual = values[0] === (key === NAME_FIELD ? name : "");
  return isEqual === (operator === "In");
}

function mismatch(subject: string): Obstacle {
  return { kind: ObstacleKind.nodeAffinity, message: MISMATCH, subject };
}

/** Texts of terms that were asked for before: many nodes may not meet those of one pod. */
const TEXTS = new WeakMap<readonly NodeTerm[], string>();

function termsText(terms: readonly NodeTerm[]): string {
  const text = TEXTS.get(terms) ?? terms.map(termText).join(" or ");
  TEXTS.set(terms, text);
  return text;
}

function termText({ expressions, fields }: NodeTerm): string {
  return [...expressions, ...fields].map(requirementText).join(" and ");
}

function requirementText({ key, operator, values }: LabelRequirement): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} [${values.join(", ")}]`;
}
