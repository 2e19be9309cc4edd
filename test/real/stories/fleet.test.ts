import { describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { EXAMPLE_IMAGES } from "../../support/example-images";
import { StoryPods } from "../../support/story-pods";
import { realStack } from "./stack";

const namespace = "ml";
const NAME = "scooter-demand-fleet";
const DISTRICTS = ["center", "harbor", "west"];

/** Loads a published version, and predicts by each of its estimators. Arguments: the folder of the version. */
const LOOK = `
import json, sys
from datetime import date
from pathlib import Path
from demand.rides import Hour
from demand.store import loaded
found = list(Path("/data/estimators").glob("*/" + sys.argv[1]))
lineage = json.loads((found[0] / "lineage.json").read_text())
estimator = loaded(found[0] / "estimator.joblib", lineage["sha256"])
hours = {district: Hour(date(2026, 5, 4), 8, district, 14.0, 0.0) for district in lineage["districts"]}
print(json.dumps({
  "districts": {name: told["hours"] for name, told in lineage["districts"].items()},
  "rides": {name: float(estimator.predict([hour])[0]) for name, hour in hours.items()},
  "left": len(list(Path("/data/estimators").glob("*/.parts/*"))),
}))`;

describe("a fleet that trains an estimator for each district", () => {
  const stack = realStack();
  const pods = new StoryPods(stack.config, namespace);
  const printedBy = async (role: string) => {
    const all = await pods.labelled(`job-name=${NAME}-${role}`);
    return Promise.all(all.map(({ metadata }) => pods.printed(metadata!.name!)));
  };

  test("drains its queue in Redis, ends, and leaves one estimator of all districts on the volume", async () => {
    await eventually(
      "master and workers have ended well",
      async () => {
        const [master, workers] = await Promise.all(
          ["master", "worker"].map((role) => stack.batch.readNamespacedJob({ name: `${NAME}-${role}`, namespace })),
        );
        return master!.status?.succeeded === 1 && workers!.status?.succeeded === 3;
      },
      120_000,
    );
    const workers = await printedBy("worker");
    expect(workers.map((text) => text.includes("the queue is drained"))).toEqual([true, true, true]);
    // Each task was done once, by one of the three.
    expect(workers.join("\n").match(/Task fleet\.train\[[^\]]+\] succeeded/g)).toHaveLength(DISTRICTS.length);
    const [master = ""] = await printedBy("master");
    const [, version = "", count] = /published (\S+) with (\d+) estimators/.exec(master) ?? [];
    expect(Number(count)).toBe(DISTRICTS.length);
    const printed = await pods.visit({
      name: "looks-at-fleet",
      image: EXAMPLE_IMAGES.demandFleet,
      command: ["python", "-c", LOOK, version],
      claims: { "/data": "scooter-demand-data" },
    });
    const found = JSON.parse(printed) as Record<"districts" | "rides", Record<string, number>> & { left: number };
    expect(Object.keys(found.districts).sort()).toEqual(DISTRICTS);
    expect(Math.min(...Object.values(found.districts))).toBeGreaterThanOrEqual(14 * 24);
    expect(Math.min(...Object.values(found.rides))).toBeGreaterThan(0);
    expect(found.left).toBe(0);
  });
});
