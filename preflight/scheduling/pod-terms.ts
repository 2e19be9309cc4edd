import { selects, type Labels } from "./label-matching";
import type { PodTerm, SchedulablePod } from "./pod";

/** Labels of a namespace by its name. */
export type NamespaceLabels = (namespace: string) => Labels;

const NO_LABELS: Labels = {};

/** Labels that every namespace has, whoever made it. */
export function builtInLabels(namespace: string): Labels {
  return { "kubernetes.io/metadata.name": namespace };
}

/** Whether a term of a pod of some namespace is about another pod. */
export function isAbout(term: PodTerm, owner: string, other: SchedulablePod, labels: NamespaceLabels): boolean {
  return covers(term, owner, other.namespace, labels) && selects(term.selector, other.labels);
}

/**
 * Whether a term of a pod that is to be placed is about another pod. A namespace selector that namespaces without any label
 * would match is about all namespaces then, whatever their labels: the scheduler looks up those that are selected, and
 * then matches the selector once more, with no labels at hand.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/interpodaffinity/plugin.go
 * `mergeAffinityTermNamespacesIfNotEmpty`, which changes a copy
 */
export function isAboutPlaced(term: PodTerm, owner: string, other: SchedulablePod, labels: NamespaceLabels): boolean {
  const coversAll = selects(term.namespaceSelector, NO_LABELS);
  return coversAll ? selects(term.selector, other.labels) : isAbout(term, owner, other, labels);
}

/** The namespaces that a term is about, or undefined where labels of namespaces decide. */
export function namespacesOf(term: PodTerm, owner: string): readonly string[] | undefined {
  if (term.namespaceSelector !== undefined) return undefined;
  return term.namespaces.length === 0 ? [owner] : term.namespaces;
}

function covers(term: PodTerm, owner: string, namespace: string, labels: NamespaceLabels): boolean {
  const named = namespacesOf(term, owner) ?? term.namespaces;
  return named.includes(namespace) || selects(term.namespaceSelector, labels(namespace));
}
