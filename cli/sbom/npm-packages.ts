import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { type Bill, type BillComponent, billLicence } from "./bill";
import { licenceNote } from "./licences";

const exec = promisify(execFile);

/** A bill with hundreds of packages has some 300 KiB. */
const MOST_BYTES = 64 * 2 ** 20;

/** What `package-lock.json` tells of a place under `node_modules`. */
interface LockedPackage {
  version?: string;
  /** Name in the registry, where it is installed under another one. */
  name?: string;
  /** Whether nothing but development needs it. */
  dev?: boolean;
}

/**
 * The bill of the packages that run, as npm writes it from `package-lock.json`: no development dependency, nothing of the
 * network, and nothing of what happens to be installed.
 *
 * @returns undefined where there is no lock file, as in an installed package.
 * @throws {Problem} when npm cannot make it.
 */
export async function npmBill(): Promise<Bill | undefined> {
  const root = checkoutRoot();
  const lock = join(root, "package-lock.json");
  if (!existsSync(lock)) return undefined;
  const settings = ["--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=library", "--include=dev"];
  const { stdout } = await exec("npm", ["sbom", ...settings], { cwd: root, maxBuffer: MOST_BYTES }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Problem(`npm cannot tell the packages: ${reason.trim()}`, "Have npm 10 or newer on PATH.");
    },
  );
  return running(JSON.parse(stdout) as Bill, JSON.parse(await readFile(lock, "utf8")) as { packages: LockedPackages });
}

type LockedPackages = Record<string, LockedPackage>;

/** With `--omit=dev`, npm 11 leaves out what runs, too, where a development dependency of the project is the same. */
function running(bill: Bill, { packages }: { packages: LockedPackages }): Bill {
  const names = Object.entries(packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([place, { name, version }]) => `${name ?? place.split("node_modules/").at(-1)!}@${version ?? ""}`);
  const runs = new Set(names);
  const self = bill.metadata.component["bom-ref"];
  return {
    ...bill,
    components: bill.components.filter((component) => runs.has(component["bom-ref"])).map(withLicence),
    dependencies: bill.dependencies.flatMap(({ ref, dependsOn = [] }) =>
      ref === self || runs.has(ref) ? [{ ref, dependsOn: dependsOn.filter((name) => runs.has(name)) }] : [],
    ),
  };
}

/** A package may tell its licence in words alone. */
function withLicence(component: BillComponent): BillComponent {
  const licence = licenceNote(component)?.licence;
  return component.licenses !== undefined || licence === undefined
    ? component
    : { ...component, licenses: [billLicence(licence)] };
}
