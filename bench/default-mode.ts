import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { checkoutRoot } from "../rehearsal/checkout";

/** What the program of the stacks is made of. */
const SOURCES = ["stacks", "components", "package.json"];

/**
 * Writes the checkout's program as a project in Pulumi's default TypeScript mode: no runtime options, and compiler
 * options that leave the type check on. Everything else is the same.
 *
 * @param folder Where the project is written, below a folder with `node_modules`.
 */
export async function writeDefaultModeProject(folder: string): Promise<void> {
  const root = checkoutRoot();
  await mkdir(folder, { recursive: true });
  for (const source of SOURCES) await cp(join(root, source), join(folder, source), { recursive: true });

  const project = parse(await readFile(join(root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ ...project, runtime: "nodejs" }));

  const settings = join(folder, "stacks", "tsconfig.json");
  const { compilerOptions } = JSON.parse(await readFile(settings, "utf8")) as {
    compilerOptions: Record<string, unknown>;
  };
  await writeFile(settings, JSON.stringify({ compilerOptions: { ...compilerOptions, noCheck: false } }));
}
