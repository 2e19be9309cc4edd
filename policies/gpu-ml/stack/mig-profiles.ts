import {
  gpuInstanceType,
  isUnknown,
  migProfilesOf,
  UNKNOWN,
  type Told,
  type ToldPoolShape,
} from "../../../components/model";
import { anyOf, type Truth } from "../../engine/truth";

/** Tells whether machines of a pool can split their GPUs so; what is not known of here may. */
export function canSplit({ instanceTypes, gpuModel, gpuMemoryMib }: ToldPoolShape, profile: string): Truth {
  if (isUnknown(instanceTypes)) return UNKNOWN;
  if (instanceTypes === undefined) return gpuModel === undefined || modelCan(gpuModel, gpuMemoryMib, profile);
  return anyOf(instanceTypes.map((name) => (isUnknown(name) ? UNKNOWN : typeCan(name, profile))));
}

function typeCan(name: string, profile: string): Truth {
  const type = gpuInstanceType(name);
  // A type that the catalogue of GPUs does not list may have GPUs all the same.
  return type === undefined ? /^[gp]\d/.test(name) : modelCan(type.gpuModel, type.gpuMemoryMib, profile);
}

function modelCan(model: Told<string>, memoryMib: Told<number> | undefined, profile: string): Truth {
  if (isUnknown(model)) return UNKNOWN;
  const profiles = migProfilesOf(model, isUnknown(memoryMib) ? undefined : memoryMib);
  return profiles === undefined || Object.hasOwn(profiles, profile);
}
