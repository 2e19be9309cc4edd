import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Problem } from "../../problem";
import { entriesUnder, type LayerEntry } from "../layer-entry";
import { keptLayer, type Layer } from "../store";
import { compile, laidOutPython, pythonLayer } from "./python";

const run = promisify(execFile);

/** Packages that an image of Python has beside Python. */
export interface Requirements {
  /** Path of the requirements file. */
  file: string;
  /** Whether it has a hash of each package, and pip is to see that they are these. */
  requireHashes: boolean;
  /** Whether the file names all that is wanted, and nothing is to come that packages ask for beside it. */
  withoutDependencies: boolean;
}

/**
 * The layer with packages from PyPI, chosen and installed by the Python that runs in the image.
 *
 * @throws {Problem} when pip does not get them.
 */
export async function wheelsLayer({ file, requireHashes, withoutDependencies }: Requirements): Promise<Layer> {
  const python = await pythonLayer();
  const text = await readFile(file);
  const inputs = {
    requirements: createHash("sha256").update(text).digest("hex"),
    requireHashes,
    ...(withoutDependencies && { withoutDependencies }),
    python: python.digest,
  };
  return keptLayer({ from: "pip install -r requirements.txt", inputs }, async (work) => {
    const { python, release, pip, environment } = await laidOutPython();
    const folder = join(work, "packages");
    const how = ["--quiet", "--no-cache-dir", "--no-compile", "--disable-pip-version-check", "--target", folder];
    const only = [...(requireHashes ? ["--require-hashes"] : []), ...(withoutDependencies ? ["--no-deps"] : [])];
    await run(python, [join(pip, "pip"), "install", ...how, ...only, "-r", file], {
      env: environment,
      maxBuffer: 1 << 26,
    }).catch((error: unknown) => {
      throw refusal(file, (error as { stderr?: string }).stderr ?? String(error));
    });
    const programs = await movedPrograms(folder, join(work, "bin"), python);
    const target = `/usr/local/lib/python${release}/dist-packages`;
    await compile(python, environment, folder, target);
    return { entries: [...(await entriesUnder(folder, target)), ...programs] };
  });
}

/** Lines of a package's list of files about programs, whose hashes are those from before their first line was changed. */
const RECORDED_PROGRAM = /^(\.\.\/)*bin\/[^\n]*\n/gm;

/** Programs of packages go where programs are looked for, and start the image's Python rather than this one. */
async function movedPrograms(folder: string, programs: string, python: string): Promise<LayerEntry[]> {
  if (!existsSync(join(folder, "bin"))) return [];
  await rename(join(folder, "bin"), programs);
  await rm(join(programs, "__pycache__"), { recursive: true, force: true });
  for (const name of await readdir(programs)) {
    const text = await readFile(join(programs, name), "latin1");
    await writeFile(join(programs, name), text.replace(`#!${python}`, "#!/usr/local/bin/python"), "latin1");
  }
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(".dist-info"))) {
    const record = join(folder, name, "RECORD");
    const text = await readFile(record, "utf8").catch(() => undefined);
    if (text !== undefined) await writeFile(record, text.replaceAll(RECORDED_PROGRAM, ""));
  }
  return entriesUnder(programs, "/usr/local/bin");
}

function refusal(file: string, told: string): Problem {
  const reason = told
    .split("\n")
    .findLast((line) => line.startsWith("ERROR: "))
    ?.slice("ERROR: ".length);
  return new Problem(
    `pip does not install ${file}: ${reason ?? told.trim().split("\n").at(-1) ?? ""}`,
    "See to it that pip reaches a package index that has these versions.",
  );
}
