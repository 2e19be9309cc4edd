import { CAPACITY_TYPE_LABEL, CapacityType, childAt, isUnknown, UNKNOWN } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import type { StackPool, StackPools } from "./node-labels";
import { isSelected, selectsNodes } from "./node-selection";

/** Labels that say how a machine is bought, each with its word for spot capacity. */
const SPOT_LABELS: [label: string, spot: string][] = [
  [CAPACITY_TYPE_LABEL, CapacityType.spot],
  ["karpenter.sh/capacity-type", "spot"],
  ["eks.amazonaws.com/capacityType", "SPOT"],
];

/** Tells whether some pods choose spot capacity: by a label that says so, or by selecting pools which are all of it. */
export function choosesSpot(pods: PodGroup, stack: StackPools): Truth {
  // Of pods that a runtime completes only what they say themselves counts, unless the stack has spot capacity at all.
  if (pods.completedBy !== undefined && !stack.pools.some(mayBeSpot)) return false;
  const selector = childAt(pods.spec, "nodeSelector");
  const byLabel = anyOf(SPOT_LABELS.map(([label, spot]) => isOneOf(childAt(selector, label), spot)));
  if (!selectsNodes(pods)) return byLabel;
  const possible = stack.pools
    .map((pool) => ({ shape: pool.shape, truth: isSelected(pods, pool, stack) }))
    .filter(({ truth }) => truth !== false);
  if (possible.length === 0) return byLabel;
  const areSpot = allOf(possible.map(({ shape }) => isOneOf(shape.capacityType, CapacityType.spot)));
  const isCertain: Truth = possible.some(({ truth }) => truth === true) || UNKNOWN;
  return anyOf([byLabel, allOf([areSpot, isCertain])]);
}

function mayBeSpot({ shape: { capacityType } }: StackPool): boolean {
  return capacityType === CapacityType.spot || isUnknown(capacityType);
}
