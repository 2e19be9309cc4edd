import { join } from "node:path";
import { checkoutRoot } from "../rehearsal/checkout";
import { writePackage } from "./package-folder";

/**
 * `npm run package [-- REPOSITORY]`: writes the npm package into `bin/package`, from where npm packs or publishes it. It names
 * the repository whose address is given, as npm demands of whatever is published with its provenance.
 */
export async function main(): Promise<void> {
  const [, , repository] = process.argv;
  await writePackage(join(checkoutRoot(), "bin", "package"), repository);
  process.stdout.write("bin/package is written. Next: npm pack ./bin/package, or npm publish ./bin/package\n");
}
