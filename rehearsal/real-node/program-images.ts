import { join } from "node:path";
import type { ProgramImage } from "../images/image";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";
import type { Tool } from "../toolchain/tools";
import { POD_IMAGES, type PodImage } from "./pod-images";

/** What every image of the table searches programs in: an entry may be a bare name. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin" };

/** Permission bits of a program. */
const EXECUTABLE = 0o755;

/** How the program of an image is built; one that prints no version is known by the module that Go notes in it. */
export function podTool(image: PodImage): Tool {
  const { name, title, folder, package: path, module, version, typicalMinutes, completed, go } = image;
  const { stamps = {}, versionArguments = [] } = image;
  return {
    name,
    title,
    version: version.replace(/^v/, ""),
    modules: completed === undefined ? [folder] : [folder, completed.additions],
    builds: [
      {
        binary: name,
        package: path,
        stamps,
        versionArguments,
        versionText: versionArguments.length > 0 ? version.replace(/^v/, "") : `\t${module}\t${version}`,
      },
    ],
    ...(completed === undefined ? {} : { completed }),
    ...(go === undefined ? {} : { go }),
    instead: "; only real nodes need it",
    typicalMinutes,
  };
}

/** The image of a program, which lies in a folder of this machine. */
export function programImageOf(image: PodImage, folder: string): ProgramImage {
  const { name, image: reference, target, entrypoint, user } = image;
  return {
    name: reference,
    files: [{ source: join(folder, name), target, mode: EXECUTABLE }],
    entrypoint,
    environment: ENVIRONMENT,
    ...(user === undefined ? {} : { user }),
  };
}

/**
 * What the images of some programs are made from; programs are built on first use, one after the other.
 *
 * @param names Names of the table {@link POD_IMAGES}; all of them by default.
 * @throws {Problem} when one of them has to be built and cannot be.
 */
export async function ensurePodImages(
  progress: BuildProgress = () => undefined,
  names: readonly string[] = POD_IMAGES.map(({ name }) => name),
): Promise<ProgramImage[]> {
  const images: ProgramImage[] = [];
  for (const image of POD_IMAGES.filter(({ name }) => names.includes(name))) {
    const tool = podTool(image);
    const folder = await build(tool, (doing) => {
      progress(`${tool.title} ${tool.version}: ${doing}`);
    });
    images.push(programImageOf(image, folder));
  }
  return images;
}
