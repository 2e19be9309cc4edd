import { isUnknown, nodeAt, undecidedRequirements } from "../../components/model";
import type { PoolUnknown } from "./planned-pool";
import { KARPENTER_POOL_TYPE, type PoolSource } from "./pool-source";

/**
 * What of the requirements of a NodePool leaves it open of which instance types its nodes may be: `instanceType` where
 * none is left, and `instanceTypes` where some of them may turn out not to be allowed.
 */
export function requirementUnknowns({ makers, shape: { instanceTypes } }: PoolSource): PoolUnknown[] {
  const [maker] = makers;
  if (maker?.type !== KARPENTER_POOL_TYPE || instanceTypes === undefined || isUnknown(instanceTypes)) return [];
  if (instanceTypes.length === 0) {
    return [{ property: "instanceType", reason: "none of its instance types fulfils all of its requirements" }];
  }
  const types = instanceTypes.filter((type) => typeof type === "string");
  const requirements = nodeAt(maker.properties, "spec.template.spec.requirements");
  return undecidedRequirements(requirements, types).map((reason) => ({ property: "instanceTypes", reason }));
}
