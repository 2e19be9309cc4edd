import { durationText } from "../../../rehearsal/scenarios/duration";
import { markup, Markup } from "../../page/markup";

/** Steps between ticks, in seconds of the scenario. */
const STEPS = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/** Most ticks that fit side by side. */
const MOST_TICKS = 8;

/** Moments that are marked on a timeline: not more than fit, at round times. */
function ticksOf(ends: number): number[] {
  const step = STEPS.find((each) => ends / each <= MOST_TICKS) ?? Math.ceil(ends / MOST_TICKS);
  return Array.from({ length: Math.floor(ends / step) + 1 }, (_, index) => index * step);
}

/** A moment as a share of the whole, for positions in pictures that take the width they are given. */
export function percentAt(at: number, ends: number): string {
  return `${Number(((Math.min(Math.max(at, 0), ends) / Math.max(ends, 1e-9)) * 100).toFixed(4))}%`;
}

/** The last tick must not run out of its picture. */
const LAST = new Markup(` class="last"`);

/** The times under a picture. */
export function axis(ends: number): Markup {
  const ticks = ticksOf(ends).map((at) => {
    const isLast = at > ends * 0.93;
    return markup`<text x="${percentAt(at, ends)}" y="12"${isLast ? LAST : undefined}>${durationText(at)}</text>`;
  });
  return markup`<svg class="axis" aria-hidden="true" height="18">${ticks}</svg>`;
}

/** Lines at the ticks, behind a picture. */
export function grid(ends: number): Markup {
  const lines = ticksOf(ends).map(
    (at) => markup`<line class="tick" x1="${percentAt(at, ends)}" x2="${percentAt(at, ends)}" y1="0" y2="100%"/>`,
  );
  return markup`<g aria-hidden="true">${lines}</g>`;
}
