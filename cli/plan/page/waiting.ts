import type { PlanReport } from "../report";
import { foldedTable } from "./folds";
import { markup, type Markup } from "../../page/markup";
import type { PodSetKeys } from "./pod-set-keys";
import { number, sentence } from "../words";

/** Rows that are seen without unfolding. */
const ROWS_SHOWN = 20;

/** Pods that must wait while everything else runs, and for what. */
export function waiting({ waiting: all }: PlanReport, keys: PodSetKeys): Markup {
  if (all.length === 0) return markup`<p class="empty">No pods wait: everything that may run at once can.</p>`;
  const rows = all.map(({ podSet, pods, reason }) => ({
    cells: [
      markup`${keys.chip(podSet)} <span class="title">${podSet}</span>`,
      markup`<span class="figure">${number(pods)}</span>`,
      sentence(reason),
    ],
  }));
  const columns = [{ title: "Pod set", kind: "name" }, { title: "Pods waiting", kind: "pods" }, { title: "Why" }];
  return foldedTable("Pods that wait at the peak", columns, rows, ROWS_SHOWN);
}
