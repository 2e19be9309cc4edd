import { describe, expect, it } from "vitest";
import { FAULTS } from "../../../bench/manifest-check/faults";
import { tableOfFinds } from "../../../bench/manifest-check/finds";
import type { ScannedManifest } from "../../../bench/manifest-check/planting";

const fault = (name: string) => FAULTS.find((fault) => fault.name === name)!;

/** Cells of the row that begins so. */
const rowOf = (table: string, start: string) =>
  table
    .split("\n")
    .find((line) => line.startsWith(`${start}   `))
    ?.trim()
    .split(/ {3,}/);

describe("the table of who found which fault", () => {
  const manifests: ScannedManifest[] = [
    { file: "0.yaml", object: {}, fault: fault("privileged container") },
    { file: "1.yaml", object: {}, fault: fault("privileged container") },
    { file: "2.yaml", object: {}, fault: fault("half a GPU") },
    { file: "3.yaml", object: {} },
    { file: "4.yaml", object: {} },
  ];
  const table = tableOfFinds(
    manifests,
    new Map([
      [
        "mlstack check",
        ["0.yaml", "1.yaml"].map((file) => ({ file, check: "POD-01" })).concat({ file: "2.yaml", check: "GPU-01" }),
      ],
      [
        "checkov",
        [
          { file: "0.yaml", check: "CKV_K8S_16" },
          { file: "0.yaml", check: "CKV_K8S_16" },
          // Not about the fault of this file.
          { file: "1.yaml", check: "CKV_K8S_14" },
          { file: "3.yaml", check: "CKV_K8S_14" },
          { file: "4.yaml", check: "CKV_K8S_22" },
        ],
      ],
    ]),
  );

  it("has a column for each scanner that ran", () => {
    expect(rowOf(table, "PLANTED FAULT")).toEqual(["PLANTED FAULT", "FILES", "MLSTACK CHECK", "CHECKOV"]);
  });

  it("counts files with the fault that are reported by a check about it", () => {
    expect(rowOf(table, "privileged container")).toEqual(["privileged container", "2", "2", "1"]);
  });

  it("has a dash where the scanner has no such check", () => {
    expect(rowOf(table, "half a GPU")).toEqual(["half a GPU", "1", "1", "–"]);
  });

  it("has sums, and the files without a fault that the same checks report", () => {
    expect(rowOf(table, "all of them")).toEqual(["all of them", "3", "3", "1"]);
    expect(rowOf(table, "none, and reported all the same")?.slice(1)).toEqual(["2", "0", "1"]);
  });
});
