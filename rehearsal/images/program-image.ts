import { type AssembledImage, assemble } from "./assemble";
import type { ProgramImage } from "./image";
import { entriesOf, folder } from "./layer-entry";
import { layerOf } from "./store";

/** Where programs are looked for; Kubernetes sets none, and some programs start others. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Files of a moment are written there; the bases of programs that are published have it. */
const TEMPORARY = folder("tmp", 0o1777);

/**
 * Makes the image of a program that needs nothing beside it, such as a static binary of Go.
 *
 * @throws when a file of it is not there.
 */
export async function programImage(program: ProgramImage): Promise<AssembledImage> {
  const { name, files, entrypoint, user, environment } = program;
  const layer = await layerOf(files.map(({ target }) => target).join(" "), [...(await entriesOf(files)), TEMPORARY]);
  return assemble(name, [layer], {
    entrypoint,
    environment: { PATH, ...environment },
    ...(user === undefined ? {} : { user }),
  });
}
