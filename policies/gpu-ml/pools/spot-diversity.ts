import { childAt, CapacityType, isUnknown, poolShapeOf, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { mayRequireMore, REQUIREMENTS } from "./requirements";

/**
 * GPU-18: pools on Spot capacity may take machines of several types, in several zones.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html "Spot"
 */
export const spotDiversity: ResourceRule = {
  id: "GPU-18",
  title: "Spot pools choose among several types and zones",
  why: "Spot machines of one type in one zone run out together, and the pool then has none until that passes.",
  remediation: "Allow several instance types with the same GPUs and CPUs, and subnets of several zones.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serving
properties: { capacityType: SPOT, instanceTypes: [g5.xlarge], subnetIds: [subnet-0a] }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serving
properties: { capacityType: SPOT, instanceTypes: [g5.xlarge, g5.2xlarge], subnetIds: [subnet-0a, subnet-0b] }
`,
  },
  *judge(subject) {
    for (const choice of choicesOf(subject)) {
      const isNarrow = allOf([choice.isOnSpot, choice.isSingle]);
      if (isUnknown(isNarrow)) yield undecided(isUnknown(choice.isSingle) ? choice.path : choice.capacityPath);
      if (isNarrow === true) yield violationOf(choice);
    }
  },
};

/** What a pool may choose from. */
interface Choice {
  path: string;
  what: string;
  remedy: string;
  /** Whether there is but one to choose. */
  isSingle: Truth;
  isOnSpot: Truth;
  /** Where the pool says that it is on Spot capacity. */
  capacityPath: string;
}

const MORE_TYPES = "Add types with the same number of GPUs and CPUs.";
const MORE_ZONES = "Add subnets of other zones.";
const ANY_ZONES = "Allow other zones, or leave the requirement out.";

function choicesOf({ type, tree }: Subject): Choice[] {
  const shape = poolShapeOf({ type, properties: tree });
  const isOnSpot = isOneOf(shape?.capacityType, CapacityType.spot);
  switch (type) {
    case "aws:eks/nodeGroup:NodeGroup": {
      // EKS takes one type where none is named, and a launch template can name but one.
      const isSingleType = isSingle(listOf(childAt(tree, "instanceTypes")));
      const isSingleSubnet = isSingle(childAt(tree, "subnetIds"));
      const spot: Pick<Choice, "isOnSpot" | "capacityPath"> = { isOnSpot, capacityPath: "capacityType" };
      return [
        { path: "instanceTypes", what: "instance type", remedy: MORE_TYPES, isSingle: isSingleType, ...spot },
        { path: "subnetIds", what: "subnet", remedy: MORE_ZONES, isSingle: isSingleSubnet, ...spot },
      ];
    }
    case "kubernetes:karpenter.sh/v1:NodePool": {
      const spot: Pick<Choice, "path" | "isOnSpot" | "capacityPath"> = {
        path: REQUIREMENTS,
        isOnSpot: anyOf([isOnSpot, mayRequireMore(tree)]),
        capacityPath: REQUIREMENTS,
      };
      return [
        { what: "instance type", remedy: MORE_TYPES, isSingle: isSingleOf(shape?.instanceTypes), ...spot },
        { what: "zone", remedy: ANY_ZONES, isSingle: isSingleOf(shape?.availabilityZones), ...spot },
      ];
    }
    default:
      return [];
  }
}

function isSingle(list: Tree): Truth {
  return isUnknown(list) ? list : Array.isArray(list) && list.length === 1;
}

/** The values of a requirement that are not known at all are one unknown value. */
function isSingleOf(values: Tree): Truth {
  return Array.isArray(values) && values.some(isUnknown) ? UNKNOWN : isSingle(values);
}

/** No list of types stands for one type. */
function listOf(types: Tree): Tree {
  const isEmpty = types === undefined || types === null || (Array.isArray(types) && types.length === 0);
  return isEmpty ? [types] : types;
}

function violationOf({ path, what, remedy }: Choice): Judgement {
  return { path, observed: `a choice of one ${what} on Spot capacity`, allowed: `several ${what}s`, remedy };
}
