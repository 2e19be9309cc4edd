import { readFileSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import type { InstalledManifest } from "./consumer";
import { scratchFolder } from "./scratch";

/** A copy of a pack in a folder of its own, beside which there is nothing but the packages that it declares. */
export async function packAlone(pack: string): Promise<string> {
  const folder = await scratchFolder();
  await cp(pack, folder, { recursive: true, filter: (path) => !path.startsWith(join(pack, "node_modules")) });
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as InstalledManifest;
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(checkoutRoot(), "node_modules", name), link);
  }
  return folder;
}
