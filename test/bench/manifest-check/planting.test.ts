import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { FAULTS } from "../../../bench/manifest-check/faults";
import { plantedManifests, type ScannedManifest } from "../../../bench/manifest-check/planting";
import { workloadMix } from "../../../bench/workload-mix/mix";
import { check, isBlocking, type CheckResult } from "../../../cli/check/checking";
import { readInput, type CheckedInput } from "../../../cli/check/input";
import { stringAt, type TreeObject } from "../../../components/model";

const ONE_DAY = "2026-11-26";

/** The objects of the benchmark, as its files have them. */
function mixedObjects(): TreeObject[] {
  const objects = workloadMix(450).flatMap(({ name, kind, args }) => kind.manifests(name, args));
  return (JSON.parse(JSON.stringify(objects)) as TreeObject[]).slice(0, 1000);
}

describe("manifests with planted faults", () => {
  const objects = mixedObjects();
  const manifests = plantedManifests(objects);
  const faulty = manifests.filter(({ fault }) => fault !== undefined);

  it("are a thousand, of which one in ten has a fault", () => {
    expect(manifests).toHaveLength(1000);
    expect(faulty).toHaveLength(100);
    expect(new Set(manifests.map(({ file }) => file)).size).toBe(1000);
  });

  it("have every kind of fault about equally often", () => {
    const planted = FAULTS.map((fault) => faulty.filter((manifest) => manifest.fault === fault).length);
    expect(Math.min(...planted)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...planted)).toBeLessThanOrEqual(6);
  });

  it("have faults in every kind of object that runs pods", () => {
    const kinds = new Set(faulty.map(({ object }) => object["kind"]));
    expect([...new Set(FAULTS.flatMap((fault) => fault.kinds))].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it("are the same each time", () => {
    expect(plantedManifests(objects)).toEqual(manifests);
  });

  it("differ from what the components render where a fault is planted, and nowhere else", () => {
    const changed = manifests.filter(({ object }, index) => !isDeepStrictEqual(object, objects[index]));
    expect(changed.map(({ file }) => file)).toEqual(faulty.map(({ file }) => file));
  });

  describe("under mlstack check", () => {
    let input: CheckedInput;
    let result: CheckResult;

    beforeAll(async () => {
      const stream = manifests.map(({ object }) => stringify(object)).join("---\n");
      input = await readInput(["-"], () => Promise.resolve(stream));
      result = check(input.documents, {}, ONE_DAY);
    }, 120_000);

    const rulesOn = (manifest: ScannedManifest, findings = result.findings) => {
      const document = input.documents[manifests.indexOf(manifest)];
      return findings.filter((finding) => finding.document === document).map(({ finding }) => finding.rule);
    };

    it("are found, every one", () => {
      const decided = result.findings.filter(({ isUndecided }) => isUndecided !== true);
      const missed = faulty.filter((manifest) => {
        const rules = rulesOn(manifest, decided);
        return !(manifest.fault?.checks["mlstack check"] ?? []).some((rule) => rules.includes(rule));
      });
      expect(missed.map(({ object, fault }) => `${fault?.name ?? ""}: ${stringAt(object, "kind") ?? ""}`)).toEqual([]);
    });

    it("have nothing mandatory but where a fault is", () => {
      const blocking = result.findings.filter(isBlocking);
      const faultless = manifests.filter(({ fault }) => fault === undefined);
      expect(faultless.flatMap((manifest) => rulesOn(manifest, blocking))).toEqual([]);
    });
  });
});
