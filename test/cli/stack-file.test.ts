import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { readStackFile } from "../../cli/stack-file";
import { scratchFolder } from "../support/scratch";

/** The parts whose controllers run, in a stack of some configuration. */
async function controllersOf(given: Record<string, object>): Promise<string[] | undefined> {
  const config = join(await scratchFolder(), "Pulumi.local.yaml");
  const named = Object.fromEntries(Object.entries(given).map(([key, value]) => [`mlstack:${key}`, value]));
  await writeFile(config, stringify({ config: named }));
  return (await readStackFile({ stack: "local", config })).controllersOf;
}

const processes = { cluster: { kind: "local", controllers: "processes" } };

describe("the parts of a stack whose controllers run", () => {
  test.each([
    [
      "are those of its platform",
      { ...processes, platform: { parts: { kueue: {}, kserve: {} } } },
      ["kueue", "kserve"],
    ],
    ["are that which starts nodes too", { ...processes, gpuPools: [{ name: "t4" }] }, ["autoscaling"]],
    ["are none where it has none, and what pods use is told all the same", processes, []],
    ["are not told where controllers do not run", { cluster: { kind: "local" } }, undefined],
    ["are not told elsewhere", { cluster: { kind: "eks", controllers: "processes" } }, undefined],
  ])("%s", async (_, given, expected) => {
    expect(await controllersOf(given)).toEqual(expected);
  });
});
