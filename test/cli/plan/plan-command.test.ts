import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { PlanReport } from "../../../cli/plan/report";
import { mlstack } from "../../support/mlstack";
import { lastingFolder } from "../../support/lasting-folder";

const NODE_POOL = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: training }
spec:
  limits: { nvidia.com/gpu: 8 }
  template:
    metadata: { labels: { mlstack.dev/pool: training } }
    spec:
      taints: [{ key: nvidia.com/gpu, value: present, effect: NoSchedule }]
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g5.12xlarge] }
        - { key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
`;

const job = (name: string, gpus: number) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, namespace: ml, annotations: { mlstack.dev/expected-duration: 2h } }
spec:
  template:
    spec:
      restartPolicy: Never
      tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
      containers:
        - name: main
          image: registry.example/train:1.0
          resources: { limits: { cpu: 4, memory: 16Gi, nvidia.com/gpu: ${gpus} } }
`;

describe("mlstack plan", { timeout: 60_000 }, () => {
  const folder = lastingFolder("plan");
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const plan = (...args: string[]) => mlstack(join(folder, "state"), "plan", ...args);
  beforeAll(async () => {
    await mkdir(join(folder, "good"));
    await write("good/pool.yaml", NODE_POOL);
    await write("good/job.yaml", job("fits", 4));
  });

  it("tells of manifests where each set of pods can run, and what that costs", async () => {
    const { code, output } = await plan(join(folder, "good"));
    expect(output).toContain("Job ml/fits            1      runs      training (2)   5.67    11.34");
    expect(output).toContain("1 set of pods: 1 run at once. Peak: 1 node, 4 GPUs.");
    expect(output).toContain("Cost: USD 0.00/h idle, USD 0.00/h typical, USD 11.34/h at most.");
    expect(code).toBe(0);
  });

  it("ends with 1 where pods can never run, and says what the closest pool lacks", async () => {
    const { code, output } = await plan(join(folder, "good"), await write("large.yaml", job("large", 8)));
    expect(output).toContain("PLACE-01");
    expect(output).toContain("Job ml/large");
    expect(output).toContain("8 GPUs");
    expect(code).toBe(1);
  });

  it("writes JSON, and a page that needs nothing else", async () => {
    const [json, html] = [join(folder, "plan.json"), join(folder, "plan.html")];
    const { code } = await plan(join(folder, "good"), "--format", "json", "--output", json, "--html", html);
    const report = JSON.parse(await readFile(json, "utf8")) as PlanReport;
    expect(report).toMatchObject({ version: 1, kind: "files", summary: { podSets: 1, runs: 1, peakGpus: 4 } });
    const page = await readFile(html, "utf8");
    expect(page).toContain("Job ml/fits");
    expect(page).not.toMatch(/(src|href)="https?:/);
    expect(code).toBe(0);
  });

  it("counts prices of one's own, and says that they are", async () => {
    const prices = await write(
      "prices.yaml",
      `prices:
  - { instanceType: g5.12xlarge, region: us-east-1, capacityType: on-demand, usdPerHour: 4, source: our contract, asOf: "2026-11-01" }
`,
    );
    const { output } = await plan(join(folder, "good"), "--prices", prices);
    expect(output).toContain("USD 8.00/h at most");
  });

  it("names every mistake in a file of prices", async () => {
    const prices = await write(
      "wrong.yaml",
      `prices:\n  - { instanceType: g5.12xlarge, usdPerHour: "3", source: "" }\n  - { usdPerHour: .inf }\nprice: 4\n`,
    );
    const { code, output } = await plan(join(folder, "good"), "--prices", prices);
    expect(output).toContain("price is 4; allowed: only prices. Remove it.");
    expect(output).toContain('prices[0].usdPerHour is "3"; allowed: a number from 0.');
    expect(output).toContain("prices[1].usdPerHour is Infinity; allowed: a number from 0.");
    expect(output).toContain('prices[0].source is ""; allowed: a text. Say where the price is from.');
    expect(output).toContain("prices[0].region is absent; allowed: a region of AWS. Write it like us-east-1.");
    expect(code).toBe(2);
  });

  it("says of a file that is none of prices what it is", async () => {
    const { output } = await plan(join(folder, "good"), "--prices", await write("list.yaml", "[]\n"));
    expect(output).toContain("the file is a list; allowed: a list of prices.");
  });

  it("says what keeps a document from being an object", async () => {
    const path = await write("no-version.yaml", "kind: Deployment\nmetadata: { name: a }\n");
    const { code, output } = await plan(path);
    expect(output).toContain(`${path}:1: Deployment has a kind and no apiVersion; name the version of its API`);
    expect(code).toBe(2);
  });

  it("says what a change adds to the cost of an exported state", async () => {
    const urn = "urn:pulumi:dev::mlstack::kubernetes:core/v1:Namespace::ml";
    const state = {
      version: 3,
      deployment: { resources: [{ urn, type: "kubernetes:core/v1:Namespace", inputs: {} }] },
    };
    const before = await write("state.json", JSON.stringify(state));
    const { output } = await plan(join(folder, "good"), "--against", before);
    expect(output).toContain("this change adds up to USD 11.34/h");
  });

  it("says what a change adds to the cost of an earlier plan, for a comment", async () => {
    const [base, comment] = [join(folder, "base.json"), join(folder, "comment.md")];
    const pool = await write("pool.yaml", NODE_POOL);
    await plan(pool, "--format", "json", "--output", base);
    const larger = await write("larger.yaml", NODE_POOL.replace("nvidia.com/gpu: 8 }", "nvidia.com/gpu: 16 }"));
    const { code } = await plan(larger, "--against", base, "--format", "markdown", "--output", comment);
    const text = await readFile(comment, "utf8");
    expect(text).toContain("**This change adds up to USD 11.34/h.**");
    expect(text).toContain("| pool training | 0.00 | 0.00 | 22.69 (+11.34) |");
    expect(code).toBe(0);
  });

  it.each([
    ["SARIF of files, which have lines of their own", ["--sarif", "/nowhere/a.sarif"], "mlstack check --format sarif"],
    ["a region that is none", ["--region", "mars"], 'there is no region "mars"'],
    ["a file of prices that is not there", ["--prices", "/nowhere.yaml"], "the prices cannot be read: /nowhere.yaml"],
    ["a place that cannot be written to", ["--html", "/nowhere/plan.html"], "the page cannot be written to"],
    ["a format that is none", ["--format", "xml"], "Allowed choices are table, json, markdown."],
  ])("ends with 2 for %s", async (_, args, message) => {
    const { code, output } = await plan(join(folder, "good"), ...args);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it("plans a stack without an account, and says what it could not see", { timeout: 120_000 }, async () => {
    const { code, output } = await plan("--stack", "dev", "--offline");
    expect(output).toContain("OFFLINE: dev is planned against stand-in providers.");
    expect(output).toMatch(/^experiments +g4dn\.xlarge and 2 more +spot +0 to 4 +1 /m);
    expect(output).toMatch(/^Job ml\/mnist +1 +runs +experiments \(4\)/m);
    expect(output).toContain("Chart kueue 0.19.2 is not rendered in an offline plan");
    expect(code).toBe(0);
  });
});
