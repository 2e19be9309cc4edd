import { markup, type Markup } from "../../page/markup";
import { pageOf } from "../../page/page-frame";
import type { PlanReport } from "../report";
import { costs } from "./costs";
import { difference } from "./difference";
import { findings } from "./findings";
import { graphPicture } from "./graph-picture";
import { PodSetKeys } from "./pod-set-keys";
import { pools } from "./pools";
import { summary } from "./summary";
import { planVerdict } from "./verdict";
import { waiting } from "./waiting";
import { sentence } from "../words";
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
const STYLES = ["bars", "graph", "print"].map((name) => `plan/page/assets/${name}.css`);

interface Section {
  id: string;
  title: string;
  /** How many things it tells of; absent where counting them says nothing. */
  count?: (report: PlanReport) => number;
  content: (report: PlanReport, keys: PodSetKeys) => Markup;
}

/** A plan as one HTML page. It works without its script, which only filters. */
export function planPage(report: PlanReport): string {
  const keys = new PodSetKeys(report);
  return pageOf({
    name: "plan",
    command: "plan",
    title: `Plan of ${report.stack}`,
    description: planVerdict(report).sentence,
    styles: STYLES,
    script: "plan/page/assets/page.js",
    definitions: patterns(),
    summary: summary(report),
    sections: SECTIONS.map(({ id, title, count, content }) => ({
      id,
      title,
      ...(count && { count: count(report) }),
      content: content(report, keys),
    })),
  });
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
