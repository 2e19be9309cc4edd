import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { arrivalsOf } from "../../rehearsal/scenarios/arrivals";
import { readScenario } from "../../rehearsal/scenarios/scenario-file";

const ROOT = join(__dirname, "..", "..");
const FOLDER = join(ROOT, "examples", "rehearsals");

interface StackConfig {
  "mlstack:gpuPools": { name: string }[];
  "mlstack:storage"?: { volumes?: { name: string; namespace: string }[] };
  "mlstack:platform": { parts: { tenants: Record<string, unknown> } };
}

/** Scenarios, and not the manifests beside them. */
const scenarios = readdirSync(FOLDER).filter(
  (name) => !/^(kind|apiVersion):/m.test(readFileSync(join(FOLDER, name), "utf8")),
);

test.each(scenarios)("%s is a scenario of pools, claims and tenants that its stack has", async (name) => {
  const { stack, workloads } = await readScenario(join(FOLDER, name));
  const text = readFileSync(join(ROOT, "stacks", `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: StackConfig };
  const volumes = config["mlstack:storage"]?.volumes ?? [];
  const namespaces = [
    ...Object.keys(config["mlstack:platform"].parts.tenants),
    ...volumes.map((each) => each.namespace),
  ];
  const objects = arrivalsOf(workloads).flatMap((arrival) => arrival.objects);
  const named = (key: string) =>
    [...JSON.stringify(objects).matchAll(new RegExp(`"${key}":"([^"]+)"`, "g"))].map(([, value]) => value);

  expect(objects.length).toBeGreaterThan(0);
  expect(namespaces).toEqual(expect.arrayContaining(objects.map(({ metadata }) => metadata!.namespace)));
  expect(config["mlstack:gpuPools"].map((pool) => pool.name)).toEqual(
    expect.arrayContaining(named("mlstack.dev/pool")),
  );
  expect(volumes.map((volume) => volume.name)).toEqual(expect.arrayContaining(named("claimName")));
});
