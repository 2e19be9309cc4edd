import { IMAGES } from "../../components/model/images";
import { type AssembledImage, assemble, type Start } from "./assemble";
import type { Base } from "./bases/base";
import { COMMON, distribution, packageEntries, unpackPackages } from "./bases/debian";
import { pythonBase } from "./bases/python";
import { busyboxLayer } from "./busybox";
import { PATH } from "./program-image";
import { keptLayer } from "./store";

/** Images that workloads name by themselves and that can be made here, each with what it stands on. */
const MADE: Record<string, () => Promise<Base>> = {
  [IMAGES.python]: pythonBase,
  [IMAGES.pipelinesCache]: async () => ({
    layers: [await busyboxLayer()],
    start: { command: ["sh"], environment: { PATH } },
  }),
  [IMAGES.redis]: redisBase,
};

/** Names of the images that {@link workloadImage} makes. */
export const WORKLOAD_IMAGES = Object.keys(MADE);

/**
 * Makes an image that a workload names by itself: of Python for programs that are mounted, of the queue between a master
 * and its workers, and of a step that only tells its result. They have the names that manifests have, and the
 * distribution's versions of what is in them.
 *
 * @param name One of {@link WORKLOAD_IMAGES}.
 * @throws {Problem} when what it is made of is not to be had.
 */
export async function workloadImage(name: string): Promise<AssembledImage> {
  const make = MADE[name];
  if (make === undefined) throw new Error(`${name} is not made here; made are ${WORKLOAD_IMAGES.join(", ")}`);
  const { layers, start } = await make();
  return assemble(name, layers, start);
}

async function redisBase(): Promise<Base> {
  const packages = ["redis-server", ...COMMON];
  const inputs = { packages, distribution: distribution(), architecture: process.arch };
  const layer = await keptLayer({ from: `apt ${packages.join(" ")}`, inputs }, async (work) => {
    const unpacked = await unpackPackages(packages, work);
    return { entries: await packageEntries(unpacked), with: unpacked.versions.join(" ") };
  });
  // Containers name the program themselves, as they do with Docker's image, whose entrypoint only starts it.
  const start: Start = { command: ["redis-server"], folder: "/data", environment: { PATH } };
  return { layers: [await busyboxLayer(), layer], start };
}
