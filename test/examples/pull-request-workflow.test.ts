import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { PlanReport } from "../../cli/plan/report";
import { lastingFolder } from "../support/lasting-folder";
import { mlstack } from "../support/mlstack";
import { folders, root } from "../support/pages";
import { runStep, workflows } from "../support/workflows";

const exec = promisify(execFile);

/** What GitHub needs of each result to show it. */
interface ShownResult {
  ruleId: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
  partialFingerprints: { primaryLocationLineHash: string };
}

const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json", "Pulumi.yaml"];

/** Copies what commands need of the checkout; times are kept, so that what is compiled is not compiled again. */
async function checkOut(folder: string): Promise<void> {
  const parts = [...folders.filter((name) => !name.startsWith(".")), ...SETTINGS, "bin"];
  await exec("cp", ["-a", ...parts.filter((name) => existsSync(join(root, name))), folder], { cwd: root });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
}

/** The plan that the workflow makes of a pull request, by its own steps, on the environment `dev`. */
describe("the workflow of pull requests", { timeout: 240_000 }, () => {
  const workspace = lastingFolder("workflow");
  const base = join(workspace, "base");
  const { plan } = workflows.find(({ path }) => path === "examples/ci/pull-request.yaml")!.jobs;
  const planning = plan!.steps.filter(({ name }) => name?.startsWith("Plan "));
  const codes: (number | null)[] = [];

  beforeAll(async () => {
    // What is not installed or compiled yet is now, and not by a copy into what it links to.
    const { code } = await mlstack(workspace, "--help");
    expect(code).toBe(0);
    // The change is this checkout; in what it is based on, a pool is smaller.
    await mkdir(base);
    for (const copy of [workspace, base]) await checkOut(copy);
    const config = join(base, "stacks", "Pulumi.dev.yaml");
    const text = await readFile(config, "utf8");
    expect(text).toContain("maxNodes: 3");
    await writeFile(config, text.replace("maxNodes: 3", "maxNodes: 2"));
    for (const step of planning) codes.push(await runStep(workspace, step, { STACK: "dev" }));
  }, 240_000);

  it("plans the base and then the change", async () => {
    expect(planning.map(({ name }) => name)).toEqual(["Plan the base", "Plan the change"]);
    expect(codes).toEqual([0, 0]);
    const report = JSON.parse(await readFile(join(workspace, "base.json"), "utf8")) as PlanReport;
    expect(report).toMatchObject({ version: 1, stack: "dev", offline: true });
  });

  it("writes a comment that begins with the mark by which the next one finds it, and tells what the change costs", async () => {
    const comment = await readFile(join(workspace, "plan.md"), "utf8");
    const mark = /startswith\("([^"]+)"\)/.exec(
      workflows.find(({ path }) => path === "examples/ci/pull-request-comment.yaml")!.text,
    );
    expect(comment.startsWith(mark![1]!)).toBe(true);
    expect(comment).toMatch(/^\*\*This change adds up to USD \d+\.\d\d\/h\.\*\*$/m);
    expect(comment).toMatch(/^\| pool \S+ \| .* \| \d+\.\d\d \(\+\d+\.\d\d\) \|$/m);
    expect(comment).toMatch(/^\*\*Policies:\*\* 0 mandatory, \d+ advisory\.$/m);
  });

  it("writes findings that GitHub takes: each with rule, message, file of the checkout, line and fingerprint", async () => {
    const log = JSON.parse(await readFile(join(workspace, "plan.sarif"), "utf8")) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: ShownResult[] }[];
    };
    expect(log.version).toBe("2.1.0");
    expect(log.runs).toHaveLength(1);
    const [{ tool, results }] = log.runs as [(typeof log.runs)[number]];
    expect(results).not.toEqual([]);
    for (const result of results) {
      expect(tool.driver.rules.map(({ id }) => id)).toContain(result.ruleId);
      expect(result.message.text).not.toBe("");
      const [{ physicalLocation }] = result.locations as [ShownResult["locations"][number]];
      expect(physicalLocation.artifactLocation.uri).toBe("stacks/Pulumi.dev.yaml");
      expect(physicalLocation.region.startLine).toBe(1);
    }
    const prints = results.map((result) => result.partialFingerprints.primaryLocationLineHash);
    expect(new Set(prints).size).toBe(results.length);
  });
});
