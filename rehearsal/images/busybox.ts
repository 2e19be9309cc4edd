import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { Problem } from "../problem";
import { type AssembledImage, assemble } from "./assemble";
import { folder, type LayerEntry, link, textFile } from "./layer-entry";
import { PATH } from "./program-image";
import { type Layer, layerOf } from "./store";

const run = promisify(execFile);

/** Where Debian's `busybox-static` has it, and `busybox`, which has a dynamic one. */
const BUSYBOX = "/usr/bin/busybox";

const REMEDY = "Install Debian's: apt-get install busybox-static.";

/** Debian has one folder of each kind; what packages have in the other is moved there. */
const MERGED = ["bin", "sbin", "lib", "lib64"];

/** Names for numbers, which programs ask for: `getpass.getuser` of Python, and Hadoop. */
export const USERS = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n";
/** Names for numbers of groups. */
export const GROUPS = "root:x:0:\nnogroup:x:65534:\n";

/**
 * What all images begin with that are more than a program: a shell with the usual commands, for probes, scripts and
 * whoever looks into a container, and the folders that every Linux has.
 *
 * @throws {Problem} when this machine has no static busybox.
 */
export async function busyboxLayer(): Promise<Layer> {
  const applets = await appletsOf();
  const merged = MERGED.flatMap((name): LayerEntry[] => [folder(`usr/${name}`), link(name, `usr/${name}`)]);
  return layerOf("busybox", [
    ...merged,
    folder("tmp", 0o1777),
    folder("var/tmp", 0o1777),
    folder("root", 0o700),
    ...["dev", "proc", "sys", "run", "home"].map((name) => folder(name)),
    textFile("etc/passwd", USERS),
    textFile("etc/group", GROUPS),
    { kind: "file", path: "usr/bin/busybox", mode: 0o755, content: BUSYBOX },
    ...applets.map((name) => link(`usr/bin/${name}`, "busybox")),
  ]);
}

/** Path that a file of a package has where folders are merged. */
export function merged(path: string): string {
  return path.replace(/^(bin|sbin|lib|lib64)(?=\/|$)/, "usr/$1");
}

/**
 * An image of busybox.
 *
 * @param name With tag, as manifests use it.
 * @throws {Problem} when this machine has no static busybox.
 */
export async function busyboxImage(name: string): Promise<AssembledImage> {
  return assemble(name, [await busyboxLayer()], { command: ["sh"], environment: { PATH } });
}

/** Name of the image of the container that every pod has beside its own; container runtimes are told of it. */
export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10";

/**
 * The image of the container that every pod has beside its own: it only waits.
 *
 * @param name As the container runtime's configuration has it.
 * @throws {Problem} when this machine has no static busybox.
 */
export async function pauseImage(name = PAUSE_IMAGE): Promise<AssembledImage> {
  await appletsOf();
  // busybox asks for its own name.
  const program: LayerEntry = { kind: "file", path: "bin/busybox", mode: 0o755, content: BUSYBOX };
  const entrypoint = ["/bin/busybox", "tail", "-f", "/dev/null"];
  return assemble(name, [await layerOf("pause", [program])], {
    entrypoint,
    user: "65535:65535",
    environment: { PATH },
  });
}

/** Names of what busybox can be called by. */
async function appletsOf(): Promise<string[]> {
  const begin = await beginningOf(BUSYBOX).catch(() => undefined);
  if (begin === undefined) {
    throw new Problem(`images begin with busybox, and there is none at ${BUSYBOX}`, REMEDY);
  }
  // An image of nothing else has no loader and no libraries.
  if (begin.includes("/ld-linux")) throw new Problem(`${BUSYBOX} is not a static one, which images begin with`, REMEDY);
  const { stdout } = await run(BUSYBOX, ["--list"]);
  return stdout.split("\n").filter((name) => name !== "" && name !== "busybox");
}

/** The part of a program that says which loader it wants. */
async function beginningOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
