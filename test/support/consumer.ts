import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { checkoutRoot } from "../../rehearsal/checkout";
import { type PackedArchive, packedPackage } from "./packed-package";

const exec = promisify(execFile);

/** The `package.json` of the package, as far as tests read it. */
export interface InstalledManifest {
  version: string;
  exports: Record<string, unknown>;
  sideEffects: boolean;
  peerDependencies: Record<string, string>;
  dependencies: Record<string, string>;
}

/**
 * A project outside the checkout that has the package as npm packs it. What the package declares as its dependencies is
 * linked from the checkout, so that no registry is asked; what it does not declare is not found.
 */
export class Consumer {
  private constructor(
    readonly folder: string,
    readonly archive: PackedArchive,
    readonly manifest: InstalledManifest,
  ) {}

  /** Builds, packs and installs the package. */
  static async install(): Promise<Consumer> {
    const folder = await mkdtemp(join(tmpdir(), "mlstack-consumer-"));
    const { path, archive } = await packedPackage();
    const installed = join(folder, "node_modules", "mlstack");
    await mkdir(installed, { recursive: true });
    await extract({ file: path, cwd: installed, strip: 1 });
    const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8")) as InstalledManifest;
    // TypeScript and the types of Node are what a program brings along, and Pulumi's own templates as well.
    const own = ["typescript", "@types/node"];
    for (const name of [...own, ...Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies })]) {
      const link = join(folder, "node_modules", name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(checkoutRoot(), "node_modules", name), link);
    }
    return new Consumer(folder, archive, manifest);
  }

  /** The folder of the installed package. */
  get installed(): string {
    return join(this.folder, "node_modules", "mlstack");
  }

  /** Writes files of the project. @returns their paths. */
  async write(files: Record<string, string>): Promise<string[]> {
    return Promise.all(
      Object.entries(files).map(async ([name, text]) => {
        const path = join(this.folder, name);
        await writeFile(path, text);
        return path;
      }),
    );
  }

  /** Runs a JavaScript program of the project. @returns what it printed, as JSON. */
  async json<T>(name: string, source: string): Promise<T> {
    const [path = ""] = await this.write({ [name]: source });
    const { stdout } = await exec(process.execPath, [path], { cwd: this.folder });
    return JSON.parse(stdout) as T;
  }

  /** Removes the project. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
