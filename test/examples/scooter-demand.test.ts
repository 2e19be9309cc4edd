import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { expectCareful, type LocalImage } from "../support/image";
import { lastingFolder } from "../support/lasting-folder";
import type { Program } from "../support/program";
import { missingPython } from "../../rehearsal/toolchain/python-environment";
import {
  type Demand,
  dockerfileOf,
  type Hour,
  type ImageName,
  IMAGES,
  layOutImages,
  PACKAGES,
  PredictorClient,
  writeDays,
} from "./scooter-demand-run";

/** Seconds after which the predictor looks for a newer estimator. */
const RELOAD_SECONDS = 0.1;

const DISTRICTS = ["harbor", "north"];
/** Few by night, many by day, in the harbor twice as many as in the north. */
const demand: Demand = (hour, district) => (hour < 6 ? 4 : 40) * (district === "harbor" ? 2 : 1);
const NOON: Hour = { day: "2026-05-04", hour: 12, district: "harbor", temperature: 12 };
const NIGHT: Hour = { ...NOON, hour: 3, district: "north" };

/** The name of a version that is newer than any other. */
const FUTURE = "29991231T235959.000000Z-00000000";

const missing = missingPython(PACKAGES);
if (missing !== undefined) console.warn(`the web application for scooters is not run, as ${missing}`);

it.each(IMAGES)("%s runs in an image with one exact base, as a user that is not root", (name) => {
  expectCareful(dockerfileOf(name));
});

