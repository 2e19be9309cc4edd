import { gpuNodePoolShape, systemNodePoolShape } from "./pool-readers/component";
import { karpenterNodePoolShape } from "./pool-readers/karpenter-node-pool";
import { nodeShape } from "./pool-readers/node";
import { nodeGroupShape } from "./pool-readers/node-group";
import type { ToldPoolShape } from "./pool-readers/told";
import type { Tree } from "./tree";

export type { Told, ToldPoolShape } from "./pool-readers/told";

/** An object that Pulumi registers, as plain data. */
export interface RegisteredObject {
  /** Pulumi type token, for example `aws:eks/nodeGroup:NodeGroup`. */
  type: string;
  /** Its properties, with markers where a value is not known yet. */
  properties: Tree;
}

/** How each type of object spells a pool; the second tree is what tells more of the machines, where that is at hand. */
const READERS = new Map<string, (properties: Tree, machines: Tree) => ToldPoolShape>([
  ["aws:eks/nodeGroup:NodeGroup", nodeGroupShape],
  ["kubernetes:karpenter.sh/v1:NodePool", karpenterNodePoolShape],
  ["kubernetes:core/v1:Node", nodeShape],
  ["mlstack:index:GpuNodePool", gpuNodePoolShape],
  ["mlstack:index:SystemNodePool", systemNodePoolShape],
]);

/**
 * Reads what a pool offers back from an object that makes it or belongs to it, so that checks judge what is created.
 *
 * @param object a managed node group, a NodePool of Karpenter or EKS Auto Mode, a Node, or a pool component.
 * @param machines what tells more of the pool's machines: the launch template of a node group, the EC2NodeClass or
 * NodeClass of a NodePool; without it, nothing is said of disks, nor of zones and reservations of a node group.
 * @returns undefined for other types of objects.
 */
export function poolShapeOf(object: RegisteredObject, machines?: RegisteredObject): ToldPoolShape | undefined {
  return READERS.get(object.type)?.(object.properties, machines?.properties);
}
