import { join } from "node:path";
import { checkoutRoot } from "../rehearsal/checkout";
import { writePackage } from "./package-folder";

/** `npm run package`: writes the npm package into `bin/package`, from where npm packs or publishes it. */
export async function main(): Promise<void> {
  await writePackage(join(checkoutRoot(), "bin", "package"));
  process.stdout.write("bin/package is written. Next: npm pack ./bin/package, or npm publish ./bin/package\n");
}
