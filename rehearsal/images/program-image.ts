import { type AssembledImage, assemble } from "./assemble";
import type { ProgramImage } from "./image";
import { entriesOf, folder } from "./layer-entry";
import { layerOf } from "./store";

/** Where programs are looked for; Kubernetes sets none, and some programs start others. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Makes the image of a program that needs nothing beside it, such as a static binary of Go.
 *
 * @throws when a file of it is not there.
 */
export async function programImage(program: ProgramImage): Promise<AssembledImage> {
  const { name, files, entrypoint, user, environment } = program;
  // Images of such programs mostly stand on one that has a folder for files that pass: Argo's executor writes there.
  const layer = await layerOf(files.map(({ target }) => target).join(" "), [
    folder("tmp", 0o1777),
    ...(await entriesOf(files)),
  ]);
  return assemble(name, [layer], {
    entrypoint,
    environment: { PATH, ...environment },
    ...(user === undefined ? {} : { user }),
  });
}
