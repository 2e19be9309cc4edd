import { join, relative } from "node:path";
import { IMAGES } from "../../components/model/images";
import { checkoutRoot } from "../checkout";
import {
  busyboxImage,
  EXAMPLE_REGISTRY,
  exampleImage,
  imageFolders,
  pauseImage,
  programImage,
  readImageFile,
  WORKLOAD_IMAGES,
  workloadImage,
} from "../images";
import type { BuiltImage } from "../images/image";
import type { BuildProgress } from "../toolchain/go-runner";
import { meshProxyImage } from "./mesh-proxy-image";
import { ensurePodImages } from "./program-images";
import { PYTHON_IMAGES } from "./python-images";

/** What the pods of an environment need images for. */
export interface ImageNeeds {
  /** Parts of the platform, by their keys; none by default. */
  parts?: readonly string[];
  /** Scenarios, by their names; each has its programs in the folder of `examples` that has its name. None by default. */
  scenarios?: readonly string[];
  /** Names of images that manifests have; those that can be made here are, and the others are left out. None by default. */
  images?: readonly string[];
}

const EXAMPLES = join(checkoutRoot(), "examples");

/** Name of the image that pods of a user's own may have for commands. */
export const BUSYBOX = "docker.io/library/busybox:1.35.0";

/** Programs of Go that pods run whatever there is, by their names in the table of pods' images. */
const ALWAYS = ["coredns", "metrics-server"];

/** Those that come with a part of the platform. */
const OF_PARTS: Record<string, readonly string[]> = {
  argoWorkflows: ["argoexec"],
  katib: ["file-metricscollector"],
  versityGateway: ["versitygw"],
};

/** Images that workloads of a scenario name by themselves, beside its own. */
const OF_SCENARIOS: Record<string, readonly string[]> = { "scooter-demand": [IMAGES.redis] };

/**
 * Images that the pods of real nodes need, each of which is made on first use.
 *
 * @throws {Problem} when one cannot be made.
 */
export async function requiredImages(
  { parts = [], scenarios = [], images: named = [] }: ImageNeeds,
  progress: BuildProgress = () => undefined,
): Promise<BuiltImage[]> {
  const names = [...ALWAYS, ...parts.flatMap((part) => OF_PARTS[part] ?? [])];
  const images = [await pauseImage(), await busyboxImage(BUSYBOX)];
  for (const program of await ensurePodImages(progress, names)) images.push(await programImage(program));
  if (parts.includes("istio")) images.push(await meshProxyImage(progress));
  const inPython = PYTHON_IMAGES.filter(({ neededBy }) => [...parts, ...scenarios].includes(neededBy));
  for (const { folder, image, registry, version } of inPython) {
    progress(`image ${image}`);
    images.push(await exampleImage(folder, { registry, version }));
  }
  const folders = (await Promise.all(scenarios.map((scenario) => imageFolders(join(EXAMPLES, scenario))))).flat();
  for (const folder of new Set([...folders, ...(await foldersOf(named))])) {
    progress(`image of ${relative(checkoutRoot(), folder)}`);
    images.push(await exampleImage(folder));
  }
  // Python is what monitors and loops run their own programs in, whatever they watch.
  const ofWorkloads = [IMAGES.python, ...scenarios.flatMap((scenario) => OF_SCENARIOS[scenario] ?? []), ...named];
  for (const name of WORKLOAD_IMAGES.filter((each) => ofWorkloads.includes(each)))
    images.push(await workloadImage(name));
  return images.map(({ name, digest, archive }) => ({ name, digest, archive }));
}

/** Folders of the examples whose images have these names. */
async function foldersOf(names: readonly string[]): Promise<string[]> {
  const folders = await imageFolders(EXAMPLES);
  const declared = await Promise.all(folders.map(readImageFile));
  return folders.filter((_, index) => {
    const begin = `${EXAMPLE_REGISTRY}/${declared[index]!.name}:`;
    return names.some((name) => name.startsWith(begin));
  });
}
