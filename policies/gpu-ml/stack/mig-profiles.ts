import { gpuInstanceType, isUnknown, UNKNOWN, type Told, type ToldPoolShape } from "../../../components/model";
import { anyOf, type Truth } from "../../engine/truth";

/**
 * Slices that GPUs can be split into, by model and, where a model comes in several sizes, by its memory in MiB.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html (R580, read 2026-11)
 */
const PROFILES = new Map<string, readonly string[]>([
  ["a100/40960", ["1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"]],
  ["a100/81920", ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"]],
  ["h100/81920", ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"]],
  ["h200/144384", ["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"]],
  ["b200/183359", ["1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"]],
  ["b300/275040", ["1g.34gb", "1g.67gb", "2g.67gb", "3g.135gb", "4g.135gb", "7g.269gb"]],
  ["rtx-pro-server-6000/98304", ["1g.24gb", "2g.48gb", "4g.96gb"]],
]);

/**
 * Models that cannot be split.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-gpus.html (R580, read 2026-11)
 */
const WHOLE_MODELS = ["t4", "t4g", "v100", "a10g", "l4", "l40s"];

/** A resource of the device plugin that stands for slices, perhaps of a part of their compute, or with extensions. */
const MIG_RESOURCE = /^nvidia\.com\/mig-(?:\d+c\.)?(\d+g\.\d+gb)/;

/** The profile of a MIG resource, without its extensions; undefined for other resources. */
export function migProfileOf(resource: string): string | undefined {
  return MIG_RESOURCE.exec(resource)?.[1];
}

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
  if (WHOLE_MODELS.includes(model)) return false;
  return PROFILES.get(`${model}/${String(memoryMib)}`)?.includes(profile) ?? true;
}
