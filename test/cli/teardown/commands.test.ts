import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Environment } from "../../../cli/environment";
import { mlstack } from "../../support/mlstack";
import { scratchFolder, setForTest } from "../../support/scratch";
import { exampleState } from "./example-state";

describe("on the command line", { timeout: 60_000 }, () => {
  it("leftovers explains itself with --help", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "leftovers", "--help");
    expect(output).toMatch(/^Usage: mlstack leftovers /m);
    expect(code).toBe(0);
  });

  it("leftovers has nothing to ask about the embedded cluster", async () => {
    expect(await mlstack(await scratchFolder(), "leftovers")).toEqual({
      code: 0,
      output: "The stack local runs on the embedded cluster: it has nothing in AWS.\n",
    });
  });

  it("down --dry-run starts nothing where nothing is up", async () => {
    expect(await mlstack(await scratchFolder(), "down", "--dry-run")).toEqual({
      code: 0,
      output: "Nothing is up in this checkout.\n",
    });
  });

  it.each(["0", "-1", "soon"])("down refuses a time limit of %s", async (minutes) => {
    const { code, output } = await mlstack(await scratchFolder(), "down", "--drain-timeout", minutes);
    expect(output).toContain(
      `error: option '--drain-timeout <minutes>' argument '${minutes}' is invalid. Write a number greater than 0.`,
    );
    expect(code).toBe(1);
  });

  describe("with a stack in AWS", () => {
    let config: string;
    beforeEach(async () => {
      const folder = await scratchFolder();
      setForTest("PULUMI_BACKEND_URL", `file://${folder}`);
      setForTest("PULUMI_CONFIG_PASSPHRASE", "test");
      config = join(folder, "prod.yaml");
      await writeFile(config, "config: { mlstack:cluster: { kind: eks } }");
      const environment = await Environment.open({ stack: "prod", config });
      for (const step of environment.steps()) await step.run(() => undefined);
      // The file with the salt of the stack's encryption is written beside the project.
      const project = join(folder, "project");
      await mkdir(project);
      await writeFile(join(project, "Pulumi.yaml"), "name: mlstack\nruntime: nodejs\n");
      const state = join(folder, "state.json");
      await writeFile(state, exampleState().exported());
      const own = ["--stack", "prod", "--cwd", project];
      await environment.pulumi.quietly(["stack", "init", "prod", "--secrets-provider", "passphrase", "--cwd", project]);
      await environment.pulumi.quietly(["stack", "import", "--file", state, ...own]);
    });
    const down = async (...args: string[]) =>
      mlstack(await scratchFolder(), "down", "--stack", "prod", "--config", config, ...args);

    it("down --dry-run shows the order and what would stop it, and changes nothing", async () => {
      const { code, output } = await down("--dry-run");
      expect(output).toContain("Destroying prod deletes 16 resources and keeps 2. First, while the controllers live:");
      expect(output).toContain("artifacts (protected)");
      expect(output).toContain("Destroy would stop at:\n  Cluster prod-eks: AWS refuses to delete it");
      expect(output).toMatch(/\nNothing was changed\.\n$/);
      expect(code).toBe(0);
      expect((await down("--dry-run")).output).toContain("Destroying prod deletes 16 resources");
    });

    it("down refuses to begin what would stop half way", async () => {
      const { code, output } = await down("--yes");
      expect(output).toContain("\nnothing was destroyed, as destroying prod would stop half way\n  Cluster prod-eks:");
      expect(code).toBe(1);
    });
  });
});
