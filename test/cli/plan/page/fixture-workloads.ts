import type { ReportedProof, ReportedWorkload } from "../../../../cli/plan/report";
import { amounts } from "./fixture-pools";

const GIB = 2 ** 30;

type ProofFacts = Partial<Omit<ReportedProof, "pools" | "requests">> & {
  asks: Record<string, number>;
  on?: [pool: string, perNode: number, atOnce: number | null][];
  off?: ReportedProof["pools"];
};

function proof(title: string, { asks, on = [], off = [], ...facts }: ProofFacts): ReportedProof {
  const count = "count" in facts ? facts.count : 1;
  return {
    urn: urnOf(title),
    title,
    path: "spec.template",
    minCount: 1,
    verdict: "runs",
    atOnce: count ?? 0,
    queues: [],
    reason: "",
    ...facts,
    count,
    pools: [...on.map(([pool, perNode, atOnce]) => ({ pool, perNode, atOnce, obstacles: [] })), ...off],
    requests: amounts({ ...asks, pods: 1 }),
  };
}

function urnOf(title: string): string {
  const [kind = "", name = ""] = title.split(" ");
  return `urn:pulumi:dev::mlstack::kubernetes:example/v1:${kind}::${name}`;
}

function workload(
  tenant: string | undefined,
  cost: Partial<ReportedWorkload["cost"]>,
  timing: ReportedWorkload["timing"],
  ...proofs: ReportedProof[]
): ReportedWorkload {
  const title = proofs[0]!.title.split(" ").slice(0, 2).join(" ");
  const unknown = { usdPerHour: undefined, usdPerRun: undefined, hours: undefined, hoursFrom: undefined };
  return {
    title,
    urn: urnOf(title),
    tenant,
    clusterQueue: timing.kind === "always" ? undefined : tenant,
    proofs,
    cost: { urn: urnOf(title), title, tenant, ...unknown, usdPerTrial: undefined, usdPerSweep: undefined, ...cost },
    timing,
  };
}

const short = (pool: string, resource: string, asked: number, left: number): ReportedProof["pools"][number] => ({
  pool,
  perNode: 0,
  atOnce: 0,
  obstacles: [{ kind: "resource", message: `Insufficient ${resource}`, subject: resource, asked, left }],
});

const tainted = (pool: string, taint: string): ReportedProof["pools"][number] => ({
  pool,
  perNode: 0,
  atOnce: 0,
  obstacles: [{ kind: "taint", message: `node(s) had untolerated taint {${taint}}`, subject: taint }],
});

