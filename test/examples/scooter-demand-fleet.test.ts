import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalImage } from "../support/image";
import { lastingFolder } from "../support/lasting-folder";
import type { Program } from "../support/program";
import { missingPython } from "../../rehearsal/toolchain/python-environment";
import { Redis } from "../support/redis";
import {
  type Demand,
  type Hour,
  type ImageName,
  layOutImages,
  PACKAGES,
  PredictorClient,
  writeDays,
} from "./scooter-demand-run";

const DISTRICTS = ["center", "harbor", "north", "south"];
const SIZE: Record<string, number> = { center: 4, harbor: 3, north: 2, south: 1, island: 5 };
const demand: Demand = (hour, district) => (hour < 6 ? 3 : 30) * SIZE[district]!;

const missing = missingPython(PACKAGES) ?? Redis.missing();
if (missing !== undefined) console.warn(`no fleet of workers is run, as ${missing}`);

describe.runIf(missing === undefined)("a master and workers that share a queue", { timeout: 120_000 }, () => {
  const folder = lastingFolder("scooter-fleet");
  const rides = join(folder, "rides");
  let images: Record<ImageName, LocalImage>;
  let redis: Redis;

  beforeAll(async () => {
    images = await layOutImages(folder);
    redis = await Redis.start();
    await writeDays(rides, "2026-05-01", 28, DISTRICTS, demand);
  }, 600_000);
  afterAll(() => redis?.stop());

  /** Processes of one run, each of which has the same environment. */
  const fleet = (name: string, environment: Record<string, string> = {}) => {
    const estimators = join(folder, "estimators", name);
    const shared = {
      ...{ FLEET_RUN: name, REDIS_URL: redis.url, RIDES: rides, ESTIMATORS: estimators, FLEET_RETRY_SECONDS: "0.5" },
      ...environment,
    };
    const master = (...districts: string[]) =>
      images.fleet.start(["master", "--iterations", "30", "--districts", ...districts], shared);
    const worker = (...args: string[]) => images.fleet.start(["worker", ...args], shared);
    return { estimators, master, worker };
  };
  const tasksOf = ({ output }: Program) =>
    [...output.matchAll(/Task fleet\.train\[[^/]+\/(\w+)\] succeeded/g)].map(([, district]) => district!);

  it("train an estimator for each district in parallel, end, and leave one version that a predictor serves", async () => {
    const { estimators, master: lead, worker } = fleet("all");
    const workers = [worker(), worker()];
    await Promise.all(workers.map((each) => each.prints(/ ready\./)));
    const master = lead(...DISTRICTS);
    expect([await master.ends(), await workers[0]!.ends(), await workers[1]!.ends()]).toEqual([0, 0, 0]);

    expect(master.output).toMatch(/published \S+ with 4 estimators\n$/);
    expect(workers.flatMap(tasksOf).sort()).toEqual(DISTRICTS);
    for (const each of workers) expect(tasksOf(each)).not.toEqual([]);
    for (const each of [master, ...workers]) expect(each.output).not.toContain(redis.password);

    const predictor = images.serve.start(PredictorClient.LISTEN, { ESTIMATORS: estimators });
    const client = await PredictorClient.of(predictor);
    const hour: Omit<Hour, "district"> = { day: "2026-05-04", hour: 12, temperature: 12 };
    const { body } = await client.predict({ ...hour, district: "north" }, { ...hour, district: "center" });
    expect(body.rides).toEqual([expect.closeTo(60, -1), expect.closeTo(120, -1)]);
    expect((await client.predict({ ...hour, district: "island" })).body.detail).toBe(
      'unknown district "island": known are center, harbor, north, south',
    );
    const lineage = (await client.get("/lineage")).body as { districts?: object };
    expect(Object.keys(lineage.districts!).sort()).toEqual(DISTRICTS);
  });

  it("try a district again that fails, then fail as a whole, and publish nothing", async () => {
    const { estimators, master: lead, worker } = fleet("broken");
    const master = lead("center", "island");
    const only = worker();
    expect([await master.ends(), await only.ends()]).toEqual([1, 0]);
    expect(master.output).toContain("island: there are rides of 0 hours: an estimator needs 336\n");
    expect(master.output).toMatch(/nothing is published: 1 of 2 districts failed\n$/);
    expect([...only.output.matchAll(/island\] retry: Retry in/g)]).toHaveLength(2);
    expect(tasksOf(only)).toEqual(["center"]);
    expect((await readdir(join(estimators, "dev"))).filter((name) => !name.startsWith("."))).toEqual([]);
    expect(existsSync(join(estimators, "dev", ".parts", "broken"))).toBe(false);
  });

  it("succeed when a district fails only for a while", async () => {
    const { master: lead, worker } = fleet("late", { RIDES: join(folder, "late") });
    const master = lead("harbor");
    const only = worker();
    await only.prints(/harbor\] retry: Retry in .*has no file that is named after a day/);
    await writeDays(join(folder, "late"), "2026-05-01", 28, ["harbor"], demand);
    expect([await master.ends(), await only.ends()]).toEqual([0, 0]);
  });

  it("take over the task of a worker that vanished", async () => {
    const { master: lead, worker } = fleet("vanished", { FLEET_TAKEOVER_SECONDS: "2" });
    const master = lead("south", "--iterations", "1000");
    const vanishing = worker();
    await vanishing.prints(/south\] received/);
    await vanishing.stop("SIGKILL");
    const next = worker();
    expect([await master.ends(), await next.ends()]).toEqual([0, 0]);
    expect([tasksOf(vanishing), tasksOf(next)]).toEqual([[], ["south"]]);
  });

  it("end by failure where no master comes", async () => {
    const worker = fleet("abandoned").worker("--patience", "1");
    expect(await worker.ends()).toBe(1);
    expect(worker.output).toContain("no master filled the queue within 1 s");
  });
});
