import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyArguments } from "../../cli/policy-packs";
import { toolPath } from "../support/toolchain";
import { job } from "./analyzer";

/** A state as `pulumi stack export` writes it. */
function stateOf(...jobs: { type: string; name?: string; props: object }[]): object {
  const stack = "urn:pulumi:dev::mlstack::pulumi:pulumi:Stack::mlstack-dev";
  const resources = jobs.map(({ type, name = "it", props }) => ({
    urn: `urn:pulumi:dev::mlstack::${type}::${name}`,
    custom: true,
    id: name,
    type,
    inputs: props,
    outputs: props,
    parent: stack,
  }));
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-26T00:00:00Z", magic: "", version: "v3.259.0" },
      resources: [{ urn: stack, custom: false, type: "pulumi:pulumi:Stack" }, ...resources],
    },
  };
}

/** `pulumi policy analyze` over an exported state: no program, no provider, no backend. */
describe("the policy packs over an exported state", { timeout: 120_000 }, () => {
  let folder: string;
  let pulumi: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-state-"));
    pulumi = await toolPath("pulumi");
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function analyze(state: object): Promise<{ code: number; output: string }> {
    const file = join(folder, "state.json");
    await writeFile(file, JSON.stringify(state));
    const path = [dirname(process.execPath), dirname(pulumi), process.env["PATH"] ?? ""].join(delimiter);
    const env = { ...process.env, PATH: path, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const args = ["policy", "analyze", "--file", file, ...policyArguments([]), "--non-interactive"];
    return new Promise((resolve) => {
      execFile(pulumi, args, { env, cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
      });
    });
  }

  it("find what is wrong in what is there", async () => {
    const { code, output } = await analyze(stateOf(job({ securityContext: { privileged: true } })));

    expect(output).toContain(
      "[POD-01] Job ml/mnist: spec.template.spec.containers[0].securityContext.privileged is true",
    );
    expect(code).toBe(1);
  });

  it("let pass what keeps the rules", async () => {
    const { code, output } = await analyze(stateOf());

    expect(output).not.toContain("mandatory");
    expect(code).toBe(0);
  });
});
