import { nodesAlong } from "../../../engine/path";
import { hasUnknown } from "../../../engine/undecided-path";
import type { StackPool } from "../../stack/node-labels";
import { poolPath } from "../layers/layer-end";

/** Where a pool says properties that its type does not tell of; all others come from its machines. */
const FIELDS = new Map<string, "labels" | "taints" | "size">([
  ["name", "labels"],
  ["labels", "labels"],
  ["taints", "taints"],
  ["minNodes", "size"],
  ["maxNodes", "size"],
]);

/** Properties that say nothing of what a node costs. */
const WITHOUT_PRICE = new Set(["name", "labels", "taints", "minNodes"]);

/** Fields that say what a node costs, and how many there may be. */
const OF_COST = ["machines", "size"] as const;

/** Paths inside a pool's resource of what is not known yet, such as outputs of other resources during a preview. */
export function pendingPaths(pool: StackPool): string[] {
  return pathsOf(pool, () => true, [...OF_COST, "labels", "taints"]);
}

/** Those of them on which the most depends that the pool may cost. */
export function pendingCostPaths(pool: StackPool): string[] {
  return pathsOf(pool, (property) => !WITHOUT_PRICE.has(property), OF_COST);
}

/** What the shape of the pool leaves out, such as a requirement of which the key is not known, its fields still show. */
function pathsOf(
  pool: StackPool,
  counts: (property: string) => boolean,
  fields: readonly Parameters<typeof poolPath>[1][],
): string[] {
  const ofShape = Object.entries(pool.shape)
    .filter(([property, value]) => counts(property) && hasUnknown(value))
    .map(([property]) => pathOf(pool, property));
  const ofFields = fields
    .map((field) => poolPath(pool, field))
    .filter((path) => hasUnknown(nodesAlong(pool.subject.tree, path).at(-1)));
  return [...new Set([...ofShape, ...ofFields])];
}

/** The zones of a node group are those of its subnets. */
function pathOf(pool: StackPool, property: string): string {
  const isOfSubnets = property === "availabilityZones" && pool.subject.type === "aws:eks/nodeGroup:NodeGroup";
  return isOfSubnets ? "subnetIds" : poolPath(pool, FIELDS.get(property) ?? "machines");
}
