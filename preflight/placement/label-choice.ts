import type { PlannedPool } from "../pools/planned-pool";
import type { SchedulableNode } from "../scheduling/node";
import type { SchedulablePod } from "../scheduling/pod";

/** Labels that a node gets because of the pods that it is started for. */
export interface LabelChoice {
  /** Tells choices apart. */
  key: string;
  labels: Readonly<Record<string, string>>;
}

/** The choice of nodes that are started for pods which choose nothing: no later pod can choose either. */
export const NOTHING_CHOSEN: LabelChoice = { key: "", labels: {} };

/** Labels of a new node that some pods choose where the pool leaves them to pods; undefined where they choose none. */
export function choiceOf(pod: SchedulablePod, { chosenLabels }: PlannedPool): LabelChoice | undefined {
  if (chosenLabels === undefined) return undefined;
  const labels: Record<string, string> = {};
  for (const [key, isAllowed] of chosenLabels) {
    const value = wantedValues(pod, key).find(isAllowed);
    if (value !== undefined) labels[key] = value;
  }
  return Object.keys(labels).length === 0 ? undefined : { key: JSON.stringify(labels), labels };
}

/** A node with the labels that were chosen. */
export function labelled(node: SchedulableNode, choice: LabelChoice | undefined): SchedulableNode {
  return choice === undefined || choice === NOTHING_CHOSEN
    ? node
    : { ...node, labels: { ...node.labels, ...choice.labels } };
}

/** Values of a label that a pod selects, those that its selector names first. */
function wantedValues({ nodeSelector, nodeTerms = [] }: SchedulablePod, wanted: string): string[] {
  return [
    ...nodeSelector.flatMap(([key, value]) => (key === wanted ? [value] : [])),
    ...nodeTerms.flatMap(({ expressions }) =>
      expressions.flatMap(({ key, operator, values }) => {
        if (key !== wanted) return [];
        if (operator === "In") return values;
        return operator === "Exists" ? [ANY_VALUE] : [];
      }),
    ),
  ];
}

/** Stands for the value that Karpenter makes up where pods want a label with any. */
const ANY_VALUE = "any";
