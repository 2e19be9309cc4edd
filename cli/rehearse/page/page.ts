import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { durationText } from "../../../rehearsal/scenarios/duration";
import { markup, Markup, type Content } from "../../plan/page/markup";
import { capital, counted, instant, money, number } from "../../plan/words";
import { type RehearsalReport, SIMULATED } from "../report";
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

const PLAN_STYLES = ["base", "head", "lists", "phone"].map((name) =>
  join("cli", "plan", "page", "assets", `${name}.css`),
);
const OWN_ASSETS = join("cli", "rehearse", "page", "assets");

/**
 * A rehearsal as one HTML page that needs nothing beside itself, and that its own policy keeps from loading or running
 * anything else. All of the report is in it as JSON too (`#report`).
 */
export function rehearsalPage(report: RehearsalReport): string {
  const style = [...PLAN_STYLES, join(OWN_ASSETS, "rehearsal.css")].map(asset).join("\n");
  const script = asset(join(OWN_ASSETS, "rehearsal.js"));
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  const { sentence } = verdictOf(report);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="description" content="${sentence}">
<title>Rehearsal of ${report.stack}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the rehearsal</a>
<nav aria-label="Sections"><p class="brand">mlstack <span>rehearsal</span></p>
<ul><li><a href="#summary">Summary</a></li>${SECTIONS.map((section) => navigation(section, report))}</ul></nav>
<main id="main">
${head(report)}
${SECTIONS.map((section) => drawn(section, report))}
<footer><p>Made by <code>mlstack rehearse</code>. Its JSON output has the same data.</p></footer>
</main>
<script type="application/json" id="report">${new Markup(JSON.stringify(report).replaceAll("<", "\\u003c"))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
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
<p class="lead simulated">${SIMULATED}</p>
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

function navigation({ id, title, count }: Section, report: RehearsalReport): Markup {
  return markup`<li><a href="#${id}">${title}${count === undefined ? undefined : markup` <small>${number(count(report))}</small>`}</a></li>`;
}

function drawn({ id, title, content }: Section, report: RehearsalReport): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content(report)}</section>
`;
}

function asset(path: string): string {
  return readFileSync(join(checkoutRoot(), path), "utf8");
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
