import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RehearsalReport } from "../../cli/rehearse/report";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { mlstack, type Outcome } from "../support/mlstack";

/** Seconds of the scenario per second. */
const SPEED = 20;

/** Two nodes with four GPUs each, and a queue for all of them. */
const CONFIG = {
  "mlstack:cluster": { kind: "local" },
  "mlstack:systemPool": { instanceType: "m7i.2xlarge", nodes: 2 },
  "mlstack:gpuPools": [{ name: "a10g", instanceType: "g5.12xlarge", minNodes: 2, maxNodes: 2 }],
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

/** A Job of so many pods with two GPUs each. */
function job(pods: number) {
  const resources = { cpu: "1", memory: "1Gi", "nvidia.com/gpu": "2" };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { labels: { "kueue.x-k8s.io/queue-name": "default" } },
    spec: {
      completionMode: "Indexed",
      parallelism: pods,
      completions: pods,
      template: {
        spec: {
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
  ],
};

describe("a rehearsal of two gangs, a job that fails once, and one that is too large", () => {
  let folder: string;
  let outcome: Outcome;
  let report: RehearsalReport;
  let kept = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-rehearse-test-"));
    const [config, scenario, output] = ["config.yaml", "scenario.yaml", "report.json"].map((name) =>
      join(folder, name),
    );
    await mkdir(join(folder, "state"));
    await writeFile(config!, JSON.stringify({ config: CONFIG }));
    await writeFile(scenario!, JSON.stringify(SCENARIO));
    const form = ["--format", "json", "--output", output!, "--html", join(folder, "page.html"), "--keep"];
    outcome = await mlstack(
      join(folder, "state"),
      "rehearse",
      scenario!,
      "--config",
      config!,
      "--region",
      "us-east-1",
      ...form,
    );
    kept = /MLSTACK_STATE=(\S+)/.exec(outcome.output)?.[1] ?? "";
    if (kept === "") throw new Error(outcome.output);
    report = JSON.parse(await readFile(output!, "utf8")) as RehearsalReport;
  });

  afterAll(async () => {
    if (existsSync(kept)) await mlstack(kept, "down", "--force");
    for (const each of [folder, kept]) if (each) await rm(each, { recursive: true, force: true });
  });

  const workload = (name: string) => report.workloads.find((each) => each.name === name)!;
  const config = () => readKubeconfig(clusterLayout(kept).kubeconfig);

  test("ends with 1, as one of them never ran, once nothing can change any more", () => {
    expect(outcome.code).toBe(1);
    expect(report.endedBy).toBe("standstill");
    expect(report.summary.workloads).toMatchObject({ succeeded: 3, failed: 0, waiting: 1 });
  });

  test("has one gang wait whole until the other has ended", () => {
    const [first, second] = [workload("gang-1"), workload("gang-2")].sort((a, b) => a.started! - b.started!);
    expect(second!.admitted).toBeGreaterThanOrEqual(first!.started! + 120);
    expect([first!.mostGpus, second!.mostGpus]).toEqual([8, 8]);
    expect(report.deadlocks).toEqual([]);
    expect(report.summary.mostGpusInUse).toBe(8);
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
    // The API server shows whole seconds, and tells a change a moment before it is seen.
    const apart = 3 * SPEED;
    const ended = items.filter(({ status }) => status?.completionTime !== undefined);
    expect(ended).toHaveLength(3);
    for (const { metadata, status } of ended) {
      const told = workload(metadata!.name!);
      expect(Math.abs(told.ended! - seconds(status!.completionTime))).toBeLessThanOrEqual(apart);
      expect(Math.abs(told.arrived - seconds(metadata!.creationTimestamp))).toBeLessThanOrEqual(apart);
    }
  });

  test("tells the nodes that the API server shows, and what they cost", async () => {
    const { items } = await config().makeApiClient(CoreV1Api).listNode();
    const names = (of: (string | undefined)[]) => of.toSorted();
    expect(names(report.nodes.map(({ name }) => name))).toEqual(names(items.map(({ metadata }) => metadata?.name)));
    const perHour = report.cost.pools.reduce((sum, { usdPerHour = 0 }) => sum + usdPerHour * 2, 0);
    expect(report.cost.usd).toBeCloseTo((perHour * report.ends) / 3600, 6);
  });

  test("writes the page as well", async () => {
    expect(await readFile(join(folder, "page.html"), "utf8")).toContain("<title>Rehearsal of local</title>");
  });

  test("leaves nothing once the cluster that was kept is taken down", async () => {
    const { code, output } = await mlstack(kept, "down", "--force");
    expect(code, output).toBe(0);
    expect(existsSync(kept)).toBe(false);
  });
});
