import type { CostDifference, PlanReport, ReportedHourlyCost } from "../report";
import { nestedBars } from "./bars";
import { foldedTable } from "./folds";
import { markup, type Content, type Markup } from "../../page/markup";
import { costSegments } from "./summary";
import { capital, hourly, instant, money, sentence } from "../words";

/** Rows that are seen without unfolding. */
const ROWS_SHOWN = 20;

/** What the change does to the cost, against what is deployed. */
export function difference({ difference: change }: PlanReport): Markup {
  if (change === undefined) {
    return markup`<p class="empty">Nothing that is deployed was compared.</p>`;
  }
  const since =
    change.since === undefined
      ? undefined
      : markup` <span class="quiet">Compared with what was deployed ${instant(change.since)}.</span>`;
  return markup`<p class="statement">${sentence(change.sentence)}${since}</p>${changes(change)}`;
}

function changes({ before, after, changes: parts }: CostDifference): Markup {
  const all = [{ name: "Environment", before, after }, ...parts.map((part) => ({ ...part, name: capital(part.name) }))];
  const amounts = all.flatMap((each) =>
    [each.before, each.after].flatMap((cost) => (cost === undefined ? [] : costSegments(cost))),
  );
  const total = Math.max(0, ...amounts.map(({ size }) => size));
  const rows = all.map(({ name, before: was, after: is }) => ({
    cells: [
      markup`<span class="title">${name}</span>${was === undefined ? markup`<small>new</small>` : is === undefined ? markup`<small>goes</small>` : undefined}`,
      markup`${reach(`${name} before`, was, total)}${reach(`${name} after`, is, total)}`,
      changed(was, is, "idle"),
      changed(was, is, "typical"),
      changed(was, is, "ceiling"),
    ],
  }));
  const columns = [
    { title: "Part", kind: "name" },
    { title: "Before and after", kind: "reach" },
    ...["Idle", "Typical", "Ceiling"].map((title) => ({ title, kind: "number" })),
  ];
  return foldedTable("USD per hour before and after the change", columns, rows, ROWS_SHOWN);
}

function reach(title: string, cost: ReportedHourlyCost | undefined, total: number): Markup {
  const segments = cost === undefined ? [] : costSegments(cost);
  const description =
    cost === undefined ? "nothing" : `${hourly(cost.typical)} typical, ${hourly(cost.ceiling)} at the ceiling`;
  return nestedBars({ title, description, segments, total, kind: "cost thin" });
}

function changed(
  was: ReportedHourlyCost | undefined,
  is: ReportedHourlyCost | undefined,
  kind: "idle" | "typical" | "ceiling",
): Content {
  const [from, to] = [was === undefined ? 0 : was[kind], is === undefined ? 0 : is[kind]];
  if (typeof from !== "number" || typeof to !== "number") return markup`${money(to)}<small>was ${money(from)}</small>`;
  const by = to - from;
  if (Math.abs(by) < 0.005) return money(to);
  return markup`${money(to)}<small class="${by > 0 ? "more" : "less"}">${by > 0 ? "+" : "−"}${money(Math.abs(by))}</small>`;
}
