import { arrayAt, childAt, isUnknown, nodeAt, stringAt, type Tree } from "../../components/model";
import { KARPENTER_POOL_TYPE, type PoolSource } from "./pool-source";

/** Labels whose values new nodes take from the pods that they are started for, with the values that a pool allows. */
export type ChosenLabels = ReadonlyMap<string, (value: string) => boolean>;

const CAPACITY_TYPE = "karpenter.sh/capacity-type";

/** Ways to buy machines among which Karpenter chooses where a NodePool says nothing of them. */
const WAYS_TO_BUY = ["on-demand", "spot"];

/** Domains whose labels follow from the machine or from whatever starts it. */
const OF_MACHINES = /(^|\.)(kubernetes\.io|k8s\.io|karpenter\.sh|k8s\.aws|amazonaws\.com|nvidia\.com)$/;

/**
 * Labels of a NodePool that its requirements name without settling on one value: Karpenter gives a node the value that
 * the pods select for which it starts it. So it is for the way in which machines are bought.
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/#user-defined-labels (v1.14)
 */
export function chosenLabelsOf({ makers: [maker], shape }: PoolSource): ChosenLabels {
  const chosen = new Map<string, (value: string) => boolean>();
  if (maker?.type !== KARPENTER_POOL_TYPE) return chosen;
  const spec = nodeAt(maker.properties, "spec.template.spec");
  const requirements = arrayAt(spec, "requirements");
  if (isUnknown(spec) || isUnknown(childAt(spec, "requirements")) || isUnknown(shape.labels)) return chosen;
  chosen.set(CAPACITY_TYPE, (value) => WAYS_TO_BUY.includes(value));
  for (const key of new Set(requirements.map((each) => stringAt(each, "key") ?? ""))) {
    const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
    const own = requirements.filter((each) => stringAt(each, "key") === key);
    const isChosen = key !== "" && (key === CAPACITY_TYPE || !OF_MACHINES.test(domain)) && own.every(isOpen);
    if (isChosen) chosen.set(key, (value) => own.every((requirement) => allows(requirement, value)));
    else chosen.delete(key);
  }
  for (const declared of Object.keys(shape.labels ?? {})) chosen.delete(declared);
  return chosen;
}

/** Whether a requirement is read here, and does not leave one value alone, which the nodes have then. */
function isOpen(requirement: Tree): boolean {
  const values = arrayAt(requirement, "values");
  switch (stringAt(requirement, "operator")) {
    case "In":
      return values.length > 1 && values.every((value) => typeof value === "string");
    case "NotIn":
      return values.every((value) => typeof value === "string");
    default:
      return stringAt(requirement, "operator") === "Exists";
  }
}

function allows(requirement: Tree, value: string): boolean {
  const isListed = arrayAt(requirement, "values").includes(value);
  switch (stringAt(requirement, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    default:
      return true;
  }
}
