import { markup, type Content, type Markup } from "../../page/markup";

/** A stretch of a bar, or several alike one after the other. */
export interface Segment {
  /** Of each of them, in the unit of the bar's total. */
  size: number;
  /** How many there are; 1 by default. */
  times?: number;
  /** Class that gives them their colour or hatching. */
  kind: string;
  /** What they show together, in words; absent where the picture's description says it. */
  title?: string;
  /** Short text inside each. */
  label?: string;
}

/** Share of a bar below which a label would not fit. */
const LEAST_LABELLED = 0.035;

/** A bar of segments one after the other. */
export interface Bar {
  /** Name of the picture, and what it shows in a sentence. */
  title: string;
  description: string;
  segments: readonly Segment[];
  /** What the whole width stands for. */
  total: number;
  /** Classes of the picture. */
  kind: string;
  /** Whether lines divide stretches that are longer than 1. */
  isDivided?: boolean;
}

/**
 * A bar as a picture that takes the width it is given: lengths are shares of it, so that nothing is distorted.
 */
export function bar({ title, description, segments, total, kind, isDivided = false }: Bar): Markup {
  let start = 0;
  const drawn = segments.map((segment) => {
    const begins = start;
    start += segment.size * (segment.times ?? 1);
    return stretches(segment, begins, total);
  });
  const lines = isDivided ? segments.flatMap(linesWithin(total)) : [];
  return picture(title, description, kind, [drawn, lines]);
}

/** Lines at each whole number inside of stretches, as seen from the start of the bar. */
function linesWithin(total: number): (segment: Segment) => Markup[] {
  let start = 0;
  return ({ size, times = 1 }) => {
    const begins = start;
    start += size * times;
    const all = Array.from(
      { length: Math.max(0, Math.ceil(start) - Math.floor(begins) - 1) },
      (_, at) => Math.floor(begins) + at + 1,
    );
    const inside = all.filter((at) => (at - begins) % size !== 0);
    return inside.map(
      (at) => markup`<line class="division" x1="${share(at, total)}" x2="${share(at, total)}" y2="100%"/>`,
    );
  };
}

/** A bar of one stretch that only repeats the number beside it. */
export function plainBar(size: number, total: number, kind: string): Markup {
  return markup`<svg class="bar ${kind}" aria-hidden="true">${stretches({ size, kind: "running" }, 0, total)}</svg>`;
}

/** Bars of one scale on top of each other, the longest first: how far each amount reaches. */
export function nestedBars({ title, description, segments, total, kind }: Bar): Markup {
  const longestFirst = [...segments].sort((a, b) => b.size - a.size);
  return picture(
    title,
    description,
    kind,
    longestFirst.map((segment) => stretches(segment, 0, total)),
  );
}

function picture(title: string, description: string, kind: string, content: Content): Markup {
  return markup`<svg class="bar ${kind}" role="img"><title>${title}</title><desc>${description}</desc>${content}</svg>`;
}

function stretches({ size, times = 1, kind, title, label }: Segment, start: number, total: number): Markup {
  const text =
    label === undefined || size / total < LEAST_LABELLED ? undefined : markup`<text x="6" y="50%">${label}</text>`;
  const all = Array.from(
    { length: times },
    (_, at) =>
      markup`<svg class="stretch ${kind}" x="${share(start + at * size, total)}" width="${share(size, total)}"><rect/>${text}</svg>`,
  );
  return markup`<g>${title === undefined ? undefined : markup`<title>${title}</title>`}${all}</g>`;
}

function share(part: number, total: number): string {
  return `${String(total > 0 ? Number(((part / total) * 100).toFixed(4)) : 0)}%`;
}
