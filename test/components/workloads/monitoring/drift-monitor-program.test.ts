import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

const program = join(__dirname, "..", "..", "..", "..", "components", "workloads", "monitoring", "drift-monitor");

const FIT = "import sys; sys.exit(sys.version_info < (3, 9))";
const hasPython = spawnSync("python3", ["-c", FIT], { stdio: "ignore" }).status === 0;

interface Report {
  isEnough: boolean;
  isDrift: boolean;
  drifted: string[];
  recentRows: number;
  quality: Record<string, unknown> | null;
  features: { feature: string; kind: string; psi: number; ks?: number; drifted: boolean }[];
}

/** Runs a piece of Python that may import the program's modules, and returns what it prints, or why it failed. */
function python(code: string, input: unknown = null): unknown {
  const script = `import json, sys\nsys.path.insert(0, ${JSON.stringify(program)})\ninput = json.load(sys.stdin)\n${code}`;
  const { status, stdout, stderr } = spawnSync("python3", ["-B", "-c", script], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

/** Numbers from 0 up to 1 whose order looks like chance, and is always the same. */
function spread(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 0.618_033_988_749) % 1);
}

describe.skipIf(!hasPython)("the program of a drift monitor", () => {
  const folder = mkdtempSync(join(tmpdir(), "mlstack-drift-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });

  function write(name: string, content: string | Buffer): void {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }

  const jsonl = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const csv = (rows: Record<string, unknown>[]) =>
    [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.join(",")}\n`).join("");

  /** A check of files below the folder. */
  function check(config: object = {}): Report {
    const whole = {
      reference: { path: join(folder, "reference*") },
      recent: { path: join(folder, "recent*") },
      thresholds: { psi: 0.2, ks: 0.2 },
      minFeatures: 1,
      bins: 10,
      minRows: 200,
      maxRows: 20_000,
      ...config,
    };
    return python(
      "from checks import check; import time; print(json.dumps(check(input, time.time())))",
      whole,
    ) as Report;
  }

  const people = (count: number, moved = 0) =>
    spread(count).map((chance, index) => ({
      age: Math.round(20 + 50 * chance + moved),
      plan: ["free", "team", "enterprise"][index % 3],
      active: index % 2 === 0,
    }));

  it("sees no drift where nothing has moved, whatever the files are written in", () => {
    write("reference.csv", csv(people(1000)));
    write("recent-1.jsonl", jsonl(people(600)));
    write("recent-2.jsonl.gz", gzipSync(jsonl(people(400))));
    const report = check({ features: ["age", "plan"] });
    expect(report).toMatchObject({ isEnough: true, isDrift: false, drifted: [], recentRows: 1000 });
    expect(report.features.map(({ feature, kind }) => `${feature} ${kind}`)).toEqual(["age number", "plan category"]);
  });

  it("sees which feature has moved", () => {
    write("reference.jsonl", jsonl(people(1000)));
    write("recent.jsonl", jsonl(people(1000, 30)));
    expect(check()).toMatchObject({ isDrift: true, drifted: ["age"] });
  });

  it("sees categories that were not there, and features that are gone", () => {
    write("reference.jsonl", jsonl(people(1000)));
    write(
      "recent.jsonl",
      jsonl(people(1000).map(({ plan, ...row }) => ({ ...row, plan: plan === "free" ? "trial" : plan }))),
    );
    expect(check()).toMatchObject({ drifted: ["plan"] });
    write("recent.jsonl", jsonl(people(1000).map(({ age: _, ...row }) => row)));
    expect(check()).toMatchObject({ drifted: ["age"] });
  });

  it("sees a rare value become frequent, where nearly all values are the same", () => {
    const rows = (frequent: number) => spread(1000).map((chance) => ({ fraud: chance < frequent ? 1 : 0 }));
    write("reference.jsonl", jsonl(rows(0.01)));
    write("recent.jsonl", jsonl(rows(0.1)));
    expect(check()).toMatchObject({ isDrift: true, drifted: ["fraud"] });
  });

  it("counts as drift only what enough features show", () => {
    write("reference.jsonl", jsonl(people(1000)));
    write("recent.jsonl", jsonl(people(1000, 30)));
    expect(check({ minFeatures: 2 })).toMatchObject({ isDrift: false, drifted: ["age"] });
  });

  it("says nothing about too few rows, and fails without a reference", () => {
    write("reference.jsonl", jsonl(people(1000)));
    write("recent.jsonl", jsonl(people(150, 30)));
    expect(check()).toMatchObject({ isEnough: false, isDrift: false, features: [] });
    rmSync(join(folder, "reference.jsonl"));
    expect(() => check()).toThrow(/0 rows in .*reference\*; 200 are needed/);
  });

  it("looks at what was changed within the window", () => {
    write("reference.jsonl", jsonl(people(1000)));
    write("recent-old.jsonl", jsonl(people(1000, 30)));
    write("recent-new.jsonl", jsonl(people(500)));
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(join(folder, "recent-old.jsonl"), yesterday, yesterday);
    const recent = { path: join(folder, "recent*"), windowHours: 24 };
    expect(check({ recent })).toMatchObject({ isDrift: false, recentRows: 500 });
    expect(check()).toMatchObject({ isDrift: true, recentRows: 1500 });
  });

  it("looks at a sample where there is more, which stands for all of it", () => {
    write("reference.jsonl", jsonl(people(4000)));
    write("recent-1.jsonl", jsonl(people(2000)));
    write("recent-2.jsonl", jsonl(people(2000, 40)));
    const { isDrift, recentRows } = check({ maxRows: 500 });
    expect([isDrift, recentRows]).toEqual([true, 4000]);
  });

  it("leaves out a last line that is under way, and tells which other line is broken", () => {
    write("reference.jsonl", jsonl(people(300)));
    write("recent.jsonl", `${jsonl(people(300))}{"age": 4`);
    expect(check()).toMatchObject({ recentRows: 300 });
    write("recent.jsonl", `{"age": 4\n${jsonl(people(300))}`);
    expect(() => check()).toThrow(/recent.jsonl, line 1, is no JSON/);
    write("recent.jsonl", `[1]\n${jsonl(people(300))}`);
    expect(() => check()).toThrow(/line 1, is no JSON object; write each row as one/);
  });

  it("knows a feature by its name alone", () => {
    write("reference.jsonl", jsonl(people(300)));
    write("recent.jsonl", jsonl(people(300)));
    expect(() => check({ features: ["age", "size"] })).toThrow(/no row of .*reference\* has size/);
  });

  describe("reads what KServe's logger stores", () => {
    const logged = (body: object, reqType = "org.kubeflow.serving.inference.request") => ({
      id: "1",
      reqType,
      bytes: Buffer.from(JSON.stringify(body)).toString("base64"),
    });
    const recent = (columns?: string[]) => ({
      recent: { path: join(folder, "recent*"), format: "kserve", ...(columns && { columns }) },
    });
    const ages = (moved: number) => people(300, moved).map(({ age }) => age);
    beforeEach(() => {
      write("reference.jsonl", jsonl(people(300).map(({ age }) => ({ age, tenure: 1 }))));
    });

    it.each<[string, (moved: number) => object, string[] | undefined]>([
      [
        "objects of the protocol v1",
        (moved) => ({ instances: ages(moved).map((age) => ({ age, tenure: 1 })) }),
        undefined,
      ],
      ["lists of the protocol v1", (moved) => ({ instances: ages(moved).map((age) => [age, 1]) }), ["age", "tenure"]],
      [
        "columns of the protocol v2",
        (moved) => ({
          inputs: [
            { name: "age", shape: [300], data: ages(moved) },
            { name: "tenure", shape: [300, 1], data: ages(0).map(() => 1) },
          ],
        }),
        undefined,
      ],
      [
        "one table of the protocol v2",
        (moved) => ({ inputs: [{ name: "x", shape: [300, 2], data: ages(moved).flatMap((age) => [age, 1]) }] }),
        ["age", "tenure"],
      ],
    ])("%s", (_form, body, columns) => {
      write(
        "recent.json",
        JSON.stringify([logged(body(0)), logged(body(0), "org.kubeflow.serving.inference.response")]),
      );
      expect(check(recent(columns))).toMatchObject({ isDrift: false, recentRows: 300 });
      write("recent.json", JSON.stringify(logged(body(40))));
      expect(check(recent(columns))).toMatchObject({ drifted: ["age"], recentRows: 300 });
    });

    it("and tells which file is none of it", () => {
      write("recent.json", "binary");
      expect(() => check(recent())).toThrow(/recent.json cannot be read as kserve/);
    });
  });

  describe("tells how good predictions are", () => {
    const answered = (wrong: number, unknown = 0) =>
      spread(1000).map((chance, index) => ({
        age: 40 * chance,
        predicted: 1,
        churned: index < unknown ? "" : chance < wrong ? 0 : 1,
      }));
    const quality = { prediction: "predicted", label: "churned", metric: "accuracy", worst: 0.9 };

    it("and that they are too bad, though nothing has moved", () => {
      write("reference.jsonl", jsonl(answered(0.01)));
      write("recent.jsonl", jsonl(answered(0.05)));
      expect(check({ quality })).toMatchObject({ isDrift: false, quality: { isWorse: false, rows: 1000 } });
      write("recent.jsonl", jsonl(answered(0.2)));
      const report = check({ quality });
      expect(report).toMatchObject({ isDrift: true, drifted: [], quality: { metric: "accuracy", isWorse: true } });
      expect(report.quality?.["value"]).toBeCloseTo(0.8, 2);
      expect(report.features.map(({ feature }) => feature)).toEqual(["age"]);
    });

    it("and nothing where few labels are known yet", () => {
      write("reference.jsonl", jsonl(answered(0)));
      write("recent.jsonl", jsonl(answered(1, 900)));
      expect(check({ quality })).toMatchObject({ isDrift: false, quality: { isEnough: false, rows: 100 } });
    });

    it.each([
      ["meanAbsoluteError", 3.5],
      ["rootMeanSquaredError", Math.sqrt(14.5)],
    ])("as %s", (metric, value) => {
      const rows = Array.from({ length: 400 }, (_, index) => ({ demand: 10, sold: index % 2 === 0 ? 12 : 5 }));
      write("reference.jsonl", jsonl(rows.map((row) => ({ ...row, age: 1 }))));
      write("recent.csv", csv(rows.map((row) => ({ ...row, age: 1 }))));
      const report = check({ quality: { prediction: "demand", label: "sold", metric, worst: 3 } });
      expect(report.quality).toMatchObject({ isWorse: true });
      expect(report.quality?.["value"]).toBeCloseTo(value, 10);
    });

    it("and refuses numbers that are none", () => {
      write("reference.jsonl", jsonl(answered(0)));
      write("recent.jsonl", jsonl(answered(0).map((row) => ({ ...row, predicted: "yes" }))));
      expect(() => check({ quality: { ...quality, metric: "meanAbsoluteError" } })).toThrow(
        /choose the metric accuracy/,
      );
    });
  });

  describe("computes what others compute", () => {
    it("for the population stability index", () => {
      const index = python("from distributions import stability_index; print(json.dumps(stability_index(*input)))", [
        [0.5, 0.5],
        [0.6, 0.4],
      ]);
      expect(index).toBeCloseTo(0.1 * Math.log(1.2) - 0.1 * Math.log(0.8), 12);
    });

    it.each<[number[], number[], number]>([
      [[1, 2, 3, 4], [3, 4, 5, 6], 0.5],
      [[1, 2, 3], [1, 2, 3], 0],
      [[1, 1, 1, 2], [1, 2, 2, 2], 0.5],
      [[1, 2], [7, 8, 9], 1],
    ])("for the Kolmogorov-Smirnov distance of %j and %j", (first, second, expected) => {
      const [distance] = python("from distributions import distance; print(json.dumps(distance(*input)))", [
        first,
        second,
      ]) as number[];
      expect(distance).toBeCloseTo(expected, 12);
    });

    it("and takes no chance for drift", () => {
      const few = Array.from({ length: 8 }, (_, index) => index);
      const [distance, byChance] = python("from distributions import distance; print(json.dumps(distance(*input)))", [
        few,
        few.map((value) => value + 2),
      ]) as number[];
      expect(distance).toBeLessThan(byChance!);
    });
  });

  it("tells numbers in Prometheus' format, whatever features are called", () => {
    const report = {
      isDrift: true,
      recentRows: 300,
      checkedAt: "2026-01-02T03:04:05Z",
      features: [{ feature: 'say "a"\\b', kind: "number", psi: 0.3, ks: 0.25, drifted: true }],
      quality: { metric: "accuracy", isEnough: true, value: 0.8 },
    };
    const text = python("from results import metrics_of; print(json.dumps(metrics_of(input, 'churn-drift')))", report);
    const lines = (text as string).split("\n").filter((line) => !line.startsWith("#"));
    expect(lines).toEqual([
      'mlstack_drift_found{monitor="churn-drift"} 1',
      'mlstack_drift_recent_rows{monitor="churn-drift"} 300',
      'mlstack_drift_checked_at_seconds{monitor="churn-drift"} 1767323045',
      'mlstack_drift_psi{monitor="churn-drift",feature="say \\"a\\"\\\\b"} 0.3',
      'mlstack_drift_ks{monitor="churn-drift",feature="say \\"a\\"\\\\b"} 0.25',
      'mlstack_prediction_quality{monitor="churn-drift",metric="accuracy"} 0.8',
      "",
    ]);
  });
});
