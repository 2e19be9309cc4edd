import { existsSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, posix, resolve } from "node:path";
import { checkoutRoot } from "../checkout";
import { Problem } from "../problem";
import { type AssembledImage, assemble } from "./assemble";
import type { Base } from "./bases/base";
import { javaBase, javaLayer } from "./bases/java";
import { jarsLayer, mavenBase, repositoryLayer } from "./bases/maven";
import { pythonBase } from "./bases/python";
import { sparkBase } from "./bases/spark";
import { wheelsLayer } from "./bases/wheels";
import { busyboxLayer } from "./busybox";
import { type Copy, fromOf, type Instruction, readDockerfile, type Steps, stepsOf } from "./dockerfile";
import type { ImageFile } from "./image";
import { type BASE_NAMES, type ImageDeclaration, readImageFile } from "./image-file";
import { entriesOf, folder } from "./layer-entry";
import { PATH } from "./program-image";
import { type Layer, layerOf } from "./store";

/** Under which name an image is built. */
export interface ExampleOptions {
  /** Registry and path, without a slash at the end; that of environments without `scenarioImages` by default. */
  registry?: string;
  /** Tag; the version of this package by default. */
  version?: string;
}

/** Where environments have their images that do not say where. */
export const EXAMPLE_REGISTRY = "registry.example.com/mlstack";

/** What an image stands on, by its name; of some, the version is that of the image that stands in the Dockerfile. */
const BASES: Record<(typeof BASE_NAMES)[number], (version: string) => Promise<Base>> = {
  busybox: async () => ({ layers: [await busyboxLayer()], start: { command: ["sh"], environment: { PATH } } }),
  python: pythonBase,
  java: javaBase,
  maven: mavenBase,
  spark: sparkBase,
};

/** An instruction that installs what a requirements file says. */
const PIP_INSTALL = /^pip install (.* )?-r (\S+)$/;

/** What checkouts have and images do not. */
const LEFT_BY_PYTHON = /(^|\/)__pycache__$/;

/**
 * Makes the image that the Dockerfile of a folder describes, without Docker: `image.yaml` beside it says what it stands on,
 * and what is there in place of what the Dockerfile runs.
 *
 * @param directory Folder with both.
 * @throws {Problem} when one of them is wrong, or what the image is made of is not to be had.
 */
export async function exampleImage(directory: string, options: ExampleOptions = {}): Promise<AssembledImage> {
  const { registry = EXAMPLE_REGISTRY, version = versionOfPackage() } = options;
  const image = await readImageFile(directory);
  const path = join(directory, "Dockerfile");
  const instructions = await readDockerfile(path);
  const base = await BASES[image.base](/:v?(\d+(\.\d+)*)/.exec(fromOf(instructions))?.[1] ?? "");
  const steps = stepsOf(path, instructions, base.start);
  const context = resolve(directory, image.context);
  const files = (await Promise.all(steps.copies.map((copy) => copied(context, copy)))).flat();
  const layers = [...base.layers, ...(await layersBetween({ path, image, steps, files, context }))];
  const own = await entriesOf(files, { omits: (each) => LEFT_BY_PYTHON.test(each) });
  const place = steps.start.folder === undefined ? [] : [folder(steps.start.folder)];
  // The base has its own working folder, with its own permissions.
  const layer = await layerOf("COPY", steps.start.folder === base.start.folder ? own : [...place, ...own]);
  return assemble(`${registry}/${image.name}:${version}`, [...layers, layer], steps.start);
}

interface Between {
  path: string;
  image: ImageDeclaration;
  steps: Steps;
  files: ImageFile[];
  context: string;
}

/** Layers in place of what a Dockerfile runs and copies of other images. */
async function layersBetween({ path, image, steps, files, context }: Between): Promise<Layer[]> {
  const { java, jars, repository } = image;
  const layers: Layer[] = [];
  let others = steps.others;
  const standsFor = (field: string, of: RegExp) => {
    const rest = others.filter(({ name, words }) => !of.test(`${name} ${words}`));
    if (rest.length === others.length) {
      throw new Problem(
        `${field} of ${join(path, "..", "image.yaml")} stands for nothing in the Dockerfile`,
        "Leave it out.",
      );
    }
    others = rest;
  };
  if (java === true) {
    standsFor("java", /^COPY --from=java /);
    layers.push(await javaLayer("run"));
  }
  if (jars !== undefined) {
    standsFor("jars", /^COPY --from=\S+ \S+ \S*\/jars\/$/);
    layers.push(await jarsLayer(jars));
  }
  if (repository !== undefined) {
    standsFor("repository", /^RUN mvn .*\bverify\b/);
    layers.push(
      await repositoryLayer({ folder: context, files: steps.copies.flatMap(({ sources }) => sources), ...repository }),
    );
  }
  for (const other of others) layers.push(await wheelsOf(path, other, files, steps));
  return layers;
}

async function wheelsOf(
  path: string,
  { name, line, words }: Instruction,
  files: ImageFile[],
  { start }: Steps,
): Promise<Layer> {
  const [, options = "", written = ""] = (name === "RUN" ? PIP_INSTALL.exec(words) : undefined) ?? [];
  const target = posix.resolve(start.folder ?? "/", written);
  const requirements = files.find((file) => file.target === target);
  if (written === "" || requirements === undefined) {
    throw new Problem(
      `${path}:${line}: ${name} ${words} cannot be done without Docker, and nothing in image.yaml stands for it`,
      "Say what does: docs/images.md.",
    );
  }
  return wheelsLayer({
    file: requirements.source,
    requireHashes: options.includes("--require-hashes"),
    withoutDependencies: options.includes("--no-deps"),
  });
}

/** Files that a `COPY` names, and where they go: a folder's content goes into the target, a file into a folder. */
async function copied(context: string, { sources, target }: Copy): Promise<ImageFile[]> {
  return Promise.all(
    sources.map(async (source) => {
      const from = join(context, source);
      const found = await stat(from).catch(() => {
        throw new Problem(
          `${from} is not there, which a Dockerfile copies`,
          "Mend the Dockerfile, or the context of image.yaml.",
        );
      });
      const into = !found.isDirectory() && target.endsWith("/");
      return { source: from, target: into ? posix.join(target, basename(source)) : target };
    }),
  );
}

function versionOfPackage(): string {
  const path = join(checkoutRoot(), "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version : "latest";
}
