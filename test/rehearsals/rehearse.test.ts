import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RehearsalReport } from "../../cli/rehearse/report";
import { POOL_LABEL } from "../../components/model";
import { usdPerHour } from "../../components/model/prices";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { missingBrowser, startBrowser } from "../support/browser";
import { mlstack, mlstackWith, type Outcome } from "../support/mlstack";
import { mostAtOnce, NodeRecord, type ShownNode } from "../support/node-record";
import { openedPage } from "../support/opened-page";

const missing = missingBrowser();

/** Seconds of the scenario per second. */
const SPEED = 20;

/** The API server shows whole seconds, and tells a change a moment before it is seen. */
const APART = 3 * SPEED;

/** The region whose prices count. */
const REGION = "us-east-1";

/** Two nodes with four GPUs each, and a queue for all of them; and nodes with one GPU that come when pods wait for them. */
const CONFIG = {
  "mlstack:cluster": { kind: "local" },
  "mlstack:systemPool": { instanceType: "m7i.2xlarge", nodes: 2 },
  "mlstack:gpuPools": [
    { name: "a10g", instanceType: "g5.12xlarge", minNodes: 2, maxNodes: 2 },
    { name: "burst", instanceType: "g4dn.xlarge", maxNodes: 2 },
  ],
  "mlstack:platform": {
    parts: {
      jobSet: {},
      trainer: {},
      kueue: {},
      queues: { queues: [{ name: "research", quotas: [{ pool: "a10g" }] }] },
      tenants: {
        research: {
          limits: { gpus: 8 },
          queues: [{ clusterQueue: "research" }],
          editors: { groups: ["researchers"] },
        },
      },
    },
  },
  "mlstack:scenarios": [],
};

/** A Job of so many pods with two GPUs each, which waits in a queue. */
function job(pods: number) {
  return { ...plainJob(pods, 2), metadata: { labels: { "kueue.x-k8s.io/queue-name": "default" } } };
}

