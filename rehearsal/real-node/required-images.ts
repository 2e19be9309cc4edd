import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkoutRoot } from "../checkout";
import { busyboxImage, exampleImage, IMAGE_FILE, pauseImage, programImage } from "../images";
import type { BuiltImage } from "../images/image";
import type { BuildProgress } from "../toolchain/go-runner";
import { ensurePodImages } from "./program-images";
import { PYTHON_IMAGES } from "./python-images";

/** What the pods of an environment need images for. */
export interface ImageNeeds {
  /** Parts of the platform, by their keys. */
  parts: readonly string[];
  /** Scenarios, by their names; each has its programs in the folder of `examples` that has its name. */
  scenarios: readonly string[];
}

/** Programs of Go that pods run whatever there is, by their names in the table of pods' images. */
const ALWAYS = ["coredns", "metrics-server"];

/** Those that come with a part of the platform. */
const OF_PARTS: Record<string, readonly string[]> = {
  argoWorkflows: ["argoexec"],
  katib: ["file-metricscollector"],
  versityGateway: ["versitygw"],
};

/**
 * Images that the pods of real nodes need, each of which is made on first use.
 *
 * @throws {Problem} when one cannot be made.
 */
export async function requiredImages(
  needs: ImageNeeds,
  progress: BuildProgress = () => undefined,
): Promise<BuiltImage[]> {
  const names = [...ALWAYS, ...needs.parts.flatMap((part) => OF_PARTS[part] ?? [])];
  const images = [await pauseImage(), await busyboxImage(BUSYBOX)];
  for (const program of await ensurePodImages(progress, names)) images.push(await programImage(program));
  const inPython = PYTHON_IMAGES.filter(({ neededBy }) => [...needs.parts, ...needs.scenarios].includes(neededBy));
  for (const { folder, image, registry, version } of inPython) {
    progress(`image ${image}`);
    images.push(await exampleImage(folder, { registry, version }));
  }
  for (const folder of (await Promise.all(needs.scenarios.map(foldersOf))).flat()) {
    progress(`image of ${folder}`);
    images.push(await exampleImage(join(checkoutRoot(), folder)));
  }
  return images.map(({ name, digest, archive }) => ({ name, digest, archive }));
}

/** Name of the image that pods of a user's own may have for commands. */
const BUSYBOX = "docker.io/library/busybox:1.35.0";

/** Folders with the images of a scenario, from the root of the checkout; none where it has no program of its own. */
async function foldersOf(scenario: string): Promise<string[]> {
  const own = join("examples", scenario);
  const files = await readdir(join(checkoutRoot(), own), { recursive: true }).catch(() => []);
  return files.filter((file) => basename(file) === IMAGE_FILE).map((file) => join(own, file, ".."));
}
