import type { PlanReport, ReportedHourlyCost, ReportedWorkload } from "../report";
import { nestedBars, plainBar } from "./bars";
import { foldedTable, type Column } from "./folds";
import { markup, type Content, type Markup } from "../../page/markup";
import { costSegments } from "./summary";
import { amountInHours, counted, hourly, money, monthly, number, sentence } from "../words";

/** Rows that are seen without unfolding. */
const ROWS_SHOWN = 20;

const HOURLY: Column[] = [
  { title: "Reach", kind: "reach" },
  { title: "Idle", kind: "number" },
  { title: "Typical", kind: "number" },
  { title: "Ceiling", kind: "number" },
];

/** What the stack costs: by the hour as a whole, by pool, tenant and workload, and what has no price. */
export function costs({ cost: { environment, tenants, gaps }, pools, workloads }: PlanReport): Markup {
  const byPool = pools.map(({ name, instanceTypes, capacityType, cost }) => ({
    title: name,
    note: [instanceTypes[0], capacityType].filter((each) => each !== undefined).join(", "),
    cost,
    missing: cost.missing,
  }));
  const byTenant = tenants.map((cost) => ({ title: cost.tenant, note: "", cost, missing: undefined }));
  return markup`<ul class="marks" aria-label="What the bars mean">${(["idle", "typical", "ceiling"] as const).map(
    (kind) =>
      markup`<li><svg class="swatch cost-${kind}" aria-hidden="true"><rect width="100%" height="100%"/></svg> ${MEANINGS[kind]}</li>`,
  )}</ul>
${gaps.map((gap) => markup`<p class="warning"><strong>Not in the sums:</strong> ${sentence(gap)}</p>`)}
<h3>Environment</h3>${hourlyTable("USD per hour of the environment", "Environment", [
    { title: "All of it", note: monthOf(environment), cost: environment, missing: undefined },
  ])}
<h3>By pool</h3>${byPool.length === 0 ? none("pools") : hourlyTable("USD per hour by pool", "Pool", byPool)}
<h3>By tenant</h3>${byTenant.length === 0 ? none("tenants") : hourlyTable("USD per hour by tenant", "Tenant", byTenant)}
<h3>By workload</h3>${workloads.length === 0 ? none("workloads") : workloadTable(workloads)}`;
}

const MEANINGS = {
  idle: "idle: while nothing runs",
  typical: "typical: on average over a week",
  ceiling: "ceiling: when everything is as large as it may be",
};

function none(what: string): Markup {
  return markup`<p class="empty">The stack has no ${what}.</p>`;
}

function monthOf({ typical }: ReportedHourlyCost): string {
  return typical === undefined ? "" : `typically ${monthly(typical)}`;
}

interface Cost {
  title: string;
  note: string;
  cost: ReportedHourlyCost;
  missing: string | undefined;
}

/** Costs as bars of one scale beside their numbers. */
function hourlyTable(caption: string, head: string, costsOf: readonly Cost[]): Markup {
  const total = Math.max(0, ...costsOf.flatMap(({ cost }) => costSegments(cost).map(({ size }) => size)));
  const rows = costsOf.map(({ title, note, cost, missing }) => ({
    cells: [
      markup`<span class="title">${title}</span>${note === "" ? undefined : markup`<small>${note}</small>`}`,
      markup`${nestedBars({
        title: `Cost of ${title}`,
        description: `${hourly(cost.idle)} idle, ${hourly(cost.typical)} typical, ${hourly(cost.ceiling)} at the ceiling`,
        segments: costSegments(cost),
        total,
        kind: "cost",
      })}${missing === undefined ? undefined : markup`<small>${sentence(missing)}</small>`}`,
      ...[cost.idle, cost.typical, cost.ceiling].map(money),
    ],
  }));
  return foldedTable(caption, [{ title: head, kind: "name" }, ...HOURLY], rows, ROWS_SHOWN);
}

const WORKLOAD: Column[] = [
  { title: "Workload", kind: "name" },
  { title: "While it runs", kind: "reach" },
  { title: "USD per hour", kind: "number" },
  { title: "One run", kind: "number" },
];

/** Further columns where there are sweeps. */
const SWEEP: Column[] = [
  { title: "One trial", kind: "number" },
  { title: "The sweep", kind: "number" },
];

/** Workloads with what they cost while all of their pods run, the dearest first. */
function workloadTable(workloads: readonly ReportedWorkload[]): Markup {
  const dearestFirst = workloads.toSorted((a, b) => (b.cost.usdPerHour ?? -1) - (a.cost.usdPerHour ?? -1));
  const total = dearestFirst[0]?.cost.usdPerHour ?? 0;
  const hasSweeps = workloads.some(({ timing }) => timing.trials !== undefined);
  const rows = dearestFirst.map(({ title, tenant, cost, timing, proofs }) => ({
    cells: [
      markup`<span class="title">${title}</span>${tenant === undefined ? undefined : markup`<small>tenant ${tenant}</small>`}`,
      plainBar(cost.usdPerHour ?? 0, total, "cost"),
      ...(proofs.some(({ verdict }) => verdict === "never")
        ? ["", markup`<small>never runs</small>`]
        : [money(cost.usdPerHour), runOf(cost, timing)]),
      ...(hasSweeps ? [cost.usdPerTrial === undefined ? "" : money(cost.usdPerTrial), sweepOf(cost, timing)] : []),
    ],
  }));
  return foldedTable("USD by workload", hasSweeps ? [...WORKLOAD, ...SWEEP] : WORKLOAD, rows, ROWS_SHOWN);
}

function runOf(
  { usdPerRun, hours, hoursFrom }: ReportedWorkload["cost"],
  { kind, runsPerWeek }: ReportedWorkload["timing"],
): Content {
  if (kind === "always") return markup`<small>runs always</small>`;
  if (usdPerRun === undefined) return "unknown";
  const duration = hours === undefined ? "" : `${hoursFrom === "deadline" ? "at most " : ""}${amountInHours(hours)}`;
  const often = runsPerWeek === undefined ? "" : `, ${number(runsPerWeek)} a week`;
  return markup`${money(usdPerRun)}<small>${duration}${often}</small>`;
}

function sweepOf({ usdPerSweep }: ReportedWorkload["cost"], { trials }: ReportedWorkload["timing"]): Content {
  if (trials === undefined) return "";
  return markup`${money(usdPerSweep)}<small>${counted(trials.total, "trial")}, ${number(trials.parallel)} at once</small>`;
}
