import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { lock } from "proper-lockfile";
import { writePackage } from "../../packaging/package-folder";
import { checkoutRoot } from "../../rehearsal/checkout";

const exec = promisify(execFile);

/** What the package is made of. */
const SOURCES = ["components", "packaging", "policies", "preflight", "docs/package.md", "CHANGELOG.md", "LICENSE"];
const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json"];

/** What npm says of the archive that it packed. */
export interface PackedArchive {
  filename: string;
  /** Bytes of the archive. */
  size: number;
  /** Bytes of all files in it. */
  unpackedSize: number;
  files: { path: string }[];
}

/** The archive of the package as npm packs it, and its path. */
export interface PackedPackage {
  path: string;
  archive: PackedArchive;
}

/**
 * Builds and packs the package, once for the sources as they are: declarations of all components take most of a minute, and
 * several test files need them, at the same time.
 */
export async function packedPackage(): Promise<PackedPackage> {
  const cache = join(checkoutRoot(), "node_modules", ".cache", "mlstack-test", "packages");
  await mkdir(cache, { recursive: true });
  const release = await lock(cache, { stale: 30_000, retries: { retries: 600, minTimeout: 500, maxTimeout: 500 } });
  try {
    const folder = join(cache, await digestOfSources());
    const told = join(folder, "packed.json");
    const packed = async () => {
      const archive = JSON.parse(await readFile(told, "utf8")) as PackedArchive;
      return { path: join(folder, archive.filename), archive };
    };
    return await packed().catch(async () => {
      for (const entry of await readdir(cache)) await rm(join(cache, entry), { recursive: true });
      const made = await mkdtemp(join(cache, "made-"));
      await writePackage(join(made, "built"));
      const { stdout } = await exec("npm", ["pack", "./built", "--json", "--ignore-scripts"], { cwd: made });
      const [archive] = JSON.parse(stdout) as [PackedArchive];
      await rm(join(made, "built"), { recursive: true });
      await writeFile(join(made, "packed.json"), JSON.stringify(archive));
      await rename(made, folder);
      return packed();
    });
  } finally {
    await release();
  }
}

/** A digest of everything that the package is made of, with its paths. */
async function digestOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of [...SOURCES, ...SETTINGS]) {
    const path = join(checkoutRoot(), source);
    const inside = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = inside?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of (files ?? [path]).sort())
      hash
        .update(file)
        .update("\0")
        .update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}
