import { nodeAt, stringAt } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { findObject, type StackIndex } from "./stack-index";

const LAUNCH_TEMPLATE_TYPE = "aws:ec2/launchTemplate:LaunchTemplate";

/**
 * What tells more of the machines of a pool than what makes them: the launch template of a node group, the EC2NodeClass
 * or NodeClass of a NodePool; undefined where the stack has none.
 */
export function machinesOf(maker: PlannedResource, stack: StackIndex): PlannedResource | undefined {
  return launchTemplateOf(maker, stack) ?? nodeClassOf(maker, stack);
}

/** The template that a group waits for, as its id is not known before; else the one of the name that it gives. */
function launchTemplateOf(group: PlannedResource, stack: StackIndex): PlannedResource | undefined {
  const reference = nodeAt(group.properties, "launchTemplate");
  if (reference === undefined) return undefined;
  const awaited = (group.dependencies ?? []).map((urn) => stack.byUrn.get(urn));
  const ofGroup = awaited.find((resource) => resource?.type === LAUNCH_TEMPLATE_TYPE);
  if (ofGroup !== undefined) return ofGroup;
  const templates = stack.resources.filter(({ type }) => type === LAUNCH_TEMPLATE_TYPE);
  const [id, name] = [stringAt(reference, "id"), stringAt(reference, "name")];
  const named = templates.find(({ properties }) => {
    return (id !== undefined && properties.id === id) || (name !== undefined && properties.name === name);
  });
  const siblings = templates.filter(({ parent }) => parent !== undefined && parent === group.parent);
  return named ?? (siblings.length === 1 ? siblings[0] : undefined);
}

function nodeClassOf(pool: PlannedResource, stack: StackIndex): PlannedResource | undefined {
  const reference = nodeAt(pool.properties, "spec.template.spec.nodeClassRef");
  const [group, kind, name] = ["group", "kind", "name"].map((field) => stringAt(reference, field));
  return findObject(stack, group ?? "", kind ?? "", "", name ?? "");
}
