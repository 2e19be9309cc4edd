import { durationText } from "../../../rehearsal/scenarios/duration";
import type { Step } from "../../../rehearsal/timeline/timeline";
import { foldedList, foldedTable } from "../../plan/page/folds";
import { markup, type Content, type Markup } from "../../page/markup";
import { counted, money, number, sentence } from "../../plan/words";
import { faultEffects } from "../fault-effects";
import { OUTCOMES } from "../outcomes";
import type { RehearsalReport } from "../report";
import { SOURCES } from "../table";
import { curves } from "./curves";

/** Rows of a table, and things of a list, that are shown before the rest is folded away. */
const SHOWN = 40;

/** How outcomes look. */
const LOOKS: Record<string, string> = {
  succeeded: "runs",
  running: "runs",
  failed: "never",
  waiting: "never",
  refused: "never",
  interrupted: "queues",
  gone: "undecided",
};

/** Every workload, from its arrival to its end. */
export function workloadSection({ workloads }: RehearsalReport): Markup {
  if (workloads.length === 0) return markup`<p class="empty">No workload came.</p>`;
  const columns = [
    { title: "Workload" },
    { title: "Outcome" },
    ...["Arrived", "Queued", "Admitted", "Started", "Ended", "Tries", "Evicted", "Pods", "GPUs", "GPU hours"].map(
      (title) => ({ title, kind: "amount" }),
    ),
  ];
  const rows = workloads.map((workload) => ({
    cells: [
      markup`<span class="title">${workload.title}</span>${[
        ...(workload.arrival === undefined ? [] : [`arrival ${workload.arrival}`]),
        ...(workload.queue === undefined ? [] : [`queue ${workload.queue}`]),
        ...(workload.reason === undefined ? [] : [workload.reason]),
      ].map((text) => markup`<small>${text}</small>`)}`,
      markup`<span class="badge ${LOOKS[workload.outcome]}">${OUTCOMES[workload.outcome].toLowerCase()}</span>`,
      ...[workload.arrived, workload.queued, workload.admitted, workload.started, workload.ended].map(time),
      number(workload.tries),
      number(workload.evictions),
      number(workload.pods),
      number(workload.mostGpus),
      number(workload.gpuHours),
    ] satisfies Content[],
  }));
  return foldedTable("Workloads", columns, rows, SHOWN);
}

/** How long the queues were. */
export function queueSection({ queues, unschedulable, ends }: RehearsalReport): Markup {
  const lines = queues.map(({ queue, waiting }, index) => ({
    name: `Queue ${queue}`,
    steps: waiting,
    kind: `colour-${index % 8}`,
  }));
  return markup`${lines.length === 0 ? undefined : curves("Workloads that wait in queues", lines, ends)}
${curves("Pods for which the scheduler finds no node", [{ name: "Pods", steps: unschedulable, kind: "bad", isFilled: true }], ends)}`;
}

/** GPUs over time. */
export function gpuSection({ gpus, ends, summary: { gpuHours } }: RehearsalReport): Markup {
  const there = gpus.map(({ at, there: value }): Step => ({ at, value }));
  const inUse = gpus.map(({ at, inUse: value }): Step => ({ at, value }));
  return markup`${curves(
    "GPUs",
    [
      { name: "There", steps: there, kind: "quiet" },
      { name: "In use", steps: inUse, kind: "good", isFilled: true },
    ],
    ends,
  )}<p class="note">${number(gpuHours.inUse)} of ${number(gpuHours.there)} GPU hours were in use.</p>`;
}

