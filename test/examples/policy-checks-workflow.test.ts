import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { read, root } from "../support/pages";
import { scratchFolder } from "../support/scratch";
import { runStep, workflows } from "../support/workflows";

const { check } = workflows.find(({ path }) => path === "examples/policy-checks/github-workflow.yaml")!.jobs;
const judging = check!.steps.find(({ name }) => name === "Judge the manifests")!;

const pod = (privileged: boolean) => `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers:
    - name: main
      image: registry.example/a:1.0
      securityContext: { privileged: ${privileged} }
`;

/** A repository with manifests, and mlstack beside them. */
async function repository(manifest: string): Promise<string> {
  const folder = await scratchFolder();
  await mkdir(join(folder, "manifests"));
  await writeFile(join(folder, "manifests", "pod.yaml"), manifest);
  await cp(join(root, "examples", "policy-checks", "policies.yaml"), join(folder, "policies.yaml"));
  await symlink(root, join(folder, "mlstack"));
  return folder;
}

interface Log {
  runs: { results: { ruleId: string; locations: { physicalLocation: Record<string, unknown> }[] }[] }[];
}

it("shows in which line of a manifest a rule is broken, and fails", { timeout: 60_000 }, async () => {
  const folder = await repository(pod(true));
  expect(await runStep(folder, judging)).toBe(1);
  const upload = check!.steps.find(({ uses }) => uses?.includes("upload-sarif"))!;
  const log = JSON.parse(await readFile(join(folder, String(upload.with!["sarif_file"])), "utf8")) as Log;
  const found = log.runs[0]!.results.find(({ ruleId }) => ruleId === "POD-01");
  expect(found?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: "manifests/pod.yaml" },
    region: { startLine: 8, startColumn: 38 },
  });
});

it("has nothing to upload where the input cannot be read", { timeout: 60_000 }, async () => {
  const folder = await repository("kind: Pod\nspec: [\n");
  expect(await runStep(folder, judging)).toBe(2);
  await expect(readFile(join(folder, "policies.sarif"))).rejects.toThrow("ENOENT");
});

it("is of the policy file that is beside it", () => {
  expect(judging.run).toContain("--policies policies.yaml");
  expect(read("examples/policy-checks/policies.yaml")).toMatch(/^profile: \w+$/m);
});
