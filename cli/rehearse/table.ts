import { durationText } from "../../rehearsal/scenarios/duration";
import { plain } from "../check/plain";
import { counted, money, number, sentence } from "../plan/words";
import { table } from "../table";
import { faultEffects } from "./fault-effects";
import { OUTCOMES } from "./outcomes";
import type { AssumedDuration } from "./pod-durations";
import { type RehearsalReport, realityOf } from "./report";

/** How a duration is known, in words. */
export const SOURCES: Record<AssumedDuration["from"], string> = {
  scenario: "the scenario says so",
  pod: "its pods say it themselves",
  annotation: "its annotation mlstack.dev/expected-duration",
  deadline: "its deadline, the longest it can take",
  default: "nothing tells, so as long as all",
};

/** A rehearsal for people: workloads, nodes, what went wrong, cost, what was taken for granted. */
export function rehearsalTable(report: RehearsalReport): string {
  const parts = [
    realityOf(report),
    workloadTable(report),
    reasonLines(report),
    faultLines(report),
    evictionLines(report),
    deadlockLines(report),
    nodeTable(report),
    durationTable(report),
    report.remarks.map((remark) => plain(sentence(remark))).join("\n"),
    summaryLines(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A time of the scenario; empty where there is none. */
function time(seconds: number | undefined): string {
  return seconds === undefined ? "" : durationText(seconds);
}

function workloadTable({ workloads }: RehearsalReport): string {
  if (workloads.length === 0) return "No workload came.";
  const rows = workloads.map((workload) => [
    plain(workload.title),
    time(workload.arrived),
    time(workload.queued),
    time(workload.admitted),
    time(workload.started),
    time(workload.ended),
    OUTCOMES[workload.outcome],
    workload.tries > 1 ? number(workload.tries) : "",
    workload.evictions > 0 ? number(workload.evictions) : "",
    workload.mostGpus > 0 ? number(workload.mostGpus) : "",
  ]);
  const heading = [
    "workload",
    "arrived",
    "queued",
    "admitted",
    "started",
    "ended",
    "outcome",
    "tries",
    "evicted",
    "gpus",
  ];
  return `Workloads (times of the scenario)\n${table(heading, rows)}`;
}

function reasonLines({ workloads }: RehearsalReport): string {
  const lines = workloads
    .filter(({ outcome }) => ["failed", "interrupted", "waiting", "refused"].includes(outcome))
    .map(({ title, reason }) => `  ${plain(title)}: ${plain(reason ?? "nobody says why")}`);
  return lines.length === 0 ? "" : ["What did not run to its end, and why:", ...lines].join("\n");
}

function faultLines({ faults }: RehearsalReport): string {
  const lines = faults.flatMap((fault) => {
    const { at, kind, did, happened } = fault;
    if (!happened) return [`  ${time(at)} ${kind}: NOT DONE, ${plain(did)}`];
    return [`  ${time(at)} ${kind}: ${plain(did)}`, ...faultEffects(fault).map((effect) => `    ${plain(effect)}`)];
  });
  return lines.length === 0 ? "" : ["Faults:", ...lines].join("\n");
}

function evictionLines({ evictions }: RehearsalReport): string {
  const lines = evictions.map(
    ({ at, workload, pod, reason }) =>
      `  ${time(at)} ${plain(workload)}${pod === undefined ? "" : ` (${plain(pod)})`}: ${plain(reason)}`,
  );
  return lines.length === 0 ? "" : ["Evictions:", ...lines].join("\n");
}

function deadlockLines({ deadlocks }: RehearsalReport): string {
  const lines = deadlocks.map(({ from, to, workloads }) => {
    const holders = workloads.map(
      ({ title, gpusHeld, podsPlaced, podsWaiting }) =>
        `${plain(title)} (${counted(gpusHeld, "GPU")} for ${counted(podsPlaced, "pod")}, ${counted(podsWaiting, "pod")} without a node)`,
    );
    return `  ${time(from)} to ${time(to)}: ${holders.join(", ")}`;
  });
  if (lines.length === 0) return "";
  return ["Deadlocks (each holds a part of what it needs, and nothing else would give any back):", ...lines].join("\n");
}

function nodeTable({ nodes, cost, ends }: RehearsalReport): string {
  const pools = cost.pools.map(({ pool, instanceType, usdPerHour, nodeHours, usd }) => {
    const own = nodes.filter((node) => node.pool === pool && node.instanceType === instanceType);
    const atEnd = own.filter(({ to }) => to === undefined).length;
    return [
      plain(pool),
      plain(instanceType),
      number(own.length),
      number(own.filter(({ from }) => from === 0).length),
      number(atEnd),
      number(nodeHours),
      money(usdPerHour),
      money(usd),
    ];
  });
  if (pools.length === 0) return "";
  const heading = ["pool", "instance type", "nodes", "first", "last", "node hours", "USD/h", "USD"];
  return `Nodes (over ${time(ends)})\n${table(heading, pools)}`;
}

function durationTable({ durations }: RehearsalReport): string {
  const rows = durations.map(({ workload, seconds, from, fails }) => [
    plain(workload),
    time(seconds),
    SOURCES[from],
    fails > 0 ? `the first ${counted(fails, "try fails", "tries fail")}` : "",
  ]);
  return rows.length === 0 ? "" : `Taken for granted\n${table(["workload", "takes", "because", ""], rows)}`;
}

function summaryLines({ summary, ends, realSeconds, speed, endedBy }: RehearsalReport): string {
  const { workloads, neverRan, evictions, deadlocks, wait, gpuHours, mostGpusInUse, mostNodes, usd } = summary;
  const all = Object.values(workloads).reduce((sum, count) => sum + count, 0);
  return [
    `${counted(all, "workload")}: ${workloads.succeeded} succeeded, ${workloads.failed} failed, ${neverRan} never ran; ${counted(evictions, "eviction")}, ${counted(deadlocks, "deadlock")}.`,
    `Waited ${time(wait.median)} in the middle, ${time(wait.longest)} at most. GPUs: ${number(gpuHours.inUse)} of ${number(gpuHours.there)} hours in use, ${number(mostGpusInUse)} at most at once; ${counted(mostNodes, "node")} at most.`,
    `Nodes cost USD ${money(usd)} in ${time(ends)} of the scenario, as far as prices are known.`,
    `Ran ${time(realSeconds)} at ${number(speed)} times the speed of the clock; ${ENDS[endedBy]}.`,
  ].join("\n");
}

/** Why a rehearsal ended, in words. */
export const ENDS: Record<RehearsalReport["endedBy"], string> = {
  "all ended": "it ended when all workloads had",
  standstill: "it ended when nothing could change any more",
  until: "it ended at the end of the scenario",
};
