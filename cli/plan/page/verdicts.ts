import { Verdict } from "../../../preflight/placement/proof";
import { markup, type Markup } from "../../page/markup";

/** What a verdict is called, and the sign that tells it apart without its colour, and how sums tell of it; the worst first. */
export const VERDICTS: Record<Verdict, { label: string; sign: string; told: string }> = {
  [Verdict.never]: { label: "Never runs", sign: "✕", told: "never" },
  [Verdict.undecided]: { label: "Undecided", sign: "?", told: "undecided" },
  [Verdict.queues]: { label: "Queues", sign: "◐", told: "in turns" },
  [Verdict.runs]: { label: "Runs", sign: "✓", told: "at once" },
};

/** Verdicts, the worst first. */
export const WORST_FIRST = Object.keys(VERDICTS) as Verdict[];

/** A verdict as a badge. */
export function verdictBadge(verdict: Verdict): Markup {
  const { label, sign } = VERDICTS[verdict];
  return markup`<span class="badge ${verdict}"><span aria-hidden="true">${sign}</span> ${label}</span>`;
}
