import { randomUUID } from "node:crypto";
import { readLock, lockPath } from "../../rehearsal/charts/lock-file";
import type { Fetch } from "../../rehearsal/charts/registry";
import { refuseUnwritable, writeOutput } from "../output-file";
import { resourcesOfFiles } from "../plan/sources";
import type { Bill } from "../sbom/bill";
import { foundImages } from "../sbom/found-images";
import { toldDigests } from "../sbom/told-digests";
import { npmBill } from "../sbom/npm-packages";
import { platformSources } from "../sbom/platform-sources";
import { billTable } from "../sbom/table";
import { versionOfThis } from "../version";

/** Options of `mlstack sbom`. */
export interface SbomOptions {
  format: string;
  output?: string;
  /** Whether registries are asked for the digests of images that are known by a tag alone. */
  resolve?: boolean;
}

const FORMATS: Record<string, (bill: Bill) => string> = {
  cyclonedx: (bill) => `${JSON.stringify(bill, undefined, 2)}\n`,
  table: billTable,
};

/** Names of the formats. */
export const SBOM_FORMATS = Object.keys(FORMATS);

/**
 * Lists what mlstack is made of: npm packages that run, charts, manifests and images that are pinned, and the images of
 * manifests or states.
 *
 * Ends with 1 where registries were asked, and one did not tell a digest; the list is written all the same.
 *
 * @param paths manifests, rendered charts or exported states whose images are listed beside the pinned ones.
 * @param get asks registries; `fetch` by default.
 * @throws {Problem} when npm cannot tell the packages, a path cannot be read, or a file not be written.
 */
export async function sbom(paths: string[], options: SbomOptions, get?: Fetch): Promise<number> {
  const { format, output, resolve = false } = options;
  const file = output === undefined ? undefined : { path: output, content: "the bill", option: "--output" };
  if (file !== undefined) await refuseUnwritable(file);
  const found = paths.length === 0 ? [] : foundImages((await resourcesOfFiles(paths)).resources);
  const ofNpm = await npmBill();
  if (ofNpm === undefined) {
    process.stderr.write(
      "There is no package-lock.json here: `npm sbom` in the project that has it tells the packages.\n",
    );
  }
  const pinned = platformSources(await readLock(lockPath()));
  const names = new Set(pinned.map((component) => component["bom-ref"]));
  const sources = [...pinned, ...found.filter((image) => !names.has(image["bom-ref"]))];
  const { components, untold } = resolve ? await toldDigests(sources, get) : { components: sources, untold: [] };
  for (const message of untold) process.stderr.write(`No digest of ${message}\n`);
  const text = FORMATS[format]!(billOf(ofNpm, components));
  if (file === undefined) process.stdout.write(text);
  else await writeOutput(file, text);
  return untold.length === 0 ? 0 : 1;
}

/** CycloneDX 1.6 takes all that npm writes for 1.5. */
function billOf(ofNpm: Bill | undefined, sources: Bill["components"]): Bill {
  const version = versionOfThis();
  const self = `mlstack@${version}`;
  const component = { "bom-ref": self, type: "library" as const, name: "mlstack", version };
  const dependencies = ofNpm?.dependencies ?? [{ ref: self, dependsOn: [] }];
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
      ...ofNpm?.metadata,
      timestamp: new Date().toISOString(),
      // npm names it after the folder.
      component: { ...ofNpm?.metadata.component, ...component },
    },
    components: [...(ofNpm?.components ?? []), ...sources],
    dependencies,
  };
}
