import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import ts from "typescript";
import { PACKS } from "../policies/packs";
import { checkoutRoot } from "../rehearsal/checkout";
import { AREAS } from "./areas";
import { bundlePack } from "./pack-bundle";
import { type CheckoutManifest, packageManifest, rangesOf } from "./package-manifest";

/** Files of the checkout that stand in the package as they are. */
const COPIED = ["CHANGELOG.md", "LICENSE", "policies/defaults.json"];

/**
 * Writes the npm package, as it is packed and published: what the areas need, as CommonJS with declarations and with source
 * maps that hold the sources, and each policy pack as a folder that stands alone.
 *
 * It is a folder of its own because the checkout's `package.json` says other things to others: that Pulumi finds sources
 * behind `exports` when the checkout is its plugin, and what the command line needs.
 *
 * @param folder is emptied first.
 * @param repository address of the repository that it is published from; by default it names none.
 * @throws {Error} when a declaration cannot be written.
 * @throws {Problem} when the address of the repository is none.
 */
export async function writePackage(folder: string, repository?: string): Promise<void> {
  const root = checkoutRoot();
  const text = (path: string) => readFile(join(root, path), "utf8");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  compile(root, folder);
  // Components read programs and dashboards that lie beside them.
  await cp(join(root, "components"), join(folder, "components"), {
    recursive: true,
    filter: (path) => extname(path) !== ".ts" && !path.endsWith("__pycache__"),
  });
  for (const file of COPIED) await cp(join(root, file), join(folder, file));
  const manifest = JSON.parse(await text("package.json")) as CheckoutManifest;
  for (const pack of Object.keys(PACKS)) {
    const to = join(folder, "policies", pack);
    await cp(join(root, "policies", pack, "PulumiPolicy.yaml"), join(to, "PulumiPolicy.yaml"));
    const own = JSON.parse(await text(`policies/${pack}/package.json`)) as object;
    const dependencies = rangesOf(manifest, await bundlePack(to));
    await writeJson(join(to, "package.json"), { ...own, main: "index.js", dependencies });
  }
  await writeJson(join(folder, "package.json"), packageManifest(manifest, repository));
  await writeFile(join(folder, "README.md"), withoutOtherPages(await text("docs/package.md")));
}

function compile(root: string, outDir: string): void {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const entries = [...Object.values(AREAS), ...Object.keys(PACKS).map((pack) => `policies/${pack}/index`)];
  const program = ts.createProgram({
    rootNames: entries.map((entry) => join(root, `${entry}.ts`)),
    options: {
      ...options,
      // Types are checked where the checkout is tested.
      noCheck: true,
      noEmit: false,
      declaration: true,
      sourceMap: true,
      inlineSources: true,
      rootDir: root,
      outDir,
    },
  });
  const { diagnostics } = program.emit(undefined, (path, text) => {
    ts.sys.writeFile(path, path.endsWith(".js.map") ? withSourceBeside(text) : text);
  });
  if (diagnostics.length === 0) return;
  const host = { getCurrentDirectory: () => root, getCanonicalFileName: String, getNewLine: () => "\n" };
  throw new Error(`the package cannot be compiled:\n${ts.formatDiagnostics(diagnostics, host)}`);
}

/**
 * A source map that names its source as a file beside it: relative to the checkout, it would name folders of the machine
 * that the package was built on.
 */
function withSourceBeside(map: string): string {
  const { sources, ...rest } = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...rest, sources: sources.map((source) => basename(source)) });
}

async function writeJson(path: string, content: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** A page whose links to other pages of the checkout are plain text, as these are not in the package. */
function withoutOtherPages(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, "$1");
}
