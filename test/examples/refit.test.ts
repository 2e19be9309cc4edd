import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Parameters, RefitRun, type Row } from "./refit-run";

const AS_OF = "2026-01-01";
const COMMIT = "8f3a1c5e0b7d42961f0e8a4c3b2d1e0f9a8b7c6d";
const DATA = "s3://telephone/2026-01-01";
const TRIALS: Record<string, Parameters> = {
  deep: { ntrees: 12, max_depth: 6, learn_rate: 0.2, seed: 7 },
  shallow: { ntrees: 30, max_depth: 2, learn_rate: 0.1, seed: 7 },
};

interface Metrics {
  auc: number;
  logloss: number;
  training_rows: number;
  validation_rows: number;
}

const missing = RefitRun.missing();
if (missing !== undefined) console.warn(`the programs of the refit are not run, as ${missing}`);

describe.runIf(missing === undefined)("a regular refit, each step as its own program", { timeout: 120_000 }, () => {
  let refit: RefitRun;
  beforeAll(async () => {
    refit = await RefitRun.make();
    await refit.generate("raw", AS_OF, 1);
    await refit.transform("raw", AS_OF);
    const trials = Object.entries(TRIALS);
    await Promise.all(trials.map(([name, parameters]) => refit.train(`trials/${name}`, parameters, COMMIT, DATA)));
    await refit.select("trials", "auc", "selected");
    await refit.package("selected", "2026.1.1", "library");
    await refit.publish("library", "selected", "2026.1.1");
  }, 1_200_000);
  afterAll(() => refit.remove());

  const metrics = (trial: string) => refit.json("trials", trial, "metrics.json") as Metrics;
  const ranking = () => (refit.json("selected", "ranking.json") as { trials: { trial: string }[] }).trials;

  it("generates the same raw tables for the same seed, and others for another", async () => {
    await refit.generate("again", AS_OF, 1);
    await refit.generate("other", AS_OF, 2);
    for (const table of ["customers.csv", "usage.csv", "cancellations.csv"]) {
      expect(refit.text("again", table) === refit.text("raw", table), `${table} of the same seed`).toBe(true);
      expect(refit.text("other", table) === refit.text("raw", table), `${table} of another seed`).toBe(false);
    }
  });

  it("keeps who was a customer on the day, once, and calls cancelled who leaves within 30 days", () => {
    const left = new Map(refit.rows("raw", "cancellations.csv").map((row) => [row["customer"], row["cancelled_on"]!]));
    const days = refit
      .rows("raw", "customers.csv")
      .filter((row) => row["signed_up"]! <= AS_OF)
      .map((row) => left.get(row["customer"]) ?? "never")
      .filter((day) => day >= AS_OF);

    const [training, validation] = profiles();
    expect(training!.rows + validation!.rows).toBe(days.length);
    expect(training!.cancelled + validation!.cancelled).toBe(days.filter((day) => day < "2026-01-31").length);
    expect(validation!.rows / days.length).toBeCloseTo(0.25, 1);
    for (const name of Object.keys(TRIALS)) {
      expect(metrics(name)).toMatchObject({ training_rows: training!.rows, validation_rows: validation!.rows });
    }
  });

  it("describes each customer by the eight weeks before the day, and by nothing after it", () => {
    const customers = refit.rows("raw", "customers.csv");
    const usage = refit.rows("raw", "usage.csv");
    const samples = refit.rows("selected", "samples.csv");
    expect(samples).toHaveLength(200);
    for (const { customer, probability: _, ...features } of samples) {
      const own = (row: Row) => row["customer"] === customer;
      const expected = featuresOf(customers.find(own)!, usage.filter(own));
      for (const [column, value] of Object.entries(features)) {
        const message = `${column} of ${customer}`;
        if (typeof expected[column] === "number") expect(Number(value), message).toBeCloseTo(expected[column], 2);
        else expect(value, message).toBe(expected[column]);
      }
    }
  });

  it("trains trials that know more than the share of those who cancel", () => {
    const { rows, cancelled } = profiles()[1]!;
    const share = cancelled / rows;
    const constant = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    for (const name of Object.keys(TRIALS)) {
      expect(metrics(name).auc, `auc of ${name}`).toBeGreaterThan(0.65);
      expect(metrics(name).logloss, `logloss of ${name}`).toBeLessThan(constant);
    }
  });

  it.each([
    ["auc", (a: Metrics, b: Metrics) => b.auc - a.auc],
    ["logloss", (a: Metrics, b: Metrics) => a.logloss - b.logloss],
  ] as const)("selects the best trial by %s, and ranks all", async (metric, order) => {
    const output = `by-${metric}`;
    await refit.select("trials", metric, output);
    const names = Object.keys(TRIALS).sort((a, b) => order(metrics(a), metrics(b)));
    expect(refit.json(output, "ranking.json")).toMatchObject({ metric, trials: names.map((trial) => ({ trial })) });
    expect(refit.text(output, "lineage.json")).toBe(refit.text("trials", names[0]!, "lineage.json"));
  });

  it("reports how the trials compare and what the best one looks at", async () => {
    await refit.analyse("selected", "report.md");
    const report = refit.text("report.md");
    expect(report).toContain(`# Refit of ${DATA} at ${COMMIT}\n`);
    for (const name of Object.keys(TRIALS)) expect(report).toContain(`| ${name} | ${metrics(name).auc.toFixed(4)} |`);
    for (const column of ["region", "plan", "tenure_days", "age", "minutes", "minutes_trend", "support_calls"]) {
      expect(report).toMatch(new RegExp(`^\\| ${column} \\| \\d+\\.\\d% \\|$`, "m"));
    }
  });

  describe("packaging", () => {
    it("fails where the library answers otherwise than the trained model, and names each row", async () => {
      const lines = refit.text("selected", "samples.csv").trimEnd().split("\n");
      const changed = [1, 100, 200];
      const next = lines.map((line, index) =>
        changed.includes(index) ? line.replace(/[^,]+$/, (probability) => String(Number(probability) + 1e-9)) : line,
      );
      alteredTrial("altered-answers", "samples.csv", next.join("\n") + "\n");
      const failure = await refit.package("altered-answers", "2026.1.2", "never").catch(String);
      expect(failure).toContain("3 of 200 rows differ between the trained model and the library:");
      expect(differingRows(failure!)).toEqual(new Set(changed.map((index) => lines[index]!.split(",")[0])));
      expect(existsSync(refit.path("never"))).toBe(false);
    });

    it("fails where the model is not the one that was trained", async () => {
      const other = readFileSync(refit.path("trials", ranking().at(-1)!.trial, "model.zip"));
      alteredTrial("altered-model", "model.zip", other);
      const failure = await refit.package("altered-model", "2026.1.2", "never").catch(String);
      const differing = Number(/(\d+) of 200 rows differ/.exec(failure!)?.[1]);
      expect(differing).toBeGreaterThan(100);
      expect(differingRows(failure!).size).toBe(differing);
      expect(existsSync(refit.path("never"))).toBe(false);
    });
  });

  describe("publishing", () => {
    it("keeps which commit, data and parameters made the model", () => {
      const best = ranking()[0]!.trial;
      const { auc, logloss } = metrics(best);
      const files = ["scoring-library.jar", "model.zip", "metrics.json", "ranking.json"];
      const published = (name: string) => readFileSync(refit.path("registry", "cancellation", "2026.1.1", name));
      expect(JSON.parse(published("manifest.json").toString())).toMatchObject({
        name: "cancellation",
        version: "2026.1.1",
        files: Object.fromEntries(files.map((name) => [name, digest(published(name))])),
        lineage: {
          code: { commit: COMMIT },
          data: { reference: DATA, training: digestOfTable("training"), validation: digestOfTable("validation") },
          parameters: TRIALS[best],
          parameters_hash: digest(pythonJson(TRIALS[best]!)),
          metrics: { auc, logloss },
          model: { algorithm: "gbm", digest: digest(published("model.zip")) },
        },
      });
    });

    it("refuses a version that is there already with other files", async () => {
      alteredTrial("altered-ranking", "ranking.json", "{}");
      await expect(refit.publish("library", "altered-ranking", "2026.1.1")).rejects.toThrow(
        "cancellation 2026.1.1 is published already; give another version",
      );
    });

    it("ends well where the same is there already, and leaves it as it is", async () => {
      const before = refit.text("registry", "cancellation", "2026.1.1", "manifest.json");
      await refit.publish("library", "selected", "2026.1.1");
      expect(refit.text("registry", "cancellation", "2026.1.1", "manifest.json")).toBe(before);
    });

    it("refuses a library of another trial", async () => {
      const worst = ranking().at(-1)!.trial;
      await expect(refit.publish("library", `trials/${worst}`, "2026.1.2")).rejects.toThrow(
        "scoring-library.jar holds another model than the trial; package the trial again",
      );
    });
  });

  /** What the transformation counted of both tables, training first. */
  function profiles(): { rows: number; cancelled: number }[] {
    const part = readdirSync(refit.path("profile")).find((file) => file.endsWith(".json"))!;
    const lines = refit.text("profile", part).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as { rows: number; cancelled: number });
  }

  /** A copy of the selected trial with another content of one file. */
  function alteredTrial(name: string, file: string, content: string | Buffer): void {
    cpSync(refit.path("selected"), refit.path(name), { recursive: true });
    writeFileSync(refit.path(name, file), content);
  }

  function digestOfTable(table: string): string {
    const parts = readdirSync(refit.path(table)).filter((file) => /^[^.].*\.parquet$/.test(file));
    const digests = parts.map((file) => digest(readFileSync(refit.path(table, file))));
    return digest(digests.sort().join(""));
  }
});

