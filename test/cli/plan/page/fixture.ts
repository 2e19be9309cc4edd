import type { PlanReport } from "../../../../cli/plan/report";
import { findings, graph } from "./fixture-findings";
import { pools } from "./fixture-pools";
import { workloads } from "./fixture-workloads";

const environment = { idle: 6.44, typical: 46.7, ceiling: null };

/** A stack of a company with two tenants: most of it runs, some never can, something is unknown, something is wasted. */
export const typicalReport: PlanReport = {
  version: 1,
  stack: "staging",
  kind: "eks",
  region: "us-east-1",
  judgedAt: "2026-11-27T00:23:56.000Z",
  offline: false,
  summary: {
    podSets: 15,
    runs: 11,
    queues: 1,
    never: 2,
    undecided: 1,
    mandatory: findings.filter(({ level }) => level === "mandatory").length,
    advisory: findings.filter(({ level }) => level === "advisory").length,
    usdPerHour: environment,
    peakGpus: 48,
    peakNodes: 23,
  },
  pools,
  workloads,
  waiting: [
    {
      podSet: "Sweep language/learning-rate",
      pods: 3,
      reason: "the nodes of train-a100 have no CPU left beside their GPUs",
    },
    { podSet: "MPIJob language/pretrain Worker", pods: 8, reason: "its pods must run together, and never can" },
  ],
  cost: {
    region: "us-east-1",
    environment,
    tenants: [
      { tenant: "vision", idle: 1.47, typical: 18.2, ceiling: 69.37, ceilingFrom: "queues" },
      { tenant: "language", idle: 4.2, typical: 27.9, ceiling: null, ceilingFrom: "queues" },
    ],
    gaps: ["the pool new-hardware, as the instance type x9.48xlarge has no price in us-east-1"],
  },
  difference: {
    sentence: "this change adds up to USD 87.84/h, as train-a100 may grow from 0 to 4 nodes",
    since: "2026-11-20T09:12:00.000Z",
    before: { idle: 6.44, typical: 20.35, ceiling: 46.34 },
    after: { idle: 6.44, typical: 46.7, ceiling: 134.18 },
    changes: [
      { name: "pool train-a100", after: { idle: 0, typical: 26.35, ceiling: 87.84 } },
      { name: "pool old-t4", before: { idle: 0.53, typical: 0.53, ceiling: 2.1 } },
      {
        name: "pool serve-a10g",
        before: { idle: 5.67, typical: 11.34, ceiling: 22.68 },
        after: { idle: 5.67, typical: 14.18, ceiling: 34.02 },
      },
    ],
  },
  findings,
  graph,
  remarks: ["Chart kueue 0.19.2 is not rendered in an offline plan"],
  assumptions: [
    "Prices are on-demand prices of us-east-1 of 2026-07-20; spot nodes cost at most as much",
    "A month has 730 hours",
    "Every node runs the DaemonSets of the stack and those that EKS adds",
    "Volumes, traffic and the control plane are billed beside these sums",
  ],
};

/** A stack that declares nothing. */
export const emptyReport: PlanReport = {
  version: 1,
  stack: "empty",
  kind: "embedded",
  judgedAt: "2026-11-27T00:23:56.000Z",
  offline: true,
  summary: {
    podSets: 0,
    runs: 0,
    queues: 0,
    never: 0,
    undecided: 0,
    mandatory: 0,
    advisory: 0,
    usdPerHour: { idle: undefined, typical: undefined, ceiling: undefined },
    peakGpus: 0,
    peakNodes: 0,
  },
  pools: [],
  workloads: [],
  waiting: [],
  cost: {
    region: undefined,
    environment: { idle: undefined, typical: undefined, ceiling: undefined },
    tenants: [],
    gaps: [],
  },
  findings: [],
  graph: { nodes: [], edges: [] },
  remarks: [],
  assumptions: [],
};
