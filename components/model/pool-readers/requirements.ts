import { gpuInstanceTypes } from "../accelerators";
import { cataloguedMachine, type CataloguedMachine, INSTANCE_LABEL_GROUPS, INSTANCE_LABELS } from "../instance-labels";
import { childAt, stringAt, type Tree } from "../tree";
import { isUnknown, UNKNOWN, type Unknown } from "../unknown";
import { type Told, toldStrings } from "./told";

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/** What each label that requirements select machines by says of an instance type. */
const LABELS = new Map<string, (type: CataloguedMachine) => string | undefined>([
  [INSTANCE_TYPE, (type) => type.instanceType],
  ["kubernetes.io/arch", (type) => type.architecture],
  ...INSTANCE_LABEL_GROUPS.flatMap((group) =>
    [...INSTANCE_LABELS].map(([label, valueOf]) => [`${group}/${label}`, valueOf] as const),
  ),
]);

/** Older names of labels, which Karpenter reads as the new ones. */
const OLD_NAMES = new Map([
  ["beta.kubernetes.io/instance-type", INSTANCE_TYPE],
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
]);

/** Part of the keys of labels that only machines with GPUs carry. */
const GPU_LABEL = "/instance-gpu-";

/** Parts of the keys of labels that all machines carry, with values that some kinds of machines with GPUs have alone. */
const KIND_LABELS = ["/instance-family", "/instance-category"];

/** Whether a label has a value that an operator allows; undefined stands for a machine without the label. */
const OPERATORS = new Map<string, (label: string | undefined, values: string[]) => boolean>([
  ["In", (label, values) => label !== undefined && values.includes(label)],
  ["NotIn", (label, values) => label === undefined || !values.includes(label)],
  ["Exists", (label) => label !== undefined],
  ["DoesNotExist", (label) => label === undefined],
  ["Gt", (label, [value]) => Number(label) > Number(value)],
  ["Gte", (label, [value]) => Number(label) >= Number(value)],
  ["Lt", (label, [value]) => Number(label) < Number(value)],
  ["Lte", (label, [value]) => Number(label) <= Number(value)],
]);

/** The values that requirements allow for a label by `In`; undefined where they say nothing of it. */
export function allowedValues(requirements: Tree, key: string): Told<string[]> | undefined {
  if (isUnknown(requirements)) return UNKNOWN;
  const requirement = elementsOf(requirements).find((each) => keyOf(each) === key && operatorOf(each) === "In");
  return requirement === undefined ? undefined : valuesOf(requirement);
}

/**
 * The instance types that the requirements of a NodePool name, or, where they select machines with NVIDIA GPUs by other
 * labels, those of the catalogue, without those that do not fulfil all of them for certain; undefined where Karpenter may
 * choose among all kinds of machines.
 */
export function requiredInstanceTypes(requirements: Tree): Told<string[]> | undefined {
  const named = allowedValues(requirements, INSTANCE_TYPE);
  if (isUnknown(named)) return UNKNOWN;
  const ofMachines = elementsOf(requirements).filter(isOfMachines);
  const allow = (type: string) => ofMachines.every((each) => fulfils(type, each) !== false);
  if (named !== undefined) return named.filter((type) => isUnknown(type) || allow(type));
  const selecting = ofMachines.map(selectsGpus);
  if (!selecting.includes(true)) return selecting.includes(UNKNOWN) ? UNKNOWN : undefined;
  if (ofMachines.some((each) => valuesOf(each).some(isUnknown))) return UNKNOWN;
  const types = gpuInstanceTypes().flatMap(({ instanceType }) => (allow(instanceType) ? [instanceType] : []));
  return types.length === 0 ? undefined : types;
}

/** Why it is not known for instance types of the catalogues whether a NodePool allows them, as parts of sentences. */
export function undecidedRequirements(requirements: Tree, types: readonly string[]): string[] {
  const known = types.filter((type) => cataloguedMachine(type) !== undefined);
  if (known.length === 0) return [];
  const reasons = elementsOf(requirements).flatMap((requirement) => {
    if (isUnknown(requirement) || isUnknown(childAt(requirement, "key")))
      return ["one of its requirements is not known yet"];
    if (!isOfMachines(requirement)) return [];
    if (known.every((type) => !isUnknown(fulfils(type, requirement)))) return [];
    const key = keyOf(requirement);
    return [
      LABELS.has(key) ? `its requirement of ${key} is not known yet` : `it requires ${key}, which is in no table`,
    ];
  });
  return [...new Set(reasons)];
}

/** Whether a requirement is one of machines, and not of zones, of ways to buy or of labels that users make up. */
function isOfMachines(requirement: Tree): boolean {
  const key = keyOf(requirement);
  return LABELS.has(key) || INSTANCE_LABEL_GROUPS.some((group) => key.startsWith(`${group}/`));
}

/** Tells whether a requirement leaves machines with GPUs only. */
function selectsGpus(requirement: Tree): boolean | Unknown {
  const [key, operator, values] = [keyOf(requirement), operatorOf(requirement), valuesOf(requirement)];
  if (key.includes(GPU_LABEL)) return operator !== "DoesNotExist" && operator !== "NotIn";
  if (!KIND_LABELS.some((label) => key.endsWith(label)) || operator !== "In" || values.length === 0) return false;
  const labelOf = LABELS.get(key)!;
  const ofGpus = new Set(gpuInstanceTypes().map((type) => labelOf(type)));
  if (values.some((value) => !isUnknown(value) && !ofGpus.has(value))) return false;
  return values.some(isUnknown) ? UNKNOWN : true;
}

/** Unknown where the catalogues do not know the type or the label, or the requirement is not known yet. */
function fulfils(type: string, requirement: Tree): boolean | Unknown {
  const [key, values] = [keyOf(requirement), valuesOf(requirement)];
  const machine = cataloguedMachine(type);
  const labelOf = LABELS.get(key);
  if (labelOf === undefined || (machine === undefined && key !== INSTANCE_TYPE)) return UNKNOWN;
  if (isUnknown(childAt(requirement, "operator"))) return UNKNOWN;
  const label = machine === undefined ? type : labelOf(machine);
  const allows = OPERATORS.get(operatorOf(requirement));
  if (allows === undefined) return false;
  const sure = values.filter((value) => !isUnknown(value));
  if (sure.length === values.length) return allows(label, sure);
  const isListed = label !== undefined && sure.includes(label);
  return isListed ? allows(label, sure) : UNKNOWN;
}

function keyOf(requirement: Tree): string {
  const key = stringAt(requirement, "key") ?? "";
  return OLD_NAMES.get(key) ?? key;
}

function operatorOf(requirement: Tree): string {
  return stringAt(requirement, "operator") ?? "";
}

function valuesOf(requirement: Tree): Told<string>[] {
  const values = toldStrings(childAt(requirement, "values")) ?? [];
  return isUnknown(values) ? [UNKNOWN] : values;
}

function elementsOf(list: Tree): Tree[] {
  return Array.isArray(list) ? list : [];
}
