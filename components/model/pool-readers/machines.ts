import { GIB_PER_GB, gpuInstanceType } from "../accelerators";
import { generalInstanceType, type GeneralInstanceType } from "../general-instance-types";
import { EFA_LABEL, GPU_RESOURCE } from "../labels";
import { usdPerHour } from "../prices";
import { awsRegion } from "../regions";
import { isUnknown, UNKNOWN } from "../unknown";
import { told, type Told, type ToldPoolShape } from "./told";

/** What follows from the instance types that nodes may have; nothing where they are not said. */
export function machinesShape(names: Told<string[]> | undefined): ToldPoolShape {
  if (names === undefined) return {};
  if (isUnknown(names)) return { instanceType: UNKNOWN, instanceTypes: UNKNOWN, ...UNKNOWN_FIGURES };
  const listed = told({ instanceTypes: names, instanceType: names[0] });
  const known = names.filter((name) => !isUnknown(name));
  if (known.length === names.length) return { ...listed, ...figuresOf(known) };
  return { ...listed, ...UNKNOWN_FIGURES, ...(known.some(hasWholeGpus) ? { gpuResource: GPU_RESOURCE } : {}) };
}

/** Disk of the nodes in GiB where it is made of their local NVMe disks; the smallest of several types. */
export function localStorageGib(names: Told<string[]> | undefined): Told<number> | undefined {
  if (names === undefined) return undefined;
  if (isUnknown(names) || names.some(isUnknown)) return UNKNOWN;
  const sizes = names.map((name) => gpuInstanceType(String(name))?.localNvmeGb);
  return sizes.includes(undefined) ? undefined : Math.floor(Math.min(...sizes.map(Number)) * GIB_PER_GB);
}

/** Elastic Fabric Adapters of the nodes where only the pool's label tells that it uses them. */
export function labelledEfaInterfaces(
  labels: Told<Record<string, string>> | undefined,
  names: Told<string[]> | undefined,
): Told<number> | undefined {
  if (isUnknown(labels)) return UNKNOWN;
  const label = labels?.[EFA_LABEL];
  if (label !== "true") return isUnknown(label) ? UNKNOWN : 0;
  const first = isUnknown(names) ? UNKNOWN : names?.[0];
  return isUnknown(first) || first === undefined ? first : gpuInstanceType(first)?.efaInterfaces;
}

/** Price of a node in the region of a zone or by its name, of the dearest type. */
export function priceShape(names: Told<string[]> | undefined, region: Told<string> | undefined): ToldPoolShape {
  if (names === undefined || region === undefined) return {};
  if (isUnknown(names) || isUnknown(region) || names.some(isUnknown)) return { usdPerNodeHour: UNKNOWN };
  const prices = names.map((name) => usdPerHour(String(name), region));
  return prices.length === 0 || prices.includes(undefined) ? {} : { usdPerNodeHour: Math.max(...prices.map(Number)) };
}

/** The region that zones are in; undefined where no zone is said or known to be one. */
export function regionOf(zones: Told<string[]> | undefined): Told<string> | undefined {
  const zone = isUnknown(zones) ? UNKNOWN : zones?.[0];
  return zone === undefined || isUnknown(zone) ? zone : awsRegion(zone.slice(0, -1))?.name;
}

const UNKNOWN_FIGURES = {
  architecture: UNKNOWN,
  gpuResource: UNKNOWN,
  gpusPerNode: UNKNOWN,
  gpuModel: UNKNOWN,
  gpuMemoryMib: UNKNOWN,
  vcpus: UNKNOWN,
  memoryGib: UNKNOWN,
} as const satisfies ToldPoolShape;

/** What the catalogues know of some types, all of which are known; figures are those of the smallest. */
function figuresOf(names: string[]): ToldPoolShape {
  const gpuTypes = names.flatMap((name) => gpuInstanceType(name) ?? []);
  const machines: GeneralInstanceType[] = names.flatMap(
    (name) => gpuInstanceType(name) ?? generalInstanceType(name) ?? [],
  );
  const isComplete = names.length > 0 && machines.length === names.length;
  const smallest = (figures: number[]) => (isComplete ? Math.min(...figures) : undefined);
  const alwaysGpus = gpuTypes.length === names.length;
  return told({
    architecture: isComplete ? common(machines.map(({ architecture }) => architecture)) : undefined,
    gpuResource: names.some(hasWholeGpus) ? GPU_RESOURCE : undefined,
    gpusPerNode: alwaysGpus ? smallest(gpuTypes.map(({ gpuCount }) => gpuCount)) : smallest([0]),
    gpuModel: alwaysGpus ? common(gpuTypes.map(({ gpuModel }) => gpuModel)) : undefined,
    gpuMemoryMib: alwaysGpus ? smallest(gpuTypes.map(({ gpuMemoryMib }) => gpuMemoryMib)) : undefined,
    vcpus: smallest(machines.map(({ vcpus }) => vcpus)),
    memoryGib: smallest(machines.map(({ memoryGib }) => memoryGib)),
  });
}

function hasWholeGpus(name: string): boolean {
  return (gpuInstanceType(name)?.gpuCount ?? 0) > 0;
}

function common<T>(values: T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}