describe.runIf(missing === undefined)("a predictor beside trainings", { timeout: 120_000 }, () => {
  const folder = lastingFolder("scooter-demand");
  const rides = join(folder, "rides");
  const estimators = join(folder, "estimators");
  let images: Record<ImageName, LocalImage>;
  let predictor: Program;
  let client: PredictorClient;

  beforeAll(async () => {
    images = await layOutImages(folder);
    const environment = { ESTIMATORS: estimators, CODE_VERSION: "v1", RELOAD_SECONDS: String(RELOAD_SECONDS) };
    predictor = images.serve.startLasting(PredictorClient.LISTEN, environment);
    client = await PredictorClient.of(predictor);
  }, 600_000);
  afterAll(() => predictor?.stop());

  const train = (...args: string[]) =>
    images.train.run(["--estimators", estimators, "--rides", rides, "--days", "28", ...args], { CODE_VERSION: "v1" });
  const versions = async (code = "v1") => (await readdir(join(estimators, code))).sort();
  const answering = async () => (await client.get("/readyz")).body.version;
  const becomesAnswering = (version: string) =>
    vi.waitFor(
      async () => {
        expect(await answering()).toBe(version);
      },
      { timeout: 20_000 },
    );
  /** Time enough for the predictor to look several times. */
  const several = () => sleep(RELOAD_SECONDS * 1000 * 10);
  /** Trains, and waits until the predictor answers with what was published. */
  const trainAndReload = async () => {
    const { code, output } = await train();
    expect([code, output]).toEqual([0, expect.stringMatching(/^error=0\.\d{4}\npublished \S+\n$/)]);
    await becomesAnswering((await versions()).at(-1)!);
  };

  it("is alive, but not ready before the first training has published", async () => {
    expect(await client.get("/healthz")).toEqual({ status: 200, body: { status: "alive" } });
    const unready = { status: 503, body: { detail: "no estimator has been published yet" } };
    expect([await client.get("/readyz"), await client.predict(NOON)]).toEqual([unready, unready]);
  });

  it("answers with what a training published, and tells where it came from", async () => {
    await writeDays(rides, "2026-05-01", 40, DISTRICTS, demand);
    await trainAndReload();
    const { status, body } = await client.predict(NOON, NIGHT);
    expect([status, body.version]).toEqual([200, await answering()]);
    expect(body.rides).toEqual([expect.closeTo(80, 0), expect.closeTo(4, 0)]);

    // Of the 40 days, the newest 28.
    const lineage = (await client.get("/lineage")).body as Record<string, unknown>;
    expect(lineage).toMatchObject({
      version: body.version,
      code: "v1",
      days: { first: "2026-04-04", last: "2026-05-01" },
      hours: 28 * 24 * DISTRICTS.length,
      parameters: { iterations: 100, learning_rate: 0.1 },
    });
    expect(Object.keys(lineage["files"] as object)[0]).toBe("2026-05-01.csv");
    expect(Object.keys(lineage["files"] as object)).toHaveLength(28);
  });

  it("keeps its answers when a training fails", async () => {
    const before = await client.predict(NOON);
    // A demand that nobody could foresee: what the older days teach is wrong about the newest ones.
    await writeDays(rides, "2026-05-08", 7, DISTRICTS, (hour, district) => 4 * demand(hour, district));
    expect(await train()).toEqual({
      code: 1,
      output: expect.stringMatching(/^error=0\.7\d+\nnothing is published: the error is above 0\.35\n$/) as string,
    });
    await writeFile(join(rides, "2026-05-09.csv"), "hour,district,temperature,rain,rides\n8,harbor,12,0,many\n");
    expect(await train()).toEqual({
      code: 1,
      output: expect.stringContaining(
        "2026-05-09.csv has a broken line 2: invalid literal for int() with base 10: 'many'",
      ) as string,
    });
    await several();
    expect(await client.predict(NOON)).toEqual(before);
    expect(await versions()).toHaveLength(1);
  });

  it("answers with a newer estimator as soon as that is published", async () => {
    const before = await answering();
    await writeDays(rides, "2026-06-01", 28, DISTRICTS, (hour, district) => 4 * demand(hour, district));
    await trainAndReload();
    expect(await answering()).not.toBe(before);
    expect((await client.predict(NOON)).body.rides).toEqual([expect.closeTo(320, -1)]);
  });

  it("loads neither half a version nor one that is not what was published", async () => {
    const now = (await versions()).at(-1)!;
    const future = join(estimators, "v1", FUTURE);
    await mkdir(future);
    await writeFile(join(future, "estimator.joblib"), "half");
    await writeFile(join(future, "lineage.json"), '{"version": ');
    await several();
    expect(await answering()).toBe(now);

    await cp(join(estimators, "v1", now, "lineage.json"), join(future, "lineage.json"));
    await predictor.prints(/keeping the estimator that answers now: .*estimator\.joblib is not what was published/);
    expect(await answering()).toBe(now);
  });

  it("loads nothing that another version of the code has trained", async () => {
    const before = await answering();
    const made = await images.train.run(["--estimators", estimators, "--iterations", "40"], { CODE_VERSION: "v2" });
    expect([made.code, made.output]).toEqual([0, expect.stringContaining("published")]);
    expect(await versions("v2")).toHaveLength(1);
    await several();
    expect(await answering()).toBe(before);
  });

  it("refuses hours that it can not know", async () => {
    expect(await client.predict({ ...NOON, district: "moon" })).toEqual({
      status: 422,
      body: { detail: 'unknown district "moon": known are harbor, north' },
    });
    expect((await client.predict({ ...NOON, hour: 24 })).status).toBe(422);
    expect((await client.predict()).status).toBe(422);
  });

  it("counts predictions and loads", async () => {
    const metrics = await client.text("/metrics");
    expect(metrics).toContain('demand_estimator_loads_total{result="succeeded"} 2.0');
    expect(metrics).toContain('demand_estimator_loads_total{result="failed"} 1.0');
    expect(metrics).toMatch(/^demand_predictions_total \d+\.0$/m);
    expect(metrics).toMatch(new RegExp(`^demand_estimator_error{version="${await answering()}"} [\\d.e-]+$`, "m"));
  });

  it("ends in good order when it is told to", async () => {
    await predictor.stop();
    expect(predictor.output).toContain("Application shutdown complete");
  });
});
