import { GPU_RESOURCE } from "../labels";
import type { Architecture, CapacityType } from "../pool-shape";
import { TaintEffect } from "../taint";
import { childAt, isTreeObject, type Tree } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { machinesShape } from "./machines";
import {
  told,
  type Told,
  toldAsList,
  toldNumber,
  toldRecord,
  toldString,
  toldStrings,
  toldTaints,
  type ToldPoolShape,
} from "./told";

type Reader<T> = (node: Tree) => Told<T> | undefined;

/** How each property of a shape is read back from an output of that shape. */
const PROPERTIES: { [Property in keyof Required<ToldPoolShape>]: (node: Tree) => ToldPoolShape[Property] | undefined } =
  {
    name: toldString,
    instanceType: toldString,
    instanceTypes: toldStrings,
    architecture: toldString as Reader<Architecture>,
    capacityType: toldString as Reader<CapacityType>,
    gpuResource: toldString,
    gpusPerNode: toldNumber,
    gpuModel: toldString,
    gpuMemoryMib: toldNumber,
    vcpus: toldNumber,
    memoryGib: toldNumber,
    ephemeralStorageGib: toldNumber,
    efaInterfaces: toldNumber,
    availabilityZones: toldStrings,
    usdPerNodeHour: toldNumber,
    labels: toldRecord,
    taints: (node) => toldTaints(node),
    minNodes: toldNumber,
    maxNodes: toldNumber,
  };

/** Reads a `GpuNodePool`: by the shape that it says itself, and by its arguments before there is one. */
export function gpuNodePoolShape(component: Tree): ToldPoolShape {
  const shape = childAt(component, "shape");
  if (isTreeObject(shape)) return shapeOf(shape);
  const own = toldTaints(childAt(component, "taints"));
  const hasGpuTaint = childAt(component, "gpuTaint") !== false;
  return {
    ...argumentsShape(component),
    gpuResource: GPU_RESOURCE,
    taints: isUnknown(own) ? UNKNOWN : [...(hasGpuTaint ? [GPU_TAINT] : []), ...own],
  };
}

/** Reads a `SystemNodePool`: by the shape that it says itself, and by its arguments before there is one. */
export function systemNodePoolShape(component: Tree): ToldPoolShape {
  const shape = childAt(component, "shape");
  return isTreeObject(shape) ? shapeOf(shape) : { ...argumentsShape(component), taints: [] };
}

const GPU_TAINT = { key: GPU_RESOURCE, value: "present", effect: TaintEffect.noSchedule };

function shapeOf(shape: Tree): ToldPoolShape {
  return told(Object.fromEntries(Object.entries(PROPERTIES).map(([key, read]) => [key, read(childAt(shape, key))])));
}

function argumentsShape(component: Tree): ToldPoolShape {
  const types = toldStrings(childAt(component, "instanceTypes")) ?? toldAsList(childAt(component, "instanceType"));
  return told({
    ...machinesShape(types),
    name: toldString(childAt(component, "poolName")),
    capacityType: toldString(childAt(component, "capacityType")) as ToldPoolShape["capacityType"],
    minNodes: toldNumber(childAt(component, "minNodes")),
    maxNodes: toldNumber(childAt(component, "maxNodes")),
  });
}
