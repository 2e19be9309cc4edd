import { childAt, stringAt } from "../../components/model";
import type { PlannedResource } from "../planned-resource";

/**
 * Region of a stack: what its program says of itself, else what its components are told of their EKS cluster; undefined where
 * neither tells it, as in stacks that are in no region.
 */
export function stackRegionOf(resources: readonly PlannedResource[]): string | undefined {
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const said = stringAt(stack?.properties, "region");
  if (said !== undefined) return said;
  for (const { type, properties } of resources) {
    const told = type.startsWith("mlstack:index:") ? stringAt(childAt(properties, "eks"), "region") : undefined;
    if (told !== undefined) return told;
  }
  return undefined;
}
