import { table } from "../table";
import { plain } from "../check/plain";
import type { PlanReport, ReportedFinding, ReportedPool, ReportedProof, ReportedWorkload } from "./report";
import { planRegions } from "./regions";
import { counted, firstOf, hourly, money, number, sentence } from "./words";

/** Verdicts as the table spells them. */
const VERDICTS: Record<ReportedProof["verdict"], string> = {
  runs: "runs",
  queues: "queues",
  never: "NEVER",
  undecided: "undecided",
};

/** Sections of the findings, with their headings. */
const HEADINGS: Record<ReportedFinding["section"], string> = {
  placement: "Placement",
  agreement: "Agreement of layers",
  cost: "Cost",
  advice: "Advice",
  other: "Other findings",
};

/** A plan for people: pools, workloads, what waits, cost, findings, and what was taken for granted. */
export function planTable(report: PlanReport): string {
  const parts = [
    poolTable(report),
    workloadTable(report),
    waitingLines(report),
    costTable(report),
    findingLines(report),
    remarkLines(report),
    summaryLines(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function poolTable(report: PlanReport): string {
  const { pools } = report;
  if (pools.length === 0) return "No pool is declared.";
  const areRegionsTold = planRegions(report).length > 1;
  const rows = pools.map((pool) => [
    plain(pool.name),
    pool.instanceTypes.length === 0 ? "unknown" : plain(fewOf(pool.instanceTypes)),
    ...(areRegionsTold ? [pool.region ?? "unknown"] : []),
    pool.capacityType ?? "",
    `${number(pool.minNodes)} to ${number(pool.maxNodes)}`,
    plain(peakText(pool)),
    `${number(pool.packing.gpusInUse)} of ${number(pool.packing.gpus)}`,
    pool.packing.strandedGpus === 0 ? "" : number(pool.packing.strandedGpus),
    money(pool.cost.idle),
    money(pool.cost.typical),
    money(pool.cost.ceiling),
  ]);
  const heading = [
    "pool",
    "instance type",
    ...(areRegionsTold ? ["region"] : []),
    "capacity",
    "nodes",
    "peak",
    "gpus",
    "stranded",
    "idle",
    "typical",
    "ceiling",
  ];
  return `Pools (peak: everything runs that can at once; USD per hour)\n${table(heading, rows)}`;
}

/** Two things in a cell, or the first of more and how many these are. */
function fewOf(things: readonly string[]): string {
  return firstOf(things, things.length === 2 ? 2 : 1);
}

/** Nodes at the peak, by instance type where the pool may have several: `2 × g5.xlarge, 1 × g5.12xlarge`. */
function peakText({ packing: { nodes, machines = [] } }: ReportedPool): string {
  if (machines.length === 0) return number(nodes);
  return machines.map((machine) => `${number(machine.nodes)} × ${machine.instanceType}`).join(", ");
}

function workloadTable({ workloads }: PlanReport): string {
  if (workloads.length === 0) return "No workload is declared.";
  const rows = workloads.flatMap((workload) =>
    workload.proofs.map((proof, index) => workloadRow(workload, proof, index)),
  );
  const heading = ["workload", "tenant", "pods", "verdict", "where", "USD/h", "USD/run"];
  return `Workloads\n${table(heading, rows)}`;
}

/** What an object costs stands beside the first of its sets of pods. */
function workloadRow({ tenant, cost }: ReportedWorkload, proof: ReportedProof, index: number): string[] {
  const places = proof.pools.filter(({ atOnce }) => atOnce !== 0);
  const where = places.map(({ pool, atOnce }) => `${plain(pool)} (${number(atOnce)})`);
  const run = cost.usdPerSweep ?? cost.usdPerRun;
  const isFirst = index === 0;
  return [
    plain(proof.title),
    tenant ?? "",
    proof.count === undefined ? "?" : number(proof.count),
    VERDICTS[proof.verdict],
    where.length === 0 ? "nowhere" : fewOf(where),
    !isFirst || proof.verdict === "never" ? "" : money(cost.usdPerHour),
    isFirst && run !== undefined ? `${money(run)}${cost.hoursFrom === "deadline" ? " at most" : ""}` : "",
  ];
}

function waitingLines({ workloads, waiting }: PlanReport): string {
  const proofs = workloads.flatMap((workload) => workload.proofs);
  const stuck = proofs.filter(({ verdict }) => verdict === "never" || verdict === "undecided");
  const lines = [
    ...stuck.map(({ title, verdict, reason }) => `  ${VERDICTS[verdict]}  ${plain(title)}: ${plain(reason)}`),
    ...waiting.map(
      ({ podSet, pods, reason }) => `  waits  ${plain(podSet)}, ${counted(pods, "pod")}: ${plain(reason)}`,
    ),
  ];
  return lines.length === 0 ? "" : ["What does not run at once with everything else", ...lines].join("\n");
}

function costTable(report: PlanReport): string {
  const { cost, pools, difference } = report;
  const [region, ...others] = planRegions(report);
  const where = region === undefined || others.length > 0 ? "" : ` in ${plain(region)}`;
  const isWhole = pools.every((pool) => pool.cost.ceiling !== undefined);
  const rows = [
    ...cost.tenants.map(({ tenant, idle, typical, ceiling }) => [
      `tenant ${plain(tenant)}`,
      ...[idle, typical, ceiling].map(money),
    ]),
    [
      isWhole ? "environment" : "environment, as far as it is known",
      ...[cost.environment.idle, cost.environment.typical, cost.environment.ceiling].map(money),
    ],
  ];
  const lines = [
    `Cost, USD per hour${where}`,
    table(["", "idle", "typical", "ceiling"], rows),
    ...(difference === undefined ? [] : [sentence(difference.sentence)]),
    ...cost.gaps.map((gap) => `  not counted: ${plain(gap)}`),
  ];
  return lines.join("\n");
}

function findingLines({ findings }: PlanReport): string {
  const sections = Object.entries(HEADINGS).flatMap(([section, heading]) => {
    const inside = findings.filter((finding) => finding.section === section);
    if (inside.length === 0) return [];
    return [heading, ...inside.map(({ level, message }) => `  ${level.padEnd(9)}  ${plain(message)}`)];
  });
  return sections.join("\n");
}

/** What holds for every plan is in its other forms, and in the docs. */
function remarkLines({ remarks }: PlanReport): string {
  if (remarks.length === 0) return "";
  return ["Of this plan", ...remarks.map((remark) => `  ${plain(remark)}`)].join("\n");
}

function summaryLines({ summary, cost, difference }: PlanReport): string {
  const { podSets, runs, queues, never, undecided, mandatory, advisory, usdPerHour, peakGpus, peakNodes } = summary;
  const verdicts = [
    `${number(runs)} run at once`,
    ...(queues > 0 ? [`${number(queues)} queue`] : []),
    ...(never > 0 ? [`${number(never)} can never run`] : []),
    ...(undecided > 0 ? [`${number(undecided)} undecided`] : []),
  ];
  return [
    `${counted(podSets, "set")} of pods: ${verdicts.join(", ")}. Peak: ${counted(peakNodes, "node")}, ${counted(peakGpus, "GPU")}.`,
    `Cost: ${hourly(usdPerHour.idle)} idle, ${hourly(usdPerHour.typical)} typical, ${hourly(usdPerHour.ceiling)} at most${cost.gaps.length > 0 ? ", without what is not counted" : ""}` +
      `${difference === undefined ? "" : `; ${difference.sentence}`}.`,
    `${number(mandatory)} mandatory, ${number(advisory)} advisory`,
  ].join("\n");
}
