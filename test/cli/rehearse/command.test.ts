import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mlstack } from "../../support/mlstack";
import { scratchFolder } from "../../support/scratch";

describe("mlstack rehearse", { timeout: 60_000 }, () => {
  it("ends with 2 before anything is started, with every mistake of the scenario", async () => {
    const folder = await scratchFolder();
    const scenario = join(folder, "scenario.yaml");
    await writeFile(scenario, "speed: fast\nworkloads: [{ name: a }]\n");
    expect(await mlstack(folder, "rehearse", scenario)).toEqual({
      code: 2,
      output: [
        `the scenario ${scenario} has 2 problems:`,
        '  speed is "fast"; allowed: a number from 1 (real time) to 3600.',
        "  workloads[0] needs either manifest or object.",
        "Every field is described in docs/rehearsal.md.",
        "",
      ].join("\n"),
    });
    expect(await readdir(folder)).toEqual(["scenario.yaml"]);
  });

  it("refuses a stack that is not of the kind local", async () => {
    expect(await mlstack(await scratchFolder(), "rehearse", "--stack", "staging")).toEqual({
      code: 2,
      output: [
        "the stack staging is on a cluster of its own, and a rehearsal runs on the embedded one",
        "Rehearse a stack of the kind local: name one by --stack, or a file by --config.",
        "",
      ].join("\n"),
    });
  });

  it("refuses a speed that is none, a region that is none, and a page that has no place to go", async () => {
    const folder = await scratchFolder();
    const speed = await mlstack(folder, "rehearse", "--speed", "0");
    expect(speed.output).toContain("Write a number from 1 (real time) to 3600.");
    const region = await mlstack(folder, "rehearse", "--region", "mars-1");
    expect(region.output).toContain('there is no region "mars-1"');
    const page = await mlstack(folder, "rehearse", "--html", join(folder, "absent", "page.html"));
    expect(page.output).toContain("the page cannot be written to");
    expect([speed.code, region.code, page.code]).toEqual([2, 2, 2]);
  });
});