/** The features of a customer, from the raw tables. */
function featuresOf({ region, plan, signed_up, age }: Row, usage: Row[]): Record<string, string | number> {
  const between = (from: number, to: number) =>
    usage.filter(({ week }) => daysBefore(week!) > from * 7 && daysBefore(week!) <= to * 7);
  const minutes = (from: number, to: number) => mean(between(from, to).map((row) => Number(row["minutes"])));
  const trend = minutes(0, 4) - minutes(4, 8);
  return {
    region: region!,
    plan: plan!,
    tenure_days: daysBefore(signed_up!),
    age: age!,
    minutes: Number.isNaN(minutes(0, 8)) ? "" : minutes(0, 8),
    minutes_trend: Number.isNaN(trend) ? "" : trend,
    support_calls: between(0, 8).reduce((sum, row) => sum + Number(row["support_calls"]), 0),
  };
}

function daysBefore(day: string): number {
  return (Date.parse(AS_OF) - Date.parse(day)) / 86_400_000;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Maven prints each difference twice: where it fails, and in the summary. */
function differingRows(output: string): Set<string> {
  return new Set(output.match(/^c\d{6}(?=: [\d.E-]+ became [\d.E-]+$)/gm));
}

function digest(content: string | Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Parameters as the lineage hashes them: sorted by name, with Python's spaces. */
function pythonJson(parameters: Parameters): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `"${name}": ${value}`).join(", ")}}`;
}
