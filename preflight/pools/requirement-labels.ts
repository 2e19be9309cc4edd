import { arrayAt, childAt, isUnknown, stringAt, type Tree } from "../../components/model";

/** Labels that nodes have, and keys of those whose values follow from the pods they are started for. */
export interface RequiredLabels {
  labels: Record<string, string>;
  open: string[];
}

/**
 * Labels that the requirements of a NodePool put on its nodes: the value where there is one to choose from, and
 * whatever a pod asks for where there are several.
 *
 * @param leftOut keys that other things tell better.
 * @see https://karpenter.sh/docs/concepts/scheduling/#user-defined-labels (Karpenter 1.14)
 */
export function requirementLabels(requirements: Tree, leftOut: readonly string[]): RequiredLabels {
  if (isUnknown(requirements)) return { labels: {}, open: [""] };
  const found: RequiredLabels = { labels: {}, open: [] };
  for (const requirement of arrayAt({ requirements }, "requirements")) {
    const key = stringAt(requirement, "key");
    const operator = stringAt(requirement, "operator");
    if (key === undefined || leftOut.includes(key) || operator === "DoesNotExist") continue;
    const values = childAt(requirement, "values");
    const [only] = Array.isArray(values) && values.length === 1 ? values : [];
    if (operator === "In" && typeof only === "string") found.labels[key] = only;
    else found.open.push(key);
  }
  return found;
}

/** Parts of the keys of labels that tell kinds of machines, with the values that machines with GPUs have. */
const KINDS_WITH_GPUS: readonly (readonly [label: string, ofGpus: RegExp])[] = [
  ["/instance-category", /^(g|gr|p)$/],
  ["/instance-family", /^(g|gr|p)\d/],
];

/** Whether requirements leave no machine with NVIDIA GPUs. */
export function excludesGpus(requirements: Tree): boolean {
  return arrayAt({ requirements }, "requirements").some((requirement) => {
    const [key = "", operator] = [stringAt(requirement, "key"), stringAt(requirement, "operator")];
    if (key.includes("/instance-gpu-")) return operator === "DoesNotExist";
    const ofGpus = KINDS_WITH_GPUS.find(([label]) => key.endsWith(label))?.[1];
    const values = arrayAt(requirement, "values");
    if (ofGpus === undefined || operator !== "In" || values.length === 0) return false;
    return values.every((value) => typeof value === "string" && !ofGpus.test(value));
  });
}
