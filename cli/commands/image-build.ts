import { copyFile, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { callersPath, checkoutRoot } from "../../rehearsal/checkout";
import { type AssembledImage, type BuiltImage, exampleImage, imageFolders } from "../../rehearsal/images";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { importImages } from "../../rehearsal/real-node/node-images";
import { readRealNodes, realNodes } from "../../rehearsal/real-node/real-nodes";
import { table } from "../table";
import { versionOfThis } from "../version";

/** Options of `mlstack image build`. */
export interface ImageBuildOptions {
  /** Registry and path of the images' names. */
  registry?: string;
  /** Folder that the images' files are copied into. */
  output?: string;
}

/** An image that was built, and how long that took. */
interface Build {
  image: AssembledImage;
  seconds: number;
}

/**
 * Builds the images of folders without Docker, tells what they are, and gives them to the real nodes that run in this checkout.
 *
 * @param directories folders with a Dockerfile and an `image.yaml`; all of the examples by default.
 * @throws {Problem} when one cannot be built; those before it stay.
 */
export async function buildImages(directories: string[], options: ImageBuildOptions): Promise<number> {
  const { registry, output } = options;
  const folders =
    directories.length === 0 ? await imageFolders(join(checkoutRoot(), "examples")) : directories.map(callersPath);
  const builds: Build[] = [];
  // One after another: what they share is made once.
  for (const folder of folders) {
    const begin = performance.now();
    const image = await exampleImage(folder, {
      version: versionOfThis(),
      ...(registry === undefined ? {} : { registry }),
    });
    const seconds = (performance.now() - begin) / 1000;
    process.stderr.write(`${image.name}: ${seconds.toFixed(1)} s\n`);
    builds.push({ image, seconds });
  }
  if (output !== undefined) await copyArchives(builds, callersPath(output));
  const heading = ["image", "digest", "size", "seconds", "rebuilt"];
  process.stdout.write(`${table(heading, builds.map(rowOf))}\n`);
  await giveToRealNodes(builds.map(({ image }) => image));
  return 0;
}

/** Real nodes of this checkout's cluster have no registry to pull from; those of no cluster get nothing. */
async function giveToRealNodes(images: BuiltImage[]): Promise<void> {
  const layout = clusterLayout();
  const real = await readRealNodes(layout);
  if (real === undefined || !(await new ControlPlane("").hasRealNodes())) return;
  for (const node of realNodes(real, layout)) {
    const imported = await importImages(node, images);
    process.stdout.write(`${node.name}: ${imported.length === 0 ? "has them all" : `imported ${imported.length}`}\n`);
  }
}

async function copyArchives(builds: Build[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { image } of builds) await copyFile(image.archive, join(folder, basename(image.archive)));
}

function rowOf({ image, seconds }: Build): string[] {
  const { name, digest, size, layers } = image;
  // History says more of a layer than a table has room for.
  const rebuilt = layers.filter(({ isNew }) => isNew).map(({ from }) => from.split(":")[0]!);
  const shown = rebuilt.length === 0 ? "nothing" : rebuilt.join(", ");
  return [
    name,
    digest.slice(0, "sha256:".length + 12),
    `${(size / 2 ** 20).toFixed(0)} MiB`,
    seconds.toFixed(1),
    shown,
  ];
}
