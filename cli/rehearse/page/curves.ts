import type { Step } from "../../../rehearsal/timeline/timeline";
import { most } from "../../../rehearsal/timeline/steps";
import { markup, type Markup } from "../../page/markup";
import { number } from "../../plan/words";
import { axis, grid } from "./axis";

/** Size of a curve's picture in its own units; it is drawn as wide as the page. */
const [WIDTH, HEIGHT] = [1000, 100];

/** A number over time. */
export interface Curve {
  name: string;
  steps: readonly Step[];
  /** Class that gives it its colour. */
  kind: string;
  /** Whether the space below it is filled. */
  isFilled?: boolean;
  /** Whether it goes straight from one value to the next, rather than in steps. */
  isSmooth?: boolean;
}

/** Curves in one picture, with the largest value, the times, and a legend. */
export function curves(
  title: string,
  all: readonly Curve[],
  ends: number,
  wordsOf = (value: number) => number(value),
): Markup {
  const top = Math.max(...all.map(({ steps }) => most(steps)), 0);
  const described = all.map(({ name, steps }) => `${name}: at most ${wordsOf(most(steps))}`).join("; ");
  return markup`<figure class="curves"><figcaption>${title}</figcaption>
<p class="top" aria-hidden="true">${wordsOf(top)}</p>
<div class="plot"><svg class="grid" aria-hidden="true">${grid(ends)}</svg><svg class="curve" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"><title>${title}</title><desc>${described}</desc>${all.map((curve) => drawn(curve, ends, top))}</svg></div>
${axis(ends)}
<ul class="legend">${all.map(({ name, kind, steps }) => markup`<li><span class="swatch ${kind}"></span>${name} <small>at most ${wordsOf(most(steps))}</small></li>`)}</ul></figure>`;
}

function drawn({ steps, kind, isFilled = false, isSmooth = false }: Curve, ends: number, top: number): Markup {
  const x = (at: number) => rounded((at / Math.max(ends, 1e-9)) * WIDTH);
  const y = (value: number) => rounded(HEIGHT - (top > 0 ? value / top : 0) * (HEIGHT - 2) - 1);
  const first = steps[0];
  if (first === undefined) return markup``;
  const path = steps.slice(1).map(({ at, value }) => (isSmooth ? `L${x(at)} ${y(value)}` : `H${x(at)}V${y(value)}`));
  const line = `M${x(first.at)} ${y(first.value)}${path.join("")}H${WIDTH}`;
  const area = isFilled ? markup`<path class="area ${kind}" d="${`${line}V${HEIGHT}H${x(first.at)}Z`}"/>` : undefined;
  return markup`${area}<path class="line ${kind}" d="${line}"/>`;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
