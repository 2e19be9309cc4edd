import { table } from "../../cli/table";
import { FAULTS, type Fault } from "./faults";
import type { ScannedManifest } from "./planting";
import type { Finding, ScannerName } from "./scanners";

/** What stands where a scanner has no check for a fault. */
const NO_CHECK = "–";

/** What each scanner reported. */
export type FindingsByScanner = ReadonlyMap<ScannerName, readonly Finding[]>;

/**
 * The table of who found which planted fault: a fault is found when the scanner reports its file by a check that is about
 * it. The last row tells of how many files without a fault the same checks report something.
 */
export function tableOfFinds(manifests: readonly ScannedManifest[], findings: FindingsByScanner): string {
  const reported = new Map([...findings].map(([name, list]) => [name, new Set(list.map(keyOf))]));
  const names = [...findings.keys()];
  const isReported = (name: ScannerName, file: string, checks: readonly string[]) =>
    checks.some((check) => reported.get(name)?.has(keyOf({ file, check })) === true);
  const found = (name: ScannerName, fault: Fault) =>
    planted(manifests, fault).filter(({ file }) => isReported(name, file, fault.checks[name] ?? [])).length;

  const rows = FAULTS.map((fault) => [
    fault.name,
    String(planted(manifests, fault).length),
    ...names.map((name) => (fault.checks[name] === undefined ? NO_CHECK : String(found(name, fault)))),
  ]);
  const faulty = manifests.filter(({ fault }) => fault !== undefined);
  const faultless = manifests.filter(({ fault }) => fault === undefined);
  const all = names.map((name) => String(FAULTS.reduce((sum, fault) => sum + found(name, fault), 0)));
  const elsewhere = names.map((name) => {
    const checks = FAULTS.flatMap((fault) => fault.checks[name] ?? []);
    return String(faultless.filter(({ file }) => isReported(name, file, checks)).length);
  });
  return table(
    ["planted fault", "files", ...names],
    [
      ...rows,
      ["all of them", String(faulty.length), ...all],
      ["none, and reported all the same", String(faultless.length), ...elsewhere],
    ],
  );
}

function planted(manifests: readonly ScannedManifest[], fault: Fault): ScannedManifest[] {
  return manifests.filter((manifest) => manifest.fault === fault);
}

function keyOf({ file, check }: Finding): string {
  return `${file} ${check}`;
}
