import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RehearsalReport } from "../../cli/rehearse/report";
import { mlstack, type Outcome } from "../support/mlstack";

/** A small environment in AWS: reserved machines that are shared out, a shared volume, and parts that are left out. */
const CONFIG = {
  "mlstack:cluster": {
    kind: "eks",
    awsAccountId: "111122223333",
    eks: { region: "us-west-2", vpc: { availabilityZones: ["us-west-2a", "us-west-2b"] } },
  },
  "mlstack:systemPool": { instanceType: "m7i.xlarge", nodes: 1, maxNodes: 2 },
  "mlstack:gpuPools": [
    {
      name: "reserved",
      backEnd: "managed",
      instanceType: "g6e.12xlarge",
      capacityType: "reserved",
      capacityReservationId: "cr-0123456789abcdef0",
      availabilityZones: ["us-west-2b"],
      maxNodes: 1,
    },
  ],
  "mlstack:storage": { volumes: [{ name: "checkpoints", namespace: "pipelines", sizeGib: 10 }] },
  "mlstack:platform": {
    parts: {
      certManager: {},
      metricsServer: {},
      kueue: {},
      queues: { queues: [{ name: "research", quotas: [{ pool: "reserved" }] }] },
      tenants: { research: { limits: { gpus: 4 }, queues: [{ clusterQueue: "research" }] } },
    },
  },
  "aws:profile": { secure: "v1:never:read" },
};

const SECURITY = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };

/** A Job of one pod. */
function job(resources: Record<string, string>, labels: Record<string, string>, more: { pod?: object; main?: object }) {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const image = "registry.example.com/train:1";
  const main = { name: "main", image, resources: { requests: resources, limits: resources }, securityContext };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { labels },
    spec: {
      template: {
        spec: {
          restartPolicy: "Never",
          securityContext: SECURITY,
          containers: [{ ...main, ...more.main }],
          ...more.pod,
        },
      },
    },
  };
}

/** Seconds of the scenario per second. */
const SPEED = 60;

const SCENARIO = {
  speed: SPEED,
  workloads: [
    {
      name: "train",
      namespace: "research",
      takes: "20m",
      checkpoints: "2m",
      object: job({ cpu: "4", memory: "16Gi", "nvidia.com/gpu": "4" }, { "kueue.x-k8s.io/queue-name": "default" }, {}),
    },
    {
      name: "package",
      namespace: "pipelines",
      takes: "1m",
      object: job(
        { cpu: "500m", memory: "1Gi" },
        {},
        {
          pod: { volumes: [{ name: "files", persistentVolumeClaim: { claimName: "checkpoints" } }] },
          main: { volumeMounts: [{ name: "files", mountPath: "/files" }] },
        },
      ),
    },
  ],
  faults: [{ at: "15m", kind: "nodeLost", pool: "reserved" }],
};

describe("a rehearsal of an environment in AWS", () => {
  let folder: string;
  let outcome: Outcome;
  let report: RehearsalReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-cloud-test-"));
    const at = (name: string) => join(folder, name);
    await mkdir(at("state"));
    await writeFile(at("config.yaml"), JSON.stringify({ config: CONFIG }));
    await writeFile(at("scenario.yaml"), JSON.stringify(SCENARIO));
    const named = ["--stack", "lab", "--config", at("config.yaml"), "--format", "json", "--output", at("report.json")];
    outcome = await mlstack(at("state"), "rehearse", at("scenario.yaml"), ...named);
    if (outcome.code !== 0) throw new Error(outcome.output);
    report = JSON.parse(await readFile(at("report.json"), "utf8")) as RehearsalReport;
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test("runs its workloads to their end, one of them from its queue, one with its shared volume", () => {
    expect(report.stack).toBe("lab");
    expect(report.workloads.map(({ name, outcome: end }) => [name, end]).sort()).toEqual([
      ["package", "succeeded"],
      ["train", "succeeded"],
    ]);
    expect(report.workloads.find(({ name }) => name === "train")!.admitted).toBeDefined();
  });

  test("goes on from the last checkpoint after its machine was lost", () => {
    expect(report.faults).toMatchObject([{ kind: "nodeLost", happened: true }]);
    expect(report.durations).toContainEqual(
      expect.objectContaining({ workload: "Job research/train", seconds: 1200, checkpoints: 120 }),
    );
    const [first = 0, second = 0, ...more] = report.pods
      .filter(({ workload }) => workload === "Job research/train")
      .toSorted((a, b) => a.from - b.from)
      .map(({ from, to = report.ends }) => to - from);
    expect(more).toEqual([]);
    const saved = Math.floor(first / 120) * 120;
    expect(saved).toBeGreaterThan(0);
    // A busy machine sees the beginning or the end of a pod late, by up to a second; one checkpoint more or less.
    expect(Math.abs(second - (1200 - saved))).toBeLessThanOrEqual(120 + SPEED);
  });

  test("starts its machine in its zone, and prices it in its region", () => {
    expect(report.region).toBe("us-west-2");
    // The one that was lost, and the one in its place.
    const machine = { instanceType: "g6e.12xlarge", zone: "us-west-2b", gpus: 4 };
    expect(report.nodes.filter(({ pool }) => pool === "reserved")).toMatchObject([machine, machine]);
    expect(report.nodes.filter(({ pool }) => pool === "system")).toHaveLength(2);
    expect(report.cost.pools.find(({ pool }) => pool === "reserved")!.usdPerHour).toBeGreaterThan(0);
  });

  test("tells before it begins and in its report what is not as in AWS", () => {
    const [told] = report.remarks.filter((remark) => remark.startsWith("parts of the platform are left out"));
    expect(told).toMatch(/\(mlstack:platform\.parts\.certManager, mlstack:platform\.parts\.metricsServer\)$/);
    expect(outcome.output).toContain(`${told!.slice(1)}.\n`);
    expect(outcome.output).toContain("The stack lab is rehearsed on an embedded cluster.");
    expect(outcome.output).not.toContain("v1:never:read");
  });
});