/** A Job of one pod with one GPU, which waits in no queue but for a node. */
function burst() {
  return plainJob(1, 1, {
    nodeSelector: { [POOL_LABEL]: "burst" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  });
}

function plainJob(pods: number, gpus: number, placement = {}) {
  const resources = { cpu: "1", memory: "1Gi", "nvidia.com/gpu": String(gpus) };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    spec: {
      completionMode: "Indexed",
      parallelism: pods,
      completions: pods,
      template: {
        spec: {
          ...placement,
          restartPolicy: "Never",
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "train",
              image: "registry.example.com/train:1",
              resources: { requests: resources, limits: resources },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  };
}

const SCENARIO = {
  speed: SPEED,
  workloads: [
    // Each takes all eight GPUs, so that one waits for the other.
    { name: "gang", namespace: "research", every: "10s", count: 2, takes: "2m", object: job(4) },
    { name: "flaky", namespace: "research", at: "20s", takes: "1m", fails: 1, object: job(1) },
    { name: "too-large", namespace: "research", object: job(5) },
    // They wait together, so that each has a node of its own; those go one after the other.
    { name: "short", namespace: "bursts", at: "20s", takes: "1m", object: burst() },
    { name: "long", namespace: "bursts", at: "20s", takes: "5m", object: burst() },
  ],
};

describe("a rehearsal of two gangs, a job that fails once, one that is too large, and two on nodes that come and go", () => {
  let folder: string;
  let outcome: Outcome;
  let report: RehearsalReport;
  let kept = "";
  /** What the API server showed meanwhile, in times of the scenario. */
  let shown: ShownNode[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-rehearse-test-"));
    const [config, scenario, output] = ["config.yaml", "scenario.yaml", "report.json"].map((name) =>
      join(folder, name),
    );
    // By a folder for temporary files of its own, its cluster is known from those of other rehearsals.
    const temporary = join(folder, "tmp");
    for (const each of [join(folder, "state"), temporary]) await mkdir(each);
    await writeFile(config!, JSON.stringify({ config: CONFIG }));
    await writeFile(scenario!, JSON.stringify(SCENARIO));
    const form = ["--format", "json", "--output", output!, "--html", join(folder, "page.html"), "--keep"];
    const record = new NodeRecord(temporary);
    const recording = record.start();
    outcome = await mlstackWith(
      { MLSTACK_STATE: join(folder, "state"), TMPDIR: temporary },
      "rehearse",
      scenario!,
      "--config",
      config!,
      "--region",
      REGION,
      ...form,
    );
    await record.stop();
    await recording;
    kept = /MLSTACK_STATE=(\S+)/.exec(outcome.output)?.[1] ?? "";
    if (kept === "") throw new Error(outcome.output);
    report = JSON.parse(await readFile(output!, "utf8")) as RehearsalReport;
    shown = record.nodes(report);
  });

  afterAll(async () => {
    if (existsSync(kept)) await mlstack(kept, "down", "--force");
    for (const each of [folder, kept]) if (each) await rm(each, { recursive: true, force: true });
  });

  const workload = (name: string) => report.workloads.find((each) => each.name === name)!;
  const namesOf = (things: readonly { name?: string }[]) => things.map(({ name }) => name).toSorted();
  const ofPool = <Node extends { pool: string }>(nodes: readonly Node[], pool: string) =>
    nodes.filter((node) => node.pool === pool);
  const config = () => readKubeconfig(clusterLayout(kept).kubeconfig);

  test("ends with 1, as one of them never ran, once nothing can change any more", () => {
    expect(outcome.code).toBe(1);
    expect(report.endedBy).toBe("standstill");
    expect(report.summary.workloads).toMatchObject({ succeeded: 5, failed: 0, waiting: 1 });
  });

  test("has one gang wait whole until the other has ended", () => {
    const [first, second] = [workload("gang-1"), workload("gang-2")].sort((a, b) => a.started! - b.started!);
    expect(second!.admitted).toBeGreaterThanOrEqual(first!.started! + 120);
    expect([first!.mostGpus, second!.mostGpus]).toEqual([8, 8]);
    expect(report.deadlocks).toEqual([]);
    const research = report.pods.filter(({ namespace }) => namespace === "research");
    expect(mostAtOnce(research.flatMap((pod) => Array.from({ length: pod.gpus }, () => pod)))).toBe(8);
    // Pods on the other pool may hold their two meanwhile.
    expect([8, 9, 10]).toContain(report.summary.mostGpusInUse);
  });

  test("says why the third never ran, in the words of its queue", () => {
    expect(workload("too-large")).toMatchObject({ outcome: "waiting", pods: 0, tries: 0 });
    expect(workload("too-large").reason).toMatch(/insufficient quota for nvidia\.com\/gpu in flavor a10g/);
  });

  test("has the other fail once and then succeed", () => {
    expect(workload("flaky")).toMatchObject({ outcome: "succeeded", tries: 2, pods: 2 });
    const tries = report.pods.filter(({ workload: of }) => of === "Job research/flaky");
    expect(tries.sort((a, b) => a.from - b.from).map(({ outcome }) => outcome)).toEqual(["failed", "succeeded"]);
  });

  test("has every pod take as long as the scenario says", () => {
    for (const { workload: of, from, to } of report.pods) {
      // A busy machine sees the beginning of a pod late, by up to a second.
      expect(to! - from + SPEED).toBeGreaterThanOrEqual(of.includes("gang") ? 120 : 60);
    }
  });

  test("tells the times that the API server shows", async () => {
    const { items } = await config().makeApiClient(BatchV1Api).listNamespacedJob({ namespace: "research" });
    const begins = Date.parse(report.ranAt);
    const seconds = (time: Date | undefined) => ((time!.getTime() - begins) / 1000) * SPEED;
    const ended = items.filter(({ status }) => status?.completionTime !== undefined);
    expect(ended).toHaveLength(3);
    for (const { metadata, status } of ended) {
      const told = workload(metadata!.name!);
      expect(Math.abs(told.ended! - seconds(status!.completionTime))).toBeLessThanOrEqual(APART);
      expect(Math.abs(told.arrived - seconds(metadata!.creationTimestamp))).toBeLessThanOrEqual(APART);
    }
  });

  test("tells every node that the API server ever showed, and no other", async () => {
    expect(namesOf(report.nodes)).toEqual(namesOf(shown));
    const { items } = await config().makeApiClient(CoreV1Api).listNode();
    const standing = report.nodes.filter(({ to }) => to === undefined);
    expect(namesOf(standing)).toEqual(namesOf(items.map(({ metadata }) => metadata!)));
  });

  test("tells when each node came and when it went, as the API server shows it", () => {
    for (const { name, from, to } of report.nodes) {
      const node = shown.find((each) => each.name === name)!;
      expect(Math.abs(from - node.from), `${name} came`).toBeLessThanOrEqual(APART);
      expect(to === undefined, `${name} stays`).toBe(node.to === undefined);
      if (to !== undefined) expect(Math.abs(to - node.to!), `${name} went`).toBeLessThanOrEqual(APART);
    }
  });

  test.for([
    ["system", 2],
    ["a10g", 2],
    ["burst", 2],
  ] as const)("tells the most nodes of pool %s at once, %d, as the API server shows them", ([pool, most]) => {
    expect([mostAtOnce(ofPool(shown, pool)), mostAtOnce(ofPool(report.nodes, pool))]).toEqual([most, most]);
  });

  test("tells the most nodes at once, as the API server shows them", () => {
    expect([mostAtOnce(shown), report.summary.mostNodes]).toEqual([6, 6]);
  });

  test("has a pool begin without nodes, and end without them once no pod needs them", () => {
    for (const nodes of [ofPool(shown, "burst"), ofPool(report.nodes, "burst")]) {
      expect(nodes).not.toEqual([]);
      expect(Math.min(...nodes.map(({ from }) => from))).toBeGreaterThan(0);
      expect(Math.max(...nodes.map(({ to = Infinity }) => to))).toBeLessThanOrEqual(report.ends);
    }
  });

  test("tells as the cost what the nodes that the API server shows cost while they were there", () => {
    const costs = shown.map(({ instanceType, from, to = report.ends }) => {
      const price = usdPerHour(instanceType, REGION)!;
      // Neither of its two times may be further off; those that are there all the time have the times of the scenario itself.
      const unsure = (from > 0 ? APART : 0) + (to < report.ends ? APART : 0);
      return { usd: (price * (to - from)) / 3600, unsure: (price * unsure) / 3600 };
    });
    const sum = (key: "usd" | "unsure") => costs.reduce((total, cost) => total + cost[key], 0);
    const relative = sum("unsure") / sum("usd");
    expect(Math.abs(report.cost.usd / sum("usd") - 1)).toBeLessThanOrEqual(relative);
    // The nodes that come and go are cheap ones, so that little is left to doubt.
    expect(relative).toBeLessThan(0.02);
  });

  test.skipIf(missing !== undefined)(
    `writes a page that Chromium shows whole${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const browser = await startBrowser();
      onTestFinished(() => browser.close());
      const html = await readFile(join(folder, "page.html"), "utf8");
      const { page, complaints, others } = await openedPage(browser, html);
      expect({ complaints, others: others() }).toEqual({ complaints: [], others: [] });
      expect(await page.title()).toBe("Rehearsal of local");
      expect(JSON.parse((await page.locator("#report").textContent()) ?? "")).toEqual(report);
      expect(await page.locator("svg.pods g.pod").count()).toBe(report.pods.length);
      for (const { title } of report.workloads) expect(await page.locator("#workloads").textContent()).toContain(title);
    },
  );

  test("leaves nothing once the cluster that was kept is taken down", async () => {
    const { code, output } = await mlstack(kept, "down", "--force");
    expect(code, output).toBe(0);
    expect(existsSync(kept)).toBe(false);
  });
});
