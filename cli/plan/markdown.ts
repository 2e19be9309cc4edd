import { plain } from "../check/plain";
import type { CostDifference, PlanReport, ReportedFinding, ReportedHourlyCost } from "./report";
import { counted, hourly, moneyChange, money, number, sentence } from "./words";

/** Characters that a comment on GitHub may have, with room for what a workflow adds. */
const MOST_CHARACTERS = 60_000;

/** Where a comment ends that would be too long. */
const CUT = "\n\n…and more: this plan is longer than a comment may be. The other formats have all of it.\n";

const FIGURES = ["idle", "typical", "ceiling"] as const;

/**
 * A plan for a comment beside a change: what it does to the cost first, then what cannot run and what policies find. The
 * first line is a comment by which a workflow finds the one that it wrote before.
 */
export function planMarkdown(report: PlanReport): string {
  const parts = [
    "<!-- mlstack plan -->",
    `### Plan of ${text(report.stack)}`,
    report.difference === undefined ? costOf(report) : differenceOf(report, report.difference),
    verdictsOf(report),
    findingsOf(report),
    remarksOf(report),
  ];
  const whole = `${parts.filter((part) => part !== "").join("\n\n")}\n`;
  if (whole.length <= MOST_CHARACTERS) return whole;
  return whole.slice(0, whole.lastIndexOf("\n", MOST_CHARACTERS - CUT.length)) + CUT;
}

function costOf({ summary: { usdPerHour }, cost: { gaps } }: PlanReport): string {
  const figures = FIGURES.map((figure) => hourly(usdPerHour[figure]));
  return withGaps(`**Cost:** ${figures[0]!} idle, ${figures[1]!} typical, ${figures[2]!} at most.`, gaps);
}

function differenceOf(
  { cost: { gaps } }: PlanReport,
  { sentence: said, before, after, changes }: CostDifference,
): string {
  const rows = changes.map((part) => row(text(part.name), part.before, part.after));
  const table = [
    "| USD per hour | idle | typical | ceiling |",
    "| --- | --: | --: | --: |",
    ...rows,
    row("**environment**", before, after),
  ];
  return withGaps(`**${sentence(said)}**\n\n${table.join("\n")}`, gaps);
}

function row(name: string, before: ReportedHourlyCost | undefined, after: ReportedHourlyCost | undefined): string {
  const cells = FIGURES.map((figure) => changed(before, after, figure));
  const fate = before === undefined ? " (new)" : after === undefined ? " (goes)" : "";
  return `| ${[`${name}${fate}`, ...cells].join(" | ")} |`;
}

/** What it costs then, and by how much that is more or less than before. */
function changed(
  before: ReportedHourlyCost | undefined,
  after: ReportedHourlyCost | undefined,
  figure: (typeof FIGURES)[number],
): string {
  const [from, to] = [before, after].map((cost) => (cost === undefined ? 0 : cost[figure]));
  if (typeof from !== "number" || typeof to !== "number") {
    return from === to ? money(to) : `${money(to)} (was ${money(from)})`;
  }
  const change = moneyChange(to - from);
  return change === undefined ? money(to) : `${money(to)} (${change})`;
}

function withGaps(cost: string, gaps: readonly string[]): string {
  return gaps.length === 0 ? cost : `${cost}\n\n${gaps.map((gap) => `- not counted: ${text(gap)}`).join("\n")}`;
}

function verdictsOf({ summary, workloads, waiting }: PlanReport): string {
  const { podSets, runs, queues, never, undecided, peakGpus, peakNodes } = summary;
  const sum = [
    `${number(runs)} run at once`,
    ...(queues > 0 ? [`${number(queues)} queue`] : []),
    ...(never > 0 ? [`${number(never)} can never run`] : []),
    ...(undecided > 0 ? [`${number(undecided)} undecided`] : []),
  ].join(", ");
  const stuck = workloads
    .flatMap(({ proofs }) => proofs)
    .filter(({ verdict }) => verdict === "never" || verdict === "undecided");
  return [
    `**${counted(podSets, "set")} of pods:** ${sum}. Peak: ${counted(peakNodes, "node")}, ${counted(peakGpus, "GPU")}.`,
    ...listOf([
      ...stuck.map(({ title, verdict, reason }) => `**${verdict}** ${text(title)}: ${text(reason)}`),
      ...waiting.map(({ podSet, pods, reason }) => `waits ${text(podSet)}, ${counted(pods, "pod")}: ${text(reason)}`),
    ]),
  ].join("\n\n");
}

function findingsOf({ findings, summary: { mandatory, advisory } }: PlanReport): string {
  const line = ({ level, message }: ReportedFinding) =>
    `${level === "mandatory" ? "**mandatory** " : ""}${text(message)}`;
  return [
    `**Policies:** ${number(mandatory)} mandatory, ${number(advisory)} advisory.`,
    ...listOf(findings.toSorted((a, b) => b.level.localeCompare(a.level)).map(line)),
  ].join("\n\n");
}

function remarksOf({ remarks }: PlanReport): string {
  return listOf(remarks.map(text)).join("\n\n");
}

/** A list as one block; nothing where there is nothing to list. */
function listOf(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join("\n")];
}

/** Signs that Markdown or HTML would obey. */
const MARKS = /[\\`*_{}[\]<>()#|~&!]/g;

/** Text as it is, whoever wrote it: it formats nothing, breaks out of no cell, and calls nobody. */
function text(given: string): string {
  return plain(given)
    .replace(MARKS, (sign) => `\\${sign}`)
    .replace(/@/g, "@<!-- -->");
}
