import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../../rehearsal/checkout";
import type { PlanReport } from "../report";
import { costs } from "./costs";
import { difference } from "./difference";
import { findings } from "./findings";
import { graphPicture } from "./graph-picture";
import { markup, Markup } from "./markup";
import { PodSetKeys } from "./pod-set-keys";
import { pools } from "./pools";
import { summary } from "./summary";
import { planVerdict } from "./verdict";
import { waiting } from "./waiting";
import { number, sentence } from "../words";
import { workloads } from "./workloads";

/** Sections in the order of the page; the ids are what links inside it lead to. */
const SECTIONS: Section[] = [
  { id: "pools", title: "Pools", count: (report) => report.pools.length, content: pools },
  {
    id: "workloads",
    title: "Pod sets",
    count: ({ workloads: all }) => all.reduce((sum, { proofs }) => sum + proofs.length, 0),
    content: workloads,
  },
  { id: "waiting", title: "Waiting pods", count: (report) => report.waiting.length, content: waiting },
  { id: "cost", title: "Cost", content: costs },
  { id: "difference", title: "Difference", content: difference },
  { id: "findings", title: "Findings", count: (report) => report.findings.length, content: findings },
  { id: "graph", title: "Dependency graph", count: ({ graph }) => graph.nodes.length, content: graphPicture },
  {
    id: "assumptions",
    title: "Assumptions",
    count: ({ remarks, assumptions }) => remarks.length + assumptions.length,
    content: takenForGranted,
  },
];

/** Style sheets in the order in which they count. */
const STYLE_SHEETS = ["base", "head", "bars", "lists", "graph", "phone", "print"];

interface Section {
  id: string;
  title: string;
  /** How many things it tells of; absent where counting them says nothing. */
  count?: (report: PlanReport) => number;
  content: (report: PlanReport, keys: PodSetKeys) => Markup;
}

/**
 * A plan as one HTML page that needs nothing beside itself: style, script and pictures are in it, and its own policy keeps
 * it from loading or running anything else, whatever the report says. It works without its script, which only filters.
 */
export function planPage(report: PlanReport): string {
  const keys = new PodSetKeys(report);
  const style = STYLE_SHEETS.map((name) => asset(`${name}.css`)).join("\n");
  const script = asset("page.js");
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  const { sentence: verdict } = planVerdict(report);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="description" content="${verdict}">
<title>Plan of ${report.stack}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the plan</a>
${patterns()}
<nav aria-label="Sections"><p class="brand">mlstack <span>plan</span></p>
<ul><li><a href="#summary">Summary</a></li>${SECTIONS.map((section) => navigation(section, report))}</ul></nav>
<main id="main">
${summary(report)}
${SECTIONS.map((section) => drawn(section, report, keys))}
<footer><p>Made by <code>mlstack plan</code>. Its JSON output has the same data.</p></footer>
</main>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function navigation({ id, title, count }: Section, report: PlanReport): Markup {
  return markup`<li><a href="#${id}">${title}${count === undefined ? undefined : markup` <small>${number(count(report))}</small>`}</a></li>`;
}

function drawn({ id, title, content }: Section, report: PlanReport, keys: PodSetKeys): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content(report, keys)}</section>
`;
}

function takenForGranted({ remarks, assumptions }: PlanReport): Markup {
  const all = [...remarks, ...assumptions];
  if (all.length === 0) return markup`<p class="empty">Nothing was taken for granted.</p>`;
  return markup`<ul class="assumptions">${all.map((each) => markup`<li>${sentence(each)}</li>`)}</ul>`;
}

/** Hatchings that the style sheet refers to. */
function patterns(): Markup {
  const pattern = (id: string, path: string) =>
    markup`<pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8"/><path d="${path}"/></pattern>`;
  return markup`<svg class="patterns" aria-hidden="true" width="0" height="0"><defs>${pattern("idle", "M-2 2l4-4M0 8l8-8M6 10l4-4")}${pattern(
    "stranded",
    "M-2 2l4-4M0 8l8-8M6 10l4-4M-2 6l4 4M0 0l8 8M6-2l4 4",
  )}</defs></svg>`;
}

function asset(name: string): string {
  return readFileSync(join(checkoutRoot(), "cli", "plan", "page", "assets", name), "utf8");
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