/** What the nodes cost. */
export function costSection({ cost, ends, region }: RehearsalReport): Markup {
  const columns = [
    { title: "Pool" },
    { title: "Instance type" },
    ...["Node hours", "USD/h", "USD"].map((title) => ({ title, kind: "amount" })),
  ];
  const rows = cost.pools.map(({ pool, instanceType, nodeHours, usdPerHour, usd }) => ({
    cells: [pool, instanceType, number(nodeHours), money(usdPerHour), money(usd)],
  }));
  const hours = cost.hours.map(({ hour, usd }) => ({ cells: [`hour ${hour + 1}`, money(usd)] }));
  return markup`${curves("USD per hour", [{ name: "All nodes", steps: cost.rate, kind: "accent", isFilled: true }], ends, money)}
${curves("USD up to then", [{ name: "All nodes", steps: sumOf(cost.hours, ends), kind: "accent", isSmooth: true }], ends, money)}
<p class="note">USD ${money(cost.usd)} in all${region === undefined ? "" : `, at prices of ${region}`}. What has no price is left out.</p>
${foldedTable("Cost by pool", columns, rows, SHOWN)}
${foldedTable("Cost by hour", [{ title: "Hour of the scenario" }, { title: "USD", kind: "amount" }], hours, 8)}`;
}

/** What went wrong: on purpose, and because of it. */
export function troubleSection({ faults, evictions, deadlocks }: RehearsalReport): Markup {
  const items = [
    ...faults.map((fault) => ({
      at: fault.at,
      text: markup`<strong>${fault.kind}</strong>: ${fault.happened ? [fault.did, ...faultEffects(fault)].join("; ") : `not done, ${fault.did}`}`,
    })),
    ...evictions.map(({ at, workload, pod, reason }) => ({
      at,
      text: markup`<strong>Eviction</strong> of ${workload}${pod === undefined ? "" : ` (${pod})`}: ${reason}`,
    })),
    ...deadlocks.map(({ from, to, workloads }) => ({
      at: from,
      text: markup`<strong>Deadlock</strong> until ${durationText(to)}: ${workloads
        .map(
          ({ title, gpusHeld, podsPlaced, podsWaiting }) =>
            `${title} holds ${counted(gpusHeld, "GPU")} for ${counted(podsPlaced, "pod")} and lacks nodes for ${counted(podsWaiting, "pod")}`,
        )
        .join("; ")}`,
    })),
  ].sort((a, b) => a.at - b.at);
  if (items.length === 0) return markup`<p class="empty">Nothing went wrong, and nothing had to give way.</p>`;
  return foldedList(
    items.map(({ at, text }) => markup`<li><span class="time">${durationText(at)}</span> ${text}</li>`),
    SHOWN,
    "events",
  );
}

/** Every node and every pod, as numbers. */
export function dataSection({ nodes, pods }: RehearsalReport): Markup {
  const nodeRows = nodes.map(({ name, pool, instanceType, capacityType, zone, gpus, from, to }) => ({
    cells: [name, pool, instanceType, capacityType, zone, number(gpus), time(from), time(to)],
  }));
  const podRows = pods.map(({ namespace, name, workload, node, gpus, from, to, outcome }) => ({
    cells: [`${namespace}/${name}`, workload, node, number(gpus), time(from), time(to), outcome],
  }));
  const columns = (titles: string[]) => titles.map((title) => ({ title }));
  return markup`${foldedTable("Nodes", columns(["Node", "Pool", "Instance type", "Capacity", "Zone", "GPUs", "From", "To"]), nodeRows, 10)}
${foldedTable("Pods", columns(["Pod", "Workload", "Node", "GPUs", "From", "To", "Outcome"]), podRows, 10)}`;
}

/** What was taken for granted. */
export function assumptionSection({ durations, remarks }: RehearsalReport): Markup {
  const rows = durations.map(({ workload, seconds, from, fails }) => ({
    cells: [workload, seconds === undefined ? "" : durationText(seconds), SOURCES[from], number(fails)],
  }));
  const columns = [
    { title: "Workload" },
    { title: "Takes" },
    { title: "Because" },
    { title: "Failing tries", kind: "amount" },
  ];
  return markup`<ul class="assumptions">${remarks.map((remark) => markup`<li>${sentence(remark)}</li>`)}</ul>
${rows.length === 0 ? undefined : foldedTable("Durations", columns, rows, SHOWN)}`;
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? "" : durationText(seconds);
}

/** Money that was spent up to each hour. */
function sumOf(hours: RehearsalReport["cost"]["hours"], ends: number): Step[] {
  let sum = 0;
  const steps = hours.map(({ hour, usd }) => ({ at: Math.min((hour + 1) * 3600, ends), value: (sum += usd) }));
  return [{ at: 0, value: 0 }, ...steps];
}
