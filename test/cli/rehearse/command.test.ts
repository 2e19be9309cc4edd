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

  it("refuses a stack on a cluster that brings its own nodes, and one that keeps secret what it is rehearsed by", async () => {
    const folder = await scratchFolder();
    const rehearsed = async (config: object) => {
      await writeFile(join(folder, "config.yaml"), JSON.stringify({ config }));
      return mlstack(folder, "rehearse", "--stack", "lab", "--config", join(folder, "config.yaml"));
    };
    expect(await rehearsed({ "mlstack:cluster": { kind: "existing", context: "lab" } })).toEqual({
      code: 2,
      output: [
        "the stack lab is on a cluster that brings its own nodes, so nothing tells which machines a rehearsal would have",
        "Rehearse a file of the kind local, with pools like these nodes: name it by --config.",
        "",
      ].join("\n"),
    });
    const cluster = { kind: "eks", eks: { region: "us-east-1" } };
    expect(await rehearsed({ "mlstack:cluster": cluster, "mlstack:gpuPools": { secure: "v1:Zm9v" } })).toEqual({
      code: 2,
      output: [
        "the stack lab keeps secret what decides about its rehearsal: mlstack:gpuPools",
        "Rehearse a copy of its configuration with values that may be seen: name it by --config.",
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
