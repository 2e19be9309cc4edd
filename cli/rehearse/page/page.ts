import { durationText } from "../../../rehearsal/scenarios/duration";
import { markup, type Markup, type Content } from "../../page/markup";
import { pageOf } from "../../page/page-frame";
import { capital, counted, instant, money, number } from "../../plan/words";
import { type RehearsalReport, realityOf } from "../report";
import { ENDS } from "../table";
import { nodeTimeline } from "./node-timeline";
import {
  assumptionSection,
  costSection,
  dataSection,
  gpuSection,
  queueSection,
  troubleSection,
  workloadSection,
} from "./sections";

interface Section {
  id: string;
  title: string;
  count?: (report: RehearsalReport) => number;
  content: (report: RehearsalReport) => Markup;
}

/** Sections in the order of the page. */
const SECTIONS: Section[] = [
  { id: "timeline", title: "Pods on nodes", count: ({ nodes }) => nodes.length, content: nodeTimeline },
  { id: "workloads", title: "Workloads", count: ({ workloads }) => workloads.length, content: workloadSection },
  {
    id: "trouble",
    title: "What went wrong",
    count: ({ faults, evictions, deadlocks }) => faults.length + evictions.length + deadlocks.length,
    content: troubleSection,
  },
  { id: "queues", title: "Queues", content: queueSection },
  { id: "gpus", title: "GPUs", content: gpuSection },
  { id: "cost", title: "Cost", content: costSection },
  { id: "data", title: "Nodes and pods", count: ({ pods }) => pods.length, content: dataSection },
  { id: "assumptions", title: "Assumptions", count: ({ remarks }) => remarks.length, content: assumptionSection },
];

/** A rehearsal as one HTML page. */
export function rehearsalPage(report: RehearsalReport): string {
  return pageOf({
    name: "rehearsal",
    command: "rehearse",
    title: `Rehearsal of ${report.stack}`,
    description: verdictOf(report).sentence,
    styles: ["rehearse/page/assets/rehearsal.css"],
    script: "rehearse/page/assets/rehearsal.js",
    summary: head(report),
    sections: SECTIONS.map(({ id, title, count, content }) => ({
      id,
      title,
      ...(count && { count: count(report) }),
      content: content(report),
    })),
    data: report,
  });
}

/** A rehearsal in a sentence. */
export function verdictOf({ summary: { workloads, neverRan, deadlocks } }: RehearsalReport): {
  kind: "good" | "bad";
  label: string;
  sentence: string;
} {
  const all = Object.values(workloads).reduce((sum, count) => sum + count, 0);
  const troubles = [
    ...(workloads.failed > 0 ? [`${number(workloads.failed)} failed`] : []),
    ...(neverRan > 0 ? [`${number(neverRan)} never ran`] : []),
    ...(workloads.interrupted > 0 ? [`${number(workloads.interrupted)} did not go on`] : []),
    ...(deadlocks > 0 ? [counted(deadlocks, "deadlock")] : []),
  ];
  if (all === 0) return { kind: "good", label: "nothing ran", sentence: "no workload came" };
  if (troubles.length === 0) return { kind: "good", label: "all ran", sentence: `all ${counted(all, "workload")} ran` };
  return { kind: "bad", label: "trouble", sentence: `of ${counted(all, "workload")}, ${troubles.join(", ")}` };
}

function head(report: RehearsalReport): Markup {
  const { kind, label, sentence } = verdictOf(report);
  const { summary, ends, speed, realSeconds, endedBy, ranAt } = report;
  const all = Object.values(summary.workloads).reduce((sum, count) => sum + count, 0);
  return markup`<header class="head" id="summary">
<p class="eyebrow"><span class="stamp ${kind}">${label}</span> Rehearsal of stack <strong>${report.stack}</strong>${report.scenario === undefined ? undefined : markup`, scenario <strong>${report.scenario}</strong>`}</p>
<h1>${capital(sentence)}</h1>
<p class="lead simulated">${realityOf(report)}</p>
<ul class="tiles">${[
    tile(
      "Workloads",
      "workloads",
      markup`${number(summary.workloads.succeeded)}<small> of ${number(all)}</small>`,
      "succeeded",
    ),
    tile(
      "Waited",
      "queues",
      durationText(summary.wait.longest),
      `at most from arrival to first pod; ${durationText(summary.wait.median)} in the middle`,
    ),
    tile(
      "GPUs",
      "gpus",
      markup`${number(summary.mostGpusInUse)}`,
      `at most in use; ${number(summary.gpuHours.inUse)} of ${number(summary.gpuHours.there)} hours in all`,
    ),
    tile(
      "Cost",
      "cost",
      markup`<small>USD </small>${money(summary.usd)}`,
      `for the nodes in ${durationText(ends)}; ${counted(summary.mostNodes, "node")} at most`,
    ),
  ]}</ul>
<p class="meta"><span>ran <time datetime="${ranAt}">${instant(ranAt)}</time></span> <span>${durationText(realSeconds)} at ${number(speed)} times the speed of the clock; ${ENDS[endedBy]}</span></p>
</header>`;
}

function tile(title: string, target: string, figure: Content, note: string): Markup {
  return markup`<li class="tile"><h2><a href="#${target}">${title}</a></h2><p class="figure">${figure}</p><p class="note">${note}</p></li>`;
}
