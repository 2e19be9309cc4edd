/** How many slices of each profile a GPU has at most. */
type Slices = Readonly<Record<string, number>>;

const slices = (...profiles: [profile: string, most: number][]): Slices => Object.fromEntries(profiles);

/**
 * Slices that GPUs can be split into, each with how many of it there are where the GPU has no others, by model and,
 * where a model comes in several sizes, by its memory in MiB.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html (R580, read 2026-11)
 */
const PROFILES: ReadonlyMap<string, Slices> = new Map([
  ["a100/40960", slices(["1g.5gb", 7], ["1g.10gb", 4], ["2g.10gb", 3], ["3g.20gb", 2], ["4g.20gb", 1], ["7g.40gb", 1])],
  [
    "a100/81920",
    slices(["1g.10gb", 7], ["1g.20gb", 4], ["2g.20gb", 3], ["3g.40gb", 2], ["4g.40gb", 1], ["7g.80gb", 1]),
  ],
  [
    "h100/81920",
    slices(["1g.10gb", 7], ["1g.20gb", 4], ["2g.20gb", 3], ["3g.40gb", 2], ["4g.40gb", 1], ["7g.80gb", 1]),
  ],
  [
    "h200/144384",
    slices(["1g.18gb", 7], ["1g.35gb", 4], ["2g.35gb", 3], ["3g.71gb", 2], ["4g.71gb", 1], ["7g.141gb", 1]),
  ],
  [
    "b200/183359",
    slices(["1g.23gb", 7], ["1g.45gb", 4], ["2g.45gb", 3], ["3g.90gb", 2], ["4g.90gb", 1], ["7g.180gb", 1]),
  ],
  [
    "b300/275040",
    slices(["1g.34gb", 7], ["1g.67gb", 4], ["2g.67gb", 3], ["3g.135gb", 2], ["4g.135gb", 1], ["7g.269gb", 1]),
  ],
  ["rtx-pro-server-6000/98304", slices(["1g.24gb", 4], ["2g.48gb", 2], ["4g.96gb", 1])],
]);

/**
 * Models that cannot be split.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-gpus.html (R580, read 2026-11)
 */
const WHOLE_MODELS: readonly string[] = ["t4", "t4g", "v100", "a10g", "l4", "l40s"];

/** A resource of the device plugin that stands for slices, perhaps of a part of their compute, or with extensions. */
const MIG_RESOURCE = /^nvidia\.com\/mig-(?:\d+c\.)?(\d+g\.\d+gb)/;

/** The profile of a MIG resource, without its extensions; undefined for other resources. */
export function migProfileOf(resource: string): string | undefined {
  return MIG_RESOURCE.exec(resource)?.[1];
}

/**
 * Profiles that a GPU can be split into, each with the most of it on one GPU, small ones first; none for models that
 * cannot be split, and undefined for those that no table tells of.
 *
 * @param memoryMib memory of the GPU, as the catalogue spells it.
 */
export function migProfilesOf(model: string, memoryMib: number | undefined): Slices | undefined {
  return WHOLE_MODELS.includes(model) ? {} : PROFILES.get(`${model}/${String(memoryMib)}`);
}
