import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { runSteps, type Step } from "../cli/progress";
import type { TreeObject } from "../components/model";
import type { Benchmark } from "./benchmark";
import { tableOfFinds } from "./manifest-check/finds";
import { measureCommand } from "./manifest-check/measured-command";
import { plantedManifests, type ScannedManifest } from "./manifest-check/planting";
import { scanners, type Finding, type Scanner, type ScannerName } from "./manifest-check/scanners";
import { renderOnce } from "./workload-mix/render-once";

/** Files that are scanned. */
const MANIFESTS = 1000;

/**
 * Measures `mlstack check` against other scanners of manifests on the same thousand files, one object in each, and counts
 * which planted faults each finds.
 */
export async function measureManifestCheck({ runs, scratch, results }: Benchmark): Promise<void> {
  const folder = join(scratch, "manifests");
  const findings = new Map<ScannerName, Finding[]>();
  let manifests: ScannedManifest[] = [];
  let ready: Scanner[] = [];
  const scan = async (scanner: Scanner) => {
    const files = manifests.map(({ file }) => file);
    return measureCommand(scanner.program, scanner.args(folder, files), folder);
  };
  const prepare: Step = {
    title: "Manifests with planted faults, and scanners",
    typical: "10 s, the first time 3 min",
    run: async (tell) => {
      manifests = await writeManifests(join(scratch, "scanned-workloads.json"), folder);
      const found = await scanners(tell);
      ready = found.ready;
      for (const reason of found.leftOut) results.remark(reason);
      return undefined;
    },
  };
  // It fills the caches of compiled code, and tells what there is to find: that is the same each time.
  const unmeasured: Step = {
    title: "Unmeasured round",
    typical: "25 s",
    run: async (tell) => {
      for (const scanner of ready) {
        tell(scanner.name);
        findings.set(scanner.name, scanner.findings((await scan(scanner)).output));
      }
      results.remark(tableOfFinds(manifests, findings));
      return undefined;
    },
  };
  const rounds = Array.from({ length: runs }, (_, index): Step => ({
    title: `Run ${index + 1} of ${runs}: manifests`,
    typical: "25 s",
    run: async (tell) => {
      for (const scanner of ready) {
        tell(scanner.name);
        const { seconds, memoryMib } = await scan(scanner);
        const subject = [scanner.name, scanner.version].join(" ").trim();
        results.record(`${MANIFESTS} manifests`, subject, seconds, "s");
        results.record(`${MANIFESTS} manifests: memory`, subject, memoryMib, "MiB");
      }
      return undefined;
    },
  }));
  await runSteps([prepare, unmeasured, ...rounds]);
}

async function writeManifests(rendered: string, folder: string): Promise<ScannedManifest[]> {
  await renderOnce(rendered);
  const objects = JSON.parse(await readFile(rendered, "utf8")) as TreeObject[];
  const manifests = plantedManifests(objects.slice(0, MANIFESTS));
  await mkdir(folder);
  for (const { file, object } of manifests) await writeFile(join(folder, file), stringify(object));
  return manifests;
}
