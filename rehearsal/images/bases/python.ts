import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { exclusively, userLock } from "../../toolchain/lock";
import { busyboxLayer } from "../busybox";
import { type LayerEntry, link } from "../layer-entry";
import { PATH } from "../program-image";
import { imagesFolder, keptLayer, type Layer, shortHash } from "../store";
import type { Base } from "./base";
import { COMMON, distribution, packageEntries, unpackPackages, type UnpackedPackages } from "./debian";

const run = promisify(execFile);

/** The distribution's Python, the certificates that an image of Python has, and what compiled packages are linked with. */
const PACKAGES = ["python3", "ca-certificates", ...COMMON];

/** What Docker's image has beside Python, in a layer of its own: names of ports and protocols, and time zones. */
const BESIDE = ["netbase", "tzdata"];

/** Where these packages have it; the rest is what they need to be set up. */
const BESIDE_FILES = /^(usr\/share\/zoneinfo|etc\/(ethertypes|protocols|rpc|services)$)/;

/** Where the wheel of pip comes from; it stays outside of images. */
const PIP = "python3-pip-whl";

/** Python as images have it, laid out so that it also runs here: to install packages for images, and to compile. */
export interface LaidOutPython {
  /** Program to start. */
  python: string;
  /** Its release, such as `3.11`. */
  release: string;
  /** Path of the wheel of pip. */
  pip: string;
  /** Environment that the program needs. */
  environment: NodeJS.ProcessEnv;
}

/**
 * Python and nothing else, in place of Docker's `python:…-slim`.
 *
 * @throws {Problem} when there is no apt, no busybox, or no package index.
 */
export async function pythonBase(): Promise<Base> {
  return {
    layers: [await busyboxLayer(), await pythonLayer(), await besideLayer()],
    // As in Docker's image.
    start: { command: ["python3"], environment: { PATH, LANG: "C.UTF-8" } },
  };
}

/** The layer with Python. @throws {Problem} when there is no apt, or it does not get it. */
export async function pythonLayer(): Promise<Layer> {
  return keptLayer({ from: `apt ${PACKAGES.join(" ")}`, inputs: inputs() }, async (work) => {
    const unpacked = await unpackPackages(PACKAGES, work);
    const { python, release, environment } = await laidOutPython();
    const library = join(unpacked.folder, "usr", "lib");
    await compile(python, environment, join(library, `python${release}`), `/usr/lib/python${release}`);
    const names = ["python", "python3"].map((name): LayerEntry =>
      link(`usr/local/bin/${name}`, `/usr/bin/python${release}`),
    );
    return { entries: [...(await packageEntries(unpacked)), ...names], with: unpacked.versions.join(" ") };
  });
}

/** Packages for images are installed without it, so that a new time zone makes none of them anew. */
async function besideLayer(): Promise<Layer> {
  const inputs = { packages: BESIDE, distribution: distribution(), architecture: process.arch };
  return keptLayer({ from: `apt ${BESIDE.join(" ")}`, inputs }, async (work) => {
    const unpacked = await unpackPackages(BESIDE, work);
    const entries = (await packageEntries(unpacked)).filter(({ path }) => BESIDE_FILES.test(path));
    const versions = unpacked.versions.filter((version) => BESIDE.includes(version.split("=")[0]!));
    return { entries, with: versions.join(" ") };
  });
}

/**
 * Python of the distribution, kept in the cache.
 *
 * @throws {Problem} when there is no apt, or it does not get it.
 */
export async function laidOutPython(): Promise<LaidOutPython> {
  const folder = join(imagesFolder(), "python", shortHash(inputs()));
  await exclusively(userLock("image-python"), async () => {
    if (existsSync(folder)) return;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    const unpacked = await unpackPackages([...PACKAGES, PIP], partial);
    await rm(join(partial, "apt"), { recursive: true, force: true });
    await writeFile(join(partial, "python"), starter(await loaderOf(unpacked), join(folder, "root")), { mode: 0o755 });
    await mkdir(dirname(folder), { recursive: true });
    await rename(partial, folder);
  });
  const root = join(folder, "root");
  const wheels = join(root, "usr", "share", "python-wheels");
  const pip = (await readdir(wheels)).find((name) => name.startsWith("pip-"))!;
  return {
    python: join(folder, "python"),
    release: (await readlink(join(root, "usr", "bin", "python3"))).replace("python", ""),
    pip: join(wheels, pip),
    // The order in which Python comes upon names must not depend on chance.
    environment: { ...process.env, PYTHONHOME: join(root, "usr"), PYTHONPATH: "", PYTHONHASHSEED: "0" },
  };
}

/**
 * Compiles Python's sources, so that programs without the right to write there do not do so at every start. What comes
 * out depends on the sources alone, and is taken without a look at them.
 *
 * @param folder Where they are now.
 * @param path Where an image has them.
 */
export async function compile(python: string, env: NodeJS.ProcessEnv, folder: string, path: string): Promise<void> {
  const how = ["-q", "--invalidation-mode", "unchecked-hash", "-s", folder, "-p", path];
  // Some packages carry sources that are no Python, or another one.
  await run(python, ["-m", "compileall", ...how, folder], { env, maxBuffer: 1 << 26 }).catch(() => undefined);
}

function inputs(): object {
  return { packages: PACKAGES, distribution: distribution(), architecture: process.arch };
}

/** Loader of the packages' C library, which may be newer than that of this machine. */
async function loaderOf({ folder }: UnpackedPackages): Promise<string> {
  const libraries = (await readdir(join(folder, "lib"))).find((name) => name.includes("-linux-"))!;
  const loader = (await readdir(join(folder, "lib", libraries))).find((name) => name.startsWith("ld-linux-"))!;
  return join("lib", libraries, loader);
}

/** A program that starts Python from where it lies, and that Python takes for itself when it starts another one. */
function starter(loader: string, root: string): string {
  const libraries = ["lib", "usr/lib"].map((path) => join(root, path, loader.split("/")[1]!)).join(":");
  const python = join(root, "usr", "bin", "python3");
  return `#!/bin/sh\nexec '${join(root, loader)}' --library-path '${libraries}' --argv0 "$0" '${python}' "$@"\n`;
}
