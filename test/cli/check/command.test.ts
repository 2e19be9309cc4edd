import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ENGINE_IDS } from "../../../cli/check/engine-findings";
import { explainedRules, explanationOf } from "../../../cli/check/explanation";
import { checkManifests, type CheckOptions } from "../../../cli/commands/check";
import { POD, scratch } from "./manifests";

const SOUND = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: ml }\n";

describe("mlstack check", () => {
  const at = scratch();
  const { file } = at;
  let told = "";
  let printed = "";

  beforeEach(() => {
    [told, printed] = ["", ""];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => ((told += String(text)), true));
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  });
  afterEach(() => vi.restoreAllMocks());

  async function run(paths: string[], options: Partial<CheckOptions> = {}): Promise<number> {
    const policies = await file("policies.yaml", "profile: baseline\n");
    return checkManifests(paths, { format: "table", policies, ...options });
  }

  it("ends with 0 where nothing mandatory is found, and with 1 where something is", async () => {
    expect(await run([await file("sound.yaml", SOUND)])).toBe(0);
    expect(told).toBe("1 resource in 1 file\n");
    expect(printed).toBe("0 mandatory, 0 advisory\n");
    expect(await run([await file("pod.yaml", POD)])).toBe(1);
  });

  it("tells what --fix did, or would do", async () => {
    const path = await file("pod.yaml", POD);

    await run([path], { fix: true, dryRun: true });
    expect(told).toContain(`would fix GPU-02 of Pod ml/mnist in ${path}\n`);
    expect(await readFile(path, "utf8")).toBe(POD);

    expect(printed).toContain("[GPU-02]");

    printed = "";
    await run([path], { fix: true });
    expect(told).toContain(`\nfixed GPU-02 of Pod ml/mnist in ${path}\n`);
    expect(await readFile(path, "utf8")).not.toBe(POD);
    expect(printed).not.toContain("[GPU-02]");
  });

  it("tells how many fixes it left out", async () => {
    const text = POD.replace("containers:\n", "containers: &c\n").replace("spec:", "spec: &s") + "x: *s\n";

    await run([await file("pod.yaml", text)], { fix: true });

    expect(told).toMatch(/^\d+ fix(es)? left out: \d+ where an anchor shares the value with other places$/m);
  });

  it("writes names on one line", async () => {
    const path = await file("pod.yaml", POD.replace("name: mnist", 'name: "a\\n::error::b"'));

    await run([path], { fix: true, dryRun: true });

    expect(told).toContain("would fix GPU-02 of Pod ml/a\\u000a::error::b in ");
  });

  it("writes the findings to a file", async () => {
    const output = join(at.folder, "out.json");

    expect(await run([await file("pod.yaml", POD)], { format: "json", output })).toBe(1);
    expect(printed).toBe("");
    expect(JSON.parse(await readFile(output, "utf8"))).toMatchObject({ version: 1 });
  });

  it("refuses where the findings cannot go before it changes anything", async () => {
    const path = await file("pod.yaml", POD);
    await mkdir(join(at.folder, "folder"));

    await expect(run([path], { fix: true, output: join(at.folder, "folder") })).rejects.toThrow("it is a folder");
    const nowhere = join(at.folder, "nowhere", "out.json");
    await expect(run([path], { fix: true, output: nowhere })).rejects.toThrow("its folder is not there");
    expect(existsSync(nowhere)).toBe(false);
    expect(await readFile(path, "utf8")).toBe(POD);
  });

  it("refuses what holds no resource, unless that is fine", async () => {
    const values = await file("values.yaml", "replicas: 1\n");

    await expect(run([values])).rejects.toThrow(`${values} holds no resource`);
    expect(await run([values], { allowEmpty: true })).toBe(0);
    expect(told).toBe(`${values} holds no resource\n0 resources in 1 file; 1 document is no resource\n`);
  });

  it("refuses options that do not go together", async () => {
    await expect(run([])).rejects.toThrow("there is nothing to check");
    await expect(run(["-"], { fix: true })).rejects.toThrow("--fix cannot write to the standard input");
    await expect(run(["a.yaml"], { dryRun: true })).rejects.toThrow("--dry-run tells what --fix would do");
  });

  describe("--explain", () => {
    it("tells of each rule its levels, examples and parameters", () => {
      const page = explanationOf(explainedRules().find(({ id }) => id === "POD-01")!);

      expect(page).toContain("# POD-01: Containers are not privileged\n");
      expect(page).toContain("- Severity: critical\n- Level: dev: mandatory, baseline: mandatory");
      expect(page).toContain("- `images`: a list of the names of images");
      expect(page).toContain("securityContext: { privileged: true }");
    });

    it.each(["pod-01", ...ENGINE_IDS])("prints a page for %s", async (id) => {
      expect(await run([], { explain: id })).toBe(0);
      expect(printed).toMatch(new RegExp(`^# ${id.toUpperCase()}: `));
    });

    it("names what is near where there is no such rule", async () => {
      const explaining = run([], { explain: "POD-O1" });

      await expect(explaining).rejects.toThrow('there is no rule "POD-O1"');
      await expect(explaining).rejects.toHaveProperty("remedy", expect.stringMatching(/^Did you mean POD-01 or /));
    });
  });
});