/** Workloads of each verdict, kind of run and way to be refused. */
export const workloads = [
  workload(
    "vision",
    { usdPerHour: 43.92, usdPerRun: 527.04, hours: 12, hoursFrom: "deadline" },
    { kind: "once", hours: 12, hoursFrom: "deadline" },
    proof("PyTorchJob vision/bert Worker", {
      asks: { cpu: 80, memory: 800, "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 4 },
      count: 2,
      minCount: 2,
      on: [["train-a100", 1, 4]],
    }),
  ),
  workload(
    "vision",
    { usdPerHour: 21.96, usdPerRun: 43.92, hours: 2, hoursFrom: "annotation" },
    { kind: "repeated", hours: 2, runsPerWeek: 14 },
    proof("TrainJob vision/segment", {
      asks: { cpu: 40, memory: 400, "nvidia.com/gpu": 4 },
      count: 2,
      minCount: 2,
      on: [["train-a100", 2, 8]],
    }),
  ),
  workload(
    "language",
    { usdPerHour: 21.96, usdPerRun: 65.88, hours: 3, hoursFrom: "annotation", usdPerTrial: 8.24, usdPerSweep: 659 },
    { kind: "once", hours: 3, trials: { total: 80, parallel: 8 } },
    proof("Sweep language/learning-rate", {
      asks: { cpu: 18, memory: 60, "nvidia.com/gpu": 1 },
      count: 8,
      on: [["train-a100", 5, 20]],
      verdict: "queues",
      atOnce: 5,
      reason: "5 of 8 pods run at once, the other 3 wait for CPU: a node has 94.7 cores and each pod asks for 18",
    }),
  ),
  workload(
    "language",
    {},
    { kind: "once" },
    proof("MPIJob language/pretrain Worker", {
      asks: { cpu: 90, memory: 900, "nvidia.com/gpu": 8, "hugepages-2Mi": 5 * GIB },
      count: 8,
      minCount: 8,
      verdict: "never",
      atOnce: 4,
      reason: "its 8 pods must run together, and train-a100 has 4 nodes at its largest, each of which takes 1",
      on: [["train-a100", 1, 4]],
      off: [
        short("serve-a10g", "nvidia.com/gpu", 8, 4),
        short("dev-spot", "nvidia.com/gpu", 8, 1),
        short("system", "nvidia.com/gpu", 8, 0),
        short("spark-spot", "nvidia.com/gpu", 8, 0),
      ],
      queues: [
        {
          clusterQueue: "language",
          title: "ClusterQueue language",
          resource: "nvidia.com/gpu",
          needed: 64,
          ceiling: 24,
        },
      ],
    }),
  ),
  workload(
    "language",
    { usdPerHour: 14.18 },
    { kind: "always" },
    proof("InferenceService language/chat predictor", {
      asks: { cpu: 12, memory: 64, "nvidia.com/gpu": 2 },
      count: 5,
      on: [["serve-a10g", 2, 12]],
    }),
  ),
  workload(
    "vision",
    { usdPerHour: 1.42 },
    { kind: "always" },
    proof("InferenceService vision/detect predictor", {
      asks: { cpu: 4, memory: 16, "nvidia.com/gpu": 1 },
      count: 1,
      on: [
        ["serve-a10g", 4, 24],
        ["train-a100", 8, 32],
      ],
    }),
  ),
  workload(
    "vision",
    { usdPerHour: 0.05 },
    { kind: "always" },
    proof("WebService vision/label-api", {
      asks: { cpu: 0.5, memory: 1 },
      count: 4,
      on: [
        ["system", 15, 90],
        ["spark-spot", 31, 310],
        ["serve-a10g", 93, 558],
        ["train-a100", 104, 416],
        ["dev-spot", 7, null],
      ],
    }),
  ),
  workload(
    "language",
    { usdPerHour: 6.06 },
    { kind: "always" },
    proof("Notebook language/ada", {
      asks: { cpu: 3, memory: 12, "nvidia.com/gpu": 1 },
      count: 6,
      on: [["dev-spot", 1, null]],
      atOnce: null,
    }),
  ),
  workload(
    "vision",
    { usdPerHour: 2.02, usdPerRun: 1.01, hours: 0.5, hoursFrom: "annotation" },
    { kind: "once", hours: 0.5 },
    proof("Job vision/mnist", {
      asks: { cpu: 2, memory: 8, "nvidia.com/gpu": 1 },
      count: 2,
      on: [["dev-spot", 1, null]],
      atOnce: null,
    }),
  ),
  workload(
    "vision",
    {},
    { kind: "once" },
    proof("Job vision/arm-export", {
      asks: { cpu: 2, memory: 4 },
      verdict: "never",
      atOnce: 0,
      reason: "no pool has arm64 nodes",
      off: [
        ...["system", "spark-spot"].map((pool) => ({
          pool,
          perNode: 0,
          atOnce: 0,
          obstacles: [
            {
              kind: "node-affinity" as const,
              message: "node(s) didn't match Pod's node affinity/selector",
              subject: "kubernetes.io/arch",
            },
          ],
        })),
        tainted("train-a100", "nvidia.com/gpu: present"),
        tainted("serve-a10g", "nvidia.com/gpu: present"),
        tainted("dev-spot", "nvidia.com/gpu: present"),
      ],
    }),
  ),
  workload(
    "language",
    { usdPerHour: 5.43, usdPerRun: 8.15, hours: 1.5, hoursFrom: "annotation" },
    { kind: "repeated", hours: 1.5, runsPerWeek: 7 },
    proof("SparkApplication language/clean driver", { asks: { cpu: 2, memory: 8 }, on: [["spark-spot", 7, 70]] }),
    proof("SparkApplication language/clean executor", {
      asks: { cpu: 4.5, memory: 32 },
      count: 16,
      on: [["spark-spot", 3, 30]],
    }),
  ),
  workload(
    undefined,
    { usdPerHour: 0.3 },
    { kind: "always" },
    proof("Deployment ml-platform/pipelines", { asks: { cpu: 0.7, memory: 2 }, count: 6, on: [["system", 10, 60]] }),
  ),
  workload(
    "language",
    { usdPerHour: 0.1, usdPerRun: 0.01, hours: 0.1, hoursFrom: "annotation" },
    { kind: "repeated", hours: 0.1, runsPerWeek: 168 },
    proof("CronTask language/refresh", { asks: { cpu: 1, memory: 2 }, count: 4, on: [["system", 7, 42]] }),
  ),
  workload(
    "vision",
    {},
    { kind: "once" },
    proof("Job vision/replay", {
      asks: { cpu: 1 },
      count: undefined,
      verdict: "undecided",
      atOnce: 0,
      reason: "its number of pods is not known yet",
      unknownPath: "spec.parallelism",
    }),
  ),
];
