import { isTreeObject, isUnknown, UNKNOWN } from "../../../components/model";
import type { LabelRequirement, LabelSelector, NodeTerm } from "../pod";
import { allKnown, at, entriesOf, isMissing, itemsOf, textOf, textsOf, type Field, type Known } from "./field";

const OPERATORS: readonly LabelRequirement["operator"][] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];

/** Reads a label selector: absent selects nothing, and an empty one everything. */
export function readSelector(field: Field): Known<LabelSelector> {
  if (isMissing(field)) return UNKNOWN;
  if (!isTreeObject(field.value)) return undefined;
  const labels = readPairs(at(field, "matchLabels"));
  const expressions = readRequirements(at(field, "matchExpressions"));
  if (isUnknown(labels) || isUnknown(expressions)) return UNKNOWN;
  return [
    ...labels.map(([key, value]): LabelRequirement => ({ key, operator: "In", values: [value] })),
    ...expressions,
  ];
}

/** Reads an object of texts, such as labels. */
function readPairs(field: Field): Known<[key: string, value: string][]> {
  if (isMissing(field)) return UNKNOWN;
  const pairs = entriesOf(field).map(([key, entry]): Known<[string, string]> => {
    const text = textOf(entry);
    return isUnknown(text) ? UNKNOWN : [key, text ?? ""];
  });
  return allKnown(pairs);
}

/** Reads a list of requirements; unknown where any of them is. */
function readRequirements(field: Field): Known<LabelRequirement[]> {
  if (isMissing(field)) return UNKNOWN;
  return allKnown(itemsOf(field).map(readRequirement));
}

/**
 * Reads the terms of a node affinity. Requirements that are not known are left out, as if they were met; so are all terms
 * where one of them may match anything.
 *
 * @returns undefined where every node may match.
 */
export function readNodeTerms(field: Field): NodeTerm[] | undefined {
  if (isMissing(field)) return undefined;
  const terms = allKnown(itemsOf(field).map(readNodeTerm));
  return isUnknown(terms) ? undefined : terms;
}

function readNodeTerm(field: Field): Known<NodeTerm> {
  const [expressions, fields] = ["matchExpressions", "matchFields"].map((list) => {
    const listed = at(field, list);
    return isMissing(listed) ? [UNKNOWN] : itemsOf(listed).map(readRequirement);
  }) as [Known<LabelRequirement>[], Known<LabelRequirement>[]];
  const term = { expressions: expressions.filter(isRequirement), fields: fields.filter(isRequirement) };
  // A term of which nothing is left would match no node.
  const isOpen = term.expressions.length + term.fields.length === 0 && expressions.length + fields.length > 0;
  return isOpen ? UNKNOWN : term;
}

function readRequirement(field: Field): Known<LabelRequirement> {
  const key = textOf(at(field, "key")) ?? "";
  const operator = textOf(at(field, "operator"));
  const values = textsOf(at(field, "values"));
  if (isUnknown(key) || isUnknown(operator) || isUnknown(values)) return UNKNOWN;
  const known = OPERATORS.find((name) => name === operator);
  // What is no operator is met by nothing, as is a list without values.
  return known === undefined ? { key, operator: "In", values: [] } : { key, operator: known, values };
}

function isRequirement(requirement: Known<LabelRequirement>): requirement is LabelRequirement {
  return !isUnknown(requirement);
}
