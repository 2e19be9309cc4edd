import { type GpuInstanceType, gpuInstanceTypes } from "../accelerators";
import { childAt, stringAt, type Tree } from "../tree";
import { isUnknown, UNKNOWN, type Unknown } from "../unknown";
import { type Told, toldStrings } from "./told";

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/** Groups of labels that Karpenter and EKS Auto Mode put on nodes, each with the same names. */
const LABEL_GROUPS = ["karpenter.k8s.aws", "eks.amazonaws.com"];

/**
 * What each label that requirements select GPU machines by says of an instance type.
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/#well-known-labels (Karpenter 1.14)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html "Supported labels" of EKS Auto Mode
 */
const LABELS = new Map<string, (type: GpuInstanceType) => string>([
  [INSTANCE_TYPE, (type) => type.instanceType],
  ["kubernetes.io/arch", (type) => type.architecture],
  ...LABEL_GROUPS.flatMap((group): [string, (type: GpuInstanceType) => string][] => [
    [`${group}/instance-family`, (type) => type.instanceType.split(".")[0]!],
    [`${group}/instance-category`, (type) => /^[a-z]+/.exec(type.instanceType)![0]],
    [`${group}/instance-gpu-name`, (type) => type.gpuModel],
    [`${group}/instance-gpu-count`, (type) => String(type.gpuCount)],
    [`${group}/instance-gpu-memory`, (type) => String(type.gpuMemoryMib)],
    [`${group}/instance-gpu-manufacturer`, () => "nvidia"],
  ]),
]);

/** Part of the keys of labels that only machines with GPUs carry. */
const GPU_LABEL = "/instance-gpu-";

/** Parts of the keys of labels that all machines carry, with values that some kinds of machines with GPUs have alone. */
const KIND_LABELS = ["/instance-family", "/instance-category"];

const OPERATORS = new Map<string, (label: string, values: string[]) => boolean>([
  ["In", (label, values) => values.includes(label)],
  ["NotIn", (label, values) => !values.includes(label)],
  ["Exists", () => true],
  ["DoesNotExist", () => false],
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
 * labels, those of the catalogue that fulfil them; undefined where Karpenter may choose among all kinds of machines.
 */
export function requiredInstanceTypes(requirements: Tree): Told<string[]> | undefined {
  const named = allowedValues(requirements, INSTANCE_TYPE);
  if (named !== undefined) return named;
  const known = elementsOf(requirements).filter((each) => LABELS.has(keyOf(each)));
  const selecting = known.map(selectsGpus);
  if (!selecting.includes(true)) return selecting.includes(UNKNOWN) ? UNKNOWN : undefined;
  if (known.some((each) => valuesOf(each).some(isUnknown))) return UNKNOWN;
  const types = gpuInstanceTypes().filter((type) => known.every((each) => fulfils(type, each)));
  return types.length === 0 ? undefined : types.map(({ instanceType }) => instanceType);
}

/** Tells whether a requirement leaves machines with GPUs only. */
function selectsGpus(requirement: Tree): boolean | Unknown {
  const [key, operator, values] = [keyOf(requirement), operatorOf(requirement), valuesOf(requirement)];
  if (key.includes(GPU_LABEL)) return operator !== "DoesNotExist";
  if (!KIND_LABELS.some((label) => key.endsWith(label)) || operator !== "In" || values.length === 0) return false;
  const ofGpus = new Set(gpuInstanceTypes().map(LABELS.get(key)!));
  if (values.some((value) => !isUnknown(value) && !ofGpus.has(value))) return false;
  return values.some(isUnknown) ? UNKNOWN : true;
}

function fulfils(type: GpuInstanceType, requirement: Tree): boolean {
  const label = LABELS.get(keyOf(requirement))!(type);
  return OPERATORS.get(operatorOf(requirement))?.(label, valuesOf(requirement).map(String)) ?? false;
}

function keyOf(requirement: Tree): string {
  return stringAt(requirement, "key") ?? "";
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
