import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { costTable } from "../../cli/cost-table";
import { scratchFolder } from "../support/scratch";

interface Pool {
  name: string;
  instanceType: string;
  gpusPerNode: number;
  nodes: number;
  maxNodes: number;
  usdPerHour?: { least: number; most: number };
}

const system: Pool = {
  name: "system",
  instanceType: "m7i.large",
  gpusPerNode: 0,
  nodes: 2,
  maxNodes: 3,
  usdPerHour: { least: 0.2, most: 0.3 },
};
const training: Pool = {
  name: "training",
  instanceType: "g5.12xlarge",
  gpusPerNode: 4,
  nodes: 0,
  maxNodes: 2,
  usdPerHour: { least: 0, most: 11.34 },
};

async function tableOf(pools: Pool[] | undefined): Promise<string | undefined> {
  const type = "pulumi:pulumi:Stack";
  const events = [
    { preludeEvent: { config: {} } },
    { resourcePreEvent: { metadata: { op: "create", type } } },
    { resOutputsEvent: { metadata: { op: "create", type, new: { outputs: pools && { pools } } } } },
    { summaryEvent: {} },
  ];
  const file = join(await scratchFolder(), "events.jsonl");
  await writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return costTable(file);
}

describe("the cost of a preview", () => {
  test("is what the machines of each pool cost idle and at the ceiling, and all of them together", async () => {
    expect(await tableOf([system, training])).toBe(
      [
        "Machines, USD per hour at on-demand prices (control plane, network and storage come on top):",
        "POOL        INSTANCE TYPE   NODES    GPUS     IDLE   CEILING",
        "system      m7i.large       2 to 3   0 to 0   0.20   0.30",
        "training    g5.12xlarge     0 to 2   0 to 8   0.00   11.34",
        "all pools                                     0.20   11.64",
      ].join("\n"),
    );
  });

  test("says where no price is known, and sums up the others", async () => {
    const unpriced = { ...training };
    delete unpriced.usdPerHour;
    const lines = (await tableOf([system, unpriced]))?.split("\n") ?? [];
    expect(lines.slice(-2)).toEqual([
      "training                   g5.12xlarge     0 to 2   0 to 8   unknown   unknown",
      "pools with a known price                                     0.20      0.30",
    ]);
  });

  test.each<[string, Pool[] | undefined]>([
    ["where nothing is paid, as on simulated nodes", [{ ...system, usdPerHour: undefined } as unknown as Pool]],
    ["where the program failed before it told its pools", undefined],
  ])("is left out %s", async (_case, pools) => {
    expect(await tableOf(pools)).toBeUndefined();
  });

  test("is left out where the engine wrote no events", async () => {
    expect(await costTable(join(await scratchFolder(), "absent"))).toBeUndefined();
  });
});
