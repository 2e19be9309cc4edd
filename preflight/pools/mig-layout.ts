import {
  arrayAt,
  childAt,
  isTreeObject,
  migProfilesOf,
  parseText,
  type Tree,
  type ToldPoolShape,
} from "../../components/model";

/** What one GPU is split into: slices by profile, none where it stays whole. */
export type Split = ReadonlyMap<string, number>;

/** Node label by which what splits GPUs is told how. */
export const MIG_LABEL = "nvidia.com/mig.config";

const WHOLE: Split = new Map();

/** A layout in which all GPUs have as many slices of one profile as they can. */
const OF_ONE_PROFILE = /^all-(\d+g\.\d+gb)$/;

/** Layouts that every MIG manager knows by name. */
const DISABLED = "all-disabled";
const ENABLED = "all-enabled";
const BALANCED = "all-balanced";

/** Parts of GPUs that the balanced layout is for, compute of its profiles, and how many of each there are. */
const BALANCED_PARTS = 7;
const BALANCE: readonly (readonly [compute: string, slices: number])[] = [
  ["1g.", 2],
  ["2g.", 1],
  ["3g.", 1],
];

/**
 * How each GPU of a node is split by a layout.
 *
 * @param layouts the file with layouts of somebody's own; undefined for the built-in one of the MIG manager.
 * @returns undefined where nothing tells, or no GPU of that model can be split so; `"enabled"` where GPUs are to be
 * split and have no slices yet.
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html 26.7
 */
export function splitsOf(
  layout: string,
  { gpuModel, gpuMemoryMib }: ToldPoolShape,
  gpus: number,
  layouts: Tree,
): readonly Split[] | "enabled" | undefined {
  if (layouts !== undefined) return ownSplits(layout, gpus, layouts);
  if (layout === DISABLED) return same(WHOLE, gpus);
  if (layout === ENABLED) return "enabled";
  if (typeof gpuModel !== "string") return undefined;
  const profiles = migProfilesOf(gpuModel, typeof gpuMemoryMib === "number" ? gpuMemoryMib : undefined);
  const profile = OF_ONE_PROFILE.exec(layout)?.[1];
  const most = profile === undefined ? undefined : profiles?.[profile];
  if (profile !== undefined) return most === undefined ? undefined : same(new Map([[profile, most]]), gpus);
  return layout === BALANCED && profiles !== undefined ? balanced(profiles, gpus) : undefined;
}

/** The first profile of each size is the one with the least memory; of GPUs with other parts nothing is told here. */
function balanced(profiles: Readonly<Record<string, number>>, gpus: number): readonly Split[] | undefined {
  const names = Object.keys(profiles);
  if (Math.max(0, ...Object.values(profiles)) !== BALANCED_PARTS) return undefined;
  const split = BALANCE.map(([compute, slices]) => [names.find((name) => name.startsWith(compute)), slices] as const);
  return same(new Map(split.flatMap(([name, slices]) => (name === undefined ? [] : [[name, slices] as const]))), gpus);
}

/** Entries of a layout name the GPUs they are for by number; those that are for some models only are passed over. */
function ownSplits(layout: string, gpus: number, layouts: Tree): readonly Split[] | undefined {
  const [file] = typeof layouts === "string" ? parseText(layouts, /(?!)/) : [];
  const entries = childAt(childAt(file, "mig-configs"), layout);
  if (!Array.isArray(entries) || entries.some((entry) => childAt(entry, "device-filter") !== undefined))
    return undefined;
  const splits = same(WHOLE, gpus);
  for (const entry of entries) {
    const devices = childAt(entry, "devices");
    const numbers = devices === "all" ? [...splits.keys()] : arrayAt(entry, "devices");
    const slices = childAt(entry, "mig-devices");
    const split = childAt(entry, "mig-enabled") === true && isTreeObject(slices) ? splitIn(slices) : WHOLE;
    if (split === undefined) return undefined;
    for (const number of numbers) {
      if (typeof number === "number" && number in splits) splits[number] = split;
    }
  }
  return splits;
}

function splitIn(slices: Record<string, Tree>): Split | undefined {
  const counts = Object.entries(slices);
  if (counts.some(([, count]) => typeof count !== "number")) return undefined;
  return new Map(counts.map(([profile, count]) => [profile, Number(count)]));
}

function same(split: Split, gpus: number): Split[] {
  return Array.from({ length: gpus }, () => split);
}
