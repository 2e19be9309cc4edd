import { rehearsalCost } from "../../../rehearsal/timeline/cost";
import type { Timeline } from "../../../rehearsal/timeline/timeline";
import { REHEARSAL_REPORT_VERSION, type RehearsalReport, summaryOf } from "../../../cli/rehearse/report";
import { fault, job, node, pod, queued, timeline } from "../../rehearsal/timeline/recording";

/** A report of a timeline, with prices and assumptions. */
export function reportOf(told: Timeline): RehearsalReport {
  const cost = rehearsalCost(told.nodes, told.ends, ({ pool }) => (pool === "a10g" ? 5.672 : undefined));
  return {
    version: REHEARSAL_REPORT_VERSION,
    stack: "local",
    scenario: "busy-monday.yaml",
    speed: 10,
    ranAt: "2026-11-27T08:00:00.000Z",
    realSeconds: told.ends / 10,
    endedBy: "standstill",
    summary: summaryOf(told, cost),
    ...told,
    cost,
    region: "us-east-1",
    durations: [
      { workload: "Job research/train", seconds: 600, from: "scenario", fails: 1 },
      { workload: "Job research/huge", seconds: 600, from: "default", fails: 0 },
    ],
    remarks: ["pods of which nothing tells how long they take take 10m"],
  };
}

const stuck = { unschedulable: "0/2 nodes are available: 2 Insufficient nvidia.com/gpu." } as const;

/** Two gangs of which one waits, one that never runs, a lost node, and a deadlock. */
export const typicalRehearsal = reportOf(
  timeline(
    720,
    [-1, node("a")],
    [-1, node("b")],
    [-1, node("system-0", { gpus: 0, pool: "system", instanceType: "m7i.2xlarge" })],
    [0, job("first")],
    [0, job("second")],
    [0, job("huge")],
    [0, queued("first", { isAdmitted: true })],
    [1, queued("second", { waitsFor: "insufficient unused quota for nvidia.com/gpu in flavor a10g, 4 more needed" })],
    [1, queued("huge", { waitsFor: "maximum capacity (8) is less than the request (10)" })],
    [2, pod("first-0", { node: "a", phase: "Running", gpus: 3 })],
    [2, pod("first-1", { node: "b", phase: "Running", gpus: 3 })],
    [2, pod("prepare-0", { node: "system-0", phase: "Running", gpus: 0 })],
    [40, pod("prepare-0", { node: "system-0", phase: "Succeeded", gpus: 0 })],
    [100, pod("first-0", { node: "a", phase: "Succeeded", gpus: 3 })],
    [101, pod("first-1", { node: "b", phase: "Failed", gpus: 3 })],
    [110, pod("first-2", { node: "b", phase: "Running", gpus: 3 })],
    [200, pod("first-2", { node: "b", phase: "Succeeded", gpus: 3 })],
    [201, job("first", { ended: "succeeded" })],
    [202, queued("second", { isAdmitted: true })],
    [203, pod("second-0", { node: "a", phase: "Running", gpus: 2 })],
    [203, pod("second-1", { node: "b", phase: "Running", gpus: 2 })],
    [300, fault(300, { did: "node b is gone, with 1 pod", nodes: ["b"] })],
    [300, node("b"), true],
    [
      301,
      pod("second-1", { node: "b", phase: "Failed", gpus: 2, disruption: "DeletionByPodGC", isLeaving: true }),
      true,
    ],
    [302, pod("second-2", { gpus: 4, ...stuck })],
    [600, pod("second-0", { node: "a", phase: "Succeeded", gpus: 2 })],
    [700, job("done", { kind: "Deployment", isGang: false })],
  ),
);

/** Nothing came. */
export const emptyRehearsal = reportOf(timeline(1));

/** Names and reasons that would break a page that trusts them. */
export const hostileRehearsal = reportOf(
  timeline(
    30,
    [-1, node(`"><script>alert(1)</script>`)],
    [1, job("x", { reason: `</script><img src=x onerror="alert(2)">`, ended: "failed" })],
    [2, pod("x-0", { node: `"><script>alert(1)</script>`, phase: "Running", name: "long-".repeat(60) })],
    [3, fault(3, { did: "<b>gone</b> \u202E backwards", nodes: [], happened: false })],
  ),
);

/** A day with hundreds of workloads on fifty nodes. */
export const hugeRehearsal = reportOf(
  timeline(
    8640,
    ...Array.from({ length: 50 }, (_, index): Parameters<typeof timeline>[1] => [-1, node(`n-${index}`)]),
    ...Array.from({ length: 800 }, (_, index): Parameters<typeof timeline>[1][] => {
      const own = { node: `n-${index % 50}`, gpus: 2 };
      const at = Math.floor(index / 50) * 500;
      return [
        [at, job(`w${index}`)],
        [at + 1, pod(`w${index}-0`, { ...own, phase: "Running" })],
        [at + 400, pod(`w${index}-0`, { ...own, phase: "Succeeded" })],
        [at + 401, job(`w${index}`, { ended: "succeeded" })],
      ];
    })
      .flat()
      .sort(([a], [b]) => a - b),
  ),
);
