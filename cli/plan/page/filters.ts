import { markup, type Content, type Markup } from "../../page/markup";
import { number } from "../words";

/** One way to choose among things: by an attribute that each of them carries. */
export interface Filter {
  /** Name of the attribute, without `data-`. */
  attribute: string;
  legend: string;
  /** Values that occur, what they are called, and how often they occur. */
  choices: { value: string; label: Content; count: number }[];
}

/**
 * Controls that show only some of the things in an element: one of several values, or words that occur. They are hidden
 * until the script of the page wakes them, as without it they would do nothing.
 *
 * @param target id of the element that holds the things.
 * @param noun what they are, as a plural.
 */
export function filters(target: string, noun: string, total: number, choosers: readonly Filter[]): Markup {
  return markup`<div class="filters" role="search" aria-label="Filter the ${noun}" data-filters="${target}" hidden>
${choosers.map((chooser) => chooserOf(target, total, chooser))}
<label class="words">Words <input type="search" autocomplete="off" spellcheck="false" placeholder="name, pool, reason"></label>
<p class="shown" role="status" data-noun="${noun}"></p>
</div>`;
}

function chooserOf(target: string, total: number, { attribute, legend, choices }: Filter): Markup {
  const name = `${target}-${attribute}`;
  return markup`<fieldset data-attribute="${attribute}"><legend>${legend}</legend>
<label><input type="radio" name="${name}" value="" checked><span>All <small>${number(total)}</small></span></label>${choices
    .filter(({ count }) => count > 0)
    .map(
      ({ value, label, count }) =>
        markup`<label><input type="radio" name="${name}" value="${value}"><span>${label} <small>${number(count)}</small></span></label>`,
    )}
</fieldset>`;
}
