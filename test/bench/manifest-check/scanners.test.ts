import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CHECKOV_VERSION,
  findingsOfCheckov,
  findingsOfKubeScore,
  findingsOfMlstack,
  KUBE_SCORE_VERSION,
  scanners,
} from "../../../bench/manifest-check/scanners";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { scratchFolder, setForTest } from "../../support/scratch";

const pinned = (file: string) => readFileSync(join(checkoutRoot(), "bench", "manifest-check", file), "utf8");

describe("the scanners", () => {
  it("are of the versions that the table names", () => {
    expect(pinned("checkov-requirements.txt")).toContain(`\ncheckov==${CHECKOV_VERSION}\n`);
    expect(pinned("kube-score/go.mod")).toContain(`github.com/zegl/kube-score v${KUBE_SCORE_VERSION} `);
  });

  it("are left out where they cannot be installed", async () => {
    setForTest("PATH", await scratchFolder());
    const { ready, leftOut } = await scanners(() => undefined);
    expect(ready.map(({ name }) => name)).toEqual(["mlstack check"]);
    expect(leftOut).toEqual([
      "checkov is left out: there is no python3 on PATH.",
      "kube-score is left out: kube-score has to be built, and there is no Go on PATH.",
    ]);
  });
});

describe("what mlstack check reports", () => {
  const finding = { rule: "POD-01", level: "mandatory", file: "/scratch/0001.yaml", line: 3, undecided: false };

  it("is told by file and rule", () => {
    expect(findingsOfMlstack(JSON.stringify({ findings: [finding] }))).toEqual([
      { file: "0001.yaml", check: "POD-01" },
    ]);
  });

  it("is nothing where it cannot decide, or where it is about no file", () => {
    const { file: _, ...aboutSettings } = finding;
    const findings = [{ ...finding, undecided: true }, aboutSettings];
    expect(findingsOfMlstack(JSON.stringify({ findings }))).toEqual([]);
  });
});

describe("what checkov reports", () => {
  const report = {
    check_type: "kubernetes",
    results: { failed_checks: [{ check_id: "CKV_K8S_16", file_path: "/0001.yaml", resource: "Job.research.it" }] },
  };
  const found = [{ file: "0001.yaml", check: "CKV_K8S_16" }];

  it("is told by file and check", () => {
    expect(findingsOfCheckov(JSON.stringify(report))).toEqual(found);
  });

  it("may be a list of reports", () => {
    expect(findingsOfCheckov(JSON.stringify([report]))).toEqual(found);
  });

  it("is nothing where it saw nothing that it knows", () => {
    expect(findingsOfCheckov(JSON.stringify({ passed: 0, failed: 0 }))).toEqual([]);
  });
});

describe("what kube-score reports", () => {
  const check = (grade: number, more: object = {}) => ({
    check: { id: "container-resources" },
    grade,
    skipped: false,
    comments: [{ path: "main", summary: "Memory limit is not set" }],
    ...more,
  });
  const report = (...checks: object[]) => JSON.stringify([{ file_name: "/scratch/0001.yaml", checks }]);

  it.each([
    ["critical", 1],
    ["a warning", 5],
    ["almost right", 7],
  ])("is told by file, check and comment where it is %s", (_, grade) => {
    expect(findingsOfKubeScore(report(check(grade)))).toEqual([
      { file: "0001.yaml", check: "container-resources" },
      { file: "0001.yaml", check: "container-resources: Memory limit is not set" },
    ]);
  });

  it("may come without a comment", () => {
    expect(findingsOfKubeScore(report(check(1, { comments: null })))).toEqual([
      { file: "0001.yaml", check: "container-resources" },
    ]);
  });

  it("is nothing where all is well, or where the check was skipped", () => {
    expect(findingsOfKubeScore(report(check(10), check(1, { skipped: true })))).toEqual([]);
  });
});
