import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  poolShapeOf,
  stringAt,
  type ToldPoolShape,
  type Tree,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { KARPENTER_POOL_TYPE, type PoolSource } from "./pool-source";
import { OF_MACHINES } from "./pool-unknowns";

/** A pool as if it were of one instance type. */
export interface MachineSource extends PoolSource {
  instanceType: string;
}

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/** What follows from the instance type of a node. */
const OF_MACHINE = [
  "instanceType",
  "instanceTypes",
  ...OF_MACHINES,
  "usdPerNodeHour",
] as const satisfies readonly (keyof ToldPoolShape)[];

/** What follows from the instance type, and is told by the pool's component where nothing else tells it. */
const OF_MACHINE_OR_POOL = ["ephemeralStorageGib", "efaInterfaces"] as const satisfies readonly (keyof ToldPoolShape)[];

/**
 * A pool once for each of its instance types, where the type of a node is chosen by the pods that it is started for:
 * that is so for NodePools, unless they keep a number of nodes whatever pods there are. None where there is one type,
 * or they are not all known.
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/ (v1.14)
 * @see https://karpenter.sh/docs/concepts/nodepools/#specreplicas (v1.14)
 */
export function machineSourcesOf(source: PoolSource): MachineSource[] {
  const { instanceTypes, minNodes = 0 } = source.shape;
  const [maker, ...others] = source.makers;
  if (maker?.type !== KARPENTER_POOL_TYPE || others.length > 0) return [];
  if (minNodes !== 0 || nodeAt(maker.properties, "spec.replicas") !== undefined) return [];
  if (instanceTypes === undefined || isUnknown(instanceTypes)) return [];
  const types = [...new Set(instanceTypes)];
  if (types.length < 2 || !types.every((type) => typeof type === "string")) return [];
  return types.map((type) => machineSource(source, maker, type));
}

function machineSource(source: PoolSource, maker: PlannedResource, instanceType: string): MachineSource {
  const narrowed = narrowedTo(instanceType, maker);
  const own = poolShapeOf(narrowed, source.machines) ?? {};
  const shape = { ...source.shape };
  for (const key of OF_MACHINE) delete shape[key];
  const told = OF_MACHINE_OR_POOL.filter((key) => own[key] !== undefined && !isUnknown(own[key]));
  return {
    ...source,
    makers: [narrowed],
    shape: { ...shape, ...picked(own, OF_MACHINE), ...picked(own, told) },
    instanceType,
  };
}

function picked(shape: ToldPoolShape, keys: readonly (keyof ToldPoolShape)[]): ToldPoolShape {
  return Object.fromEntries(keys.flatMap((key) => (shape[key] === undefined ? [] : [[key, shape[key]]])));
}

/** A NodePool that asks for one instance type in place of what it says of these. */
function narrowedTo(instanceType: string, maker: PlannedResource): PlannedResource {
  const requirements = arrayAt(nodeAt(maker.properties, "spec.template.spec"), "requirements");
  const others = requirements.filter((requirement) => stringAt(requirement, "key") !== INSTANCE_TYPE);
  const only = { key: INSTANCE_TYPE, operator: "In", values: [instanceType] };
  const at = ["spec", "template", "spec"];
  return { ...maker, properties: withChild(maker.properties, at, { requirements: [only, ...others] }) };
}

/** A copy of an object in which the object at a path has some properties more. */
function withChild(
  object: Record<string, Tree>,
  path: readonly string[],
  more: Record<string, Tree>,
): Record<string, Tree> {
  const [key, ...rest] = path;
  if (key === undefined) return { ...object, ...more };
  const child = childAt(object, key);
  return { ...object, [key]: withChild(isTreeObject(child) ? child : {}, rest, more) };
}
