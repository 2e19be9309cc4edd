import { rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What Pulumi itself needs beside a pack, to start it. */
const STARTER = "@pulumi/pulumi";

/**
 * Makes one file of a compiled pack and all that it imports of the package, so that its folder runs wherever it is copied.
 * Names are shortened, as the same code stands in the package with its sources.
 *
 * @param folder the pack's, with a compiled `index.js`, which the file replaces.
 * @returns names of the packages that it needs, sorted.
 */
export async function bundlePack(folder: string): Promise<string[]> {
  const needed = new Set([STARTER]);
  const entry = join(folder, "index.js");
  const bundle = await rolldown({
    input: entry,
    platform: "node",
    external: (id) => {
      const isElsewhere = !/^[./]/.test(id);
      if (isElsewhere && !isBuiltin(id)) needed.add(packageOf(id));
      return isElsewhere;
    },
  });
  const { output } = await bundle.generate({ format: "cjs", minify: { compress: false, mangle: true, codegen: true } });
  await bundle.close();
  await writeFile(entry, output[0].code);
  for (const beside of ["index.js.map", "index.d.ts"]) await rm(join(folder, beside));
  return [...needed].sort();
}

/** The package of a module, for example `@pulumi/policy` of `@pulumi/policy/proxy`. */
function packageOf(id: string): string {
  return id
    .split("/")
    .slice(0, id.startsWith("@") ? 2 : 1)
    .join("/");
}
