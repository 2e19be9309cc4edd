import type { PlanReport, ReportedPool } from "../report";
import { bar, nestedBars } from "./bars";
import { markup, type Content, type Markup } from "../../page/markup";
import { planVerdict } from "./verdict";
import { VERDICTS, WORST_FIRST } from "./verdicts";
import { planRegions } from "../regions";
import { capital, counted, hourly, instant, listed, money, monthly, number } from "../words";

/** Clusters as people call them, by what stack files say. */
const KINDS: Record<string, string> = {
  eks: "EKS",
  existing: "existing cluster",
  embedded: "embedded control plane",
};

/** The head of the page: the verdict in a sentence, and the numbers by which a plan is judged at a glance. */
export function summary(report: PlanReport): Markup {
  const { kind, label, sentence } = planVerdict(report);
  const cluster = [KINDS[report.kind] ?? report.kind, listed(planRegions(report))]
    .filter((each) => each !== "")
    .join(" in ");
  return markup`<header class="head" id="summary">
<p class="eyebrow"><span class="stamp ${kind}">${label}</span> Plan of stack <strong>${report.stack}</strong></p>
<h1>${capital(sentence)}</h1>
<p class="lead">${costSentence(report)}</p>
<ul class="tiles">${[placementTile(report), findingsTile(report), costTile(report), peakTile(report)]}</ul>
<p class="meta">${cluster === "" ? undefined : markup`<span>${capital(cluster)}</span> `}<span>judged <time datetime="${report.judgedAt}">${instant(report.judgedAt)}</time></span>
<span>${report.offline ? "offline: from the program alone, no cluster or cloud was asked" : "against what is deployed"}</span></p>
</header>`;
}

function costSentence({ summary: { usdPerHour: cost }, cost: { gaps } }: PlanReport): string {
  if (cost.idle === undefined && cost.typical === undefined && cost.ceiling === undefined) {
    return "What it costs is not known.";
  }
  const most = cost.ceiling === null ? "nothing bounds it at its largest" : `at most ${hourly(cost.ceiling)}`;
  const left = gaps.length === 0 ? "" : ` ${counted(gaps.length, "part is", "parts are")} missing from these sums.`;
  return `It costs ${hourly(cost.idle)} idle, ${hourly(cost.typical)} on average, and ${most}.${left}`;
}

function tile(title: string, target: string, figure: Content, note: Content, picture?: Markup): Markup {
  return markup`<li class="tile"><h2><a href="#${target}">${title}</a></h2><p class="figure">${figure}</p>${picture}<p class="note">${note}</p></li>`;
}

function placementTile({ summary: sums }: PlanReport): Markup {
  const some = WORST_FIRST.filter((verdict) => sums[verdict] > 0).toReversed();
  const told = some.map((verdict) => `${number(sums[verdict])} ${VERDICTS[verdict].told}`);
  const picture = bar({
    title: "Sets of pods by verdict",
    description: told.join(", "),
    segments: some.map((verdict, at) => ({ size: sums[verdict], kind: verdict, title: told[at]! })),
    total: sums.podSets,
    kind: "slim",
  });
  const able = sums.runs + sums.queues;
  return tile(
    "Placement",
    "workloads",
    markup`${number(able)}<small> of ${number(sums.podSets)}</small>`,
    `pod sets can run${some.length === 0 ? "" : `: ${told.join(", ")}`}`,
    picture,
  );
}

function findingsTile({ summary: { mandatory, advisory } }: PlanReport): Markup {
  const total = mandatory + advisory;
  const told = `${number(mandatory)} mandatory, ${number(advisory)} advisory`;
  const segments = [
    { size: mandatory, kind: "never", title: `${number(mandatory)} mandatory` },
    { size: advisory, kind: "advisory", title: `${number(advisory)} advisory` },
  ].filter(({ size }) => size > 0);
  return tile(
    "Findings",
    "findings",
    number(total),
    told,
    bar({ title: "Findings by level", description: told, segments, total, kind: "slim" }),
  );
}

function costTile({ summary: { usdPerHour: cost } }: PlanReport): Markup {
  const told = `${money(cost.idle)} idle, ${money(cost.typical)} typical, ${money(cost.ceiling)} at the ceiling`;
  const month = cost.typical === undefined ? undefined : markup`<br>typically ${monthly(cost.typical)}`;
  return tile(
    "Cost, USD per hour",
    "cost",
    markup`${money(cost.typical)}<small> typical</small>`,
    markup`${money(cost.idle)} idle, ${money(cost.ceiling)} ceiling${month}`,
    costPicture("Cost of the environment", told, cost),
  );
}

/** How far idle, typical and ceiling reach, on the scale of the largest. */
function costPicture(title: string, description: string, cost: PlanReport["summary"]["usdPerHour"]): Markup {
  const total = Math.max(cost.idle ?? 0, cost.typical ?? 0, cost.ceiling ?? 0);
  return nestedBars({ title, description, segments: costSegments(cost), total, kind: "slim" });
}

/** Idle, typical and ceiling as far as they are known and bounded. */
export function costSegments(
  cost: PlanReport["summary"]["usdPerHour"],
): { size: number; kind: string; title: string }[] {
  return (["idle", "typical", "ceiling"] as const).flatMap((kind) => {
    const size = cost[kind];
    return typeof size === "number" && size > 0 ? [{ size, kind, title: `${kind}: ${hourly(size)}` }] : [];
  });
}

function peakTile({ summary: { peakGpus, peakNodes }, pools }: PlanReport): Markup {
  const there = gpusAtMost(pools);
  const nodes = sumOrNull(pools.map(({ maxNodes }) => maxNodes));
  const stranded = pools.reduce((sum, { packing }) => sum + packing.strandedGpus, 0);
  const on = `on ${counted(peakNodes, "node")}${nodes === null ? "" : ` of ${number(nodes)}`}`;
  const limit = there === null ? "without a bound" : `of ${number(there)}`;
  const waste = stranded === 0 ? "none stranded" : `${number(stranded)} stranded`;
  const segments = [
    { size: peakGpus, kind: "used", title: `${counted(peakGpus, "GPU")} in use` },
    { size: stranded, kind: "stranded", title: `${counted(stranded, "GPU")} stranded` },
  ].filter(({ size }) => size > 0);
  return tile(
    "Peak, GPUs in use",
    "pools",
    markup`${number(peakGpus)}<small> ${limit}</small>`,
    `${on}, ${waste}`,
    bar({
      title: "GPUs at the peak",
      description: `${counted(peakGpus, "GPU")} in use ${limit}, ${waste}`,
      segments,
      total: there ?? peakGpus + stranded,
      kind: "slim",
    }),
  );
}

function gpusAtMost(pools: readonly ReportedPool[]): number | null {
  return sumOrNull(
    pools.map(
      ({ maxNodes, gpusPerNode = 0, maxGpus = gpusPerNode === 0 ? 0 : maxNodes && maxNodes * gpusPerNode }) => maxGpus,
    ),
  );
}

function sumOrNull(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
