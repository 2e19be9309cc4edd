import { FINDING_SECTIONS, type FindingSection, type PlanReport, type ReportedFinding } from "../report";
import { filters } from "./filters";
import { foldedList } from "./folds";
import { markup, type Markup } from "../../page/markup";
import { capital, counted, number } from "../words";

/** Findings of a section that are seen without unfolding. */
const FINDINGS_SHOWN = 20;

/** What the findings of each section are about. */
const SECTIONS: Record<FindingSection, string> = {
  placement: "Placement",
  agreement: "Agreement of layers",
  cost: "Cost",
  advice: "Advice",
  other: "Other rules",
};

const LEVELS = ["mandatory", "advisory"] as const;
const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/** What the rules found, by what it is about, the most harmful first. */
export function findings({ findings: all }: PlanReport): Markup {
  if (all.length === 0) return markup`<p class="empty">No rule found anything.</p>`;
  const sections = FINDING_SECTIONS.map((section) => ({
    section,
    found: all.filter((each) => each.section === section),
  }));
  return markup`${filters("finding-list", "findings", all.length, [
    {
      attribute: "level",
      legend: "Level",
      choices: LEVELS.map((level) => ({
        value: level,
        label: capital(level),
        count: all.filter((each) => each.level === level).length,
      })),
    },
    {
      attribute: "section",
      legend: "About",
      choices: sections.map(({ section, found }) => ({
        value: section,
        label: SECTIONS[section],
        count: found.length,
      })),
    },
  ])}
<div id="finding-list">${sections.filter(({ found }) => found.length > 0).map(sectionOf)}</div>`;
}

function sectionOf({ section, found }: { section: FindingSection; found: readonly ReportedFinding[] }): Markup {
  const worstFirst = found.toSorted((a, b) => rank(a) - rank(b));
  const blocking = found.filter(({ level }) => level === "mandatory").length;
  const note =
    blocking === 0
      ? counted(found.length, "finding")
      : `${counted(found.length, "finding")}, ${number(blocking)} mandatory`;
  return markup`<section class="found" data-group aria-labelledby="found-${section}">
<h3 id="found-${section}">${SECTIONS[section]} <small>${note}</small></h3>
${foldedList(worstFirst.map(finding), FINDINGS_SHOWN, "plain")}</section>`;
}

function rank({ level, severity }: ReportedFinding): number {
  return LEVELS.indexOf(level) * SEVERITIES.length + SEVERITIES.indexOf(severity);
}

function finding({ section, level, severity, rule, object, path, observed, allowed, remedy }: ReportedFinding): Markup {
  return markup`<li class="finding ${level}" data-level="${level}" data-section="${section}">
<p class="what"><span class="badge ${level}">${capital(level)}</span> <code class="rule">${rule}</code> <span class="severity">${severity}</span>
<strong>${object}</strong></p>
<p class="do">${remedy}</p>
<dl><div><dt>Field</dt><dd><code>${path}</code></dd></div><div><dt>Found</dt><dd>${observed}</dd></div><div><dt>Allowed</dt><dd>${allowed}</dd></div></dl>
</li>`;
}
