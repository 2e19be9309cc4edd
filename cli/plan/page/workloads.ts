import type { PlanReport, ReportedProof, ReportedWorkload } from "../report";
import { filters } from "./filters";
import { foldedTable, type Column, type Row } from "./folds";
import { markup, type Content, type Markup } from "../../page/markup";
import { obstacles } from "./obstacles";
import type { PodSetKeys } from "./pod-set-keys";
import { verdictBadge, VERDICTS, WORST_FIRST } from "./verdicts";
import { amountText, bareAmount } from "../../../preflight/placement/amount-text";
import { capital, counted, listed, number, sentence } from "../words";

/** Rows that are seen without unfolding. */
const ROWS_SHOWN = 40;

/** Pools that are named where a set can run; the drawing tells of all of them. */
const POOLS_NAMED = 3;

const COLUMNS: Column[] = [
  { title: "Pod set", kind: "name" },
  { title: "Verdict", kind: "verdict" },
  { title: "Pods", kind: "pods" },
  { title: "At once", kind: "at-once" },
  { title: "Where", kind: "where" },
  { title: "Why", kind: "why" },
];

/** Every set of pods with what was proved of it, the worst first. */
export function workloads({ workloads: all }: PlanReport, keys: PodSetKeys): Markup {
  const sets = all.flatMap((workload) => workload.proofs.map((proof) => ({ workload, proof })));
  if (sets.length === 0) return markup`<p class="empty">The stack brings no pods.</p>`;
  const rank = ({ proof }: { proof: ReportedProof }) => WORST_FIRST.indexOf(proof.verdict);
  const rows = sets.toSorted((a, b) => rank(a) - rank(b)).map(({ workload, proof }) => row(workload, proof, keys));
  const choices = WORST_FIRST.map((verdict) => ({
    value: verdict,
    label: VERDICTS[verdict].label,
    count: sets.filter(({ proof }) => proof.verdict === verdict).length,
  }));
  return markup`${filters("workload-list", "pod sets", sets.length, [{ attribute: "verdict", legend: "Verdict", choices }])}
<div id="workload-list">${foldedTable("Sets of pods and where they can run", COLUMNS, rows, ROWS_SHOWN)}</div>`;
}

function row({ tenant, clusterQueue }: ReportedWorkload, proof: ReportedProof, keys: PodSetKeys): Row {
  const { title, verdict, requests } = proof;
  const belongs = [
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(clusterQueue === undefined ? [] : [`queue ${clusterQueue}`]),
  ];
  const asked = requests
    .filter(({ resource }) => resource !== "pods")
    .map(({ resource, words }) => askedOf(resource, words));
  return {
    attributes: markup` data-verdict="${verdict}"`,
    cells: [
      markup`${keys.chip(title)} <span class="title">${title}</span>${small(belongs.join(", "))}${small(listed(asked))}`,
      verdictBadge(verdict),
      podsOf(proof),
      markup`<span class="figure">${verdict === "undecided" ? "not known" : number(proof.atOnce)}</span>`,
      placesOf(proof),
      whyOf(proof),
    ],
  };
}

function small(text: string): Markup | undefined {
  return text === "" ? undefined : markup`<small>${text}</small>`;
}

/** Words that hold the unit need no name of the resource beside them, unless several resources share the unit. */
function askedOf(resource: string, words: string): string {
  if (resource === "cpu") return words;
  return /^\S+$/.test(words) || resource.includes("-") ? `${words} ${resource}` : words;
}

function podsOf({ count, minCount }: ReportedProof): Content {
  const all = count === undefined ? "not known" : number(count);
  const gang = minCount <= 1 ? undefined : minCount === count ? "all together" : `${number(minCount)} together`;
  return markup`<span class="figure">${all}</span>${gang === undefined ? undefined : markup`<small>${gang}</small>`}`;
}

function placesOf({ pools, verdict }: ReportedProof): Content {
  const able = pools
    .filter(({ perNode }) => perNode > 0)
    .sort((a, b) => (b.atOnce ?? Infinity) - (a.atOnce ?? Infinity));
  if (able.length === 0) return verdict === "undecided" ? "not known" : "nowhere";
  const named = able
    .slice(0, POOLS_NAMED)
    .map(
      ({ pool, perNode, atOnce }) =>
        markup`<li><strong>${pool}</strong> <small>${atOnce === null ? "unbounded" : `at most ${number(atOnce)}`}, ${number(perNode)} a node</small></li>`,
    );
  const more = able.length - named.length;
  return markup`<ul class="places">${named}${more === 0 ? undefined : markup`<li>and ${counted(more, "more pool")}</li>`}</ul>`;
}

function whyOf(proof: ReportedProof): Content {
  const { verdict, reason, queues, unknownPath } = proof;
  if (verdict === "runs") return "";
  const limits = queues.map(
    ({ title, resource, needed, ceiling }) =>
      `${capital(title)} has ${amountText(resource, ceiling, "down")} at most, ${bareAmount(resource, needed, "up")} are needed.`,
  );
  return markup`<p>${sentence(reason)}</p>${limits.map((limit) => markup`<p>${limit}</p>`)}${
    unknownPath === undefined ? undefined : markup`<p>Not known yet: <code>${unknownPath}</code></p>`
  }${obstacles(proof)}`;
}
