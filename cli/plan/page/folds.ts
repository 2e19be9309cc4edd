import { markup, type Content, type Markup } from "../../page/markup";
import { number } from "../words";

/** A column of a table. */
export interface Column {
  title: Content;
  /** Classes of its cells: `number` is set to the right, others give it its width. */
  kind?: string;
}

/** A row: its cells in the order of the columns, the first of which heads it. */
export interface Row {
  cells: Content[];
  /** Attributes by which filters know it. */
  attributes?: Markup;
}

/** A table in a box of its own, of which all but the first rows are folded away. */
export function foldedTable(caption: string, columns: readonly Column[], rows: readonly Row[], shown: number): Markup {
  const [first, rest] = [rows.slice(0, shown), rows.slice(shown)];
  return markup`${table(caption, columns, first)}${
    rest.length === 0
      ? undefined
      : markup`<details class="more">
        <summary>${number(rest.length)} more</summary>
        ${table(`${caption}, continued`, columns, rest)}
      </details>`
  }`;
}

/**
 * A table in a box of its own. On a narrow page each row becomes a card whose cells say the title of their column.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): Markup {
  const titles = columns.map(({ title, kind }) => markup`<th scope="col"${classOf(kind)}>${title}</th>`);
  return markup`<div class="table" role="group" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${titles}</tr></thead>
<tbody>${rows.map((row) => tableRow(columns, row))}</tbody></table></div>`;
}

function tableRow(columns: readonly Column[], { cells, attributes }: Row): Markup {
  const [head, ...rest] = columns.map((column, at) => ({ ...column, content: cells[at] }));
  const others = rest.map(
    ({ title, kind, content }) => markup`<td${classOf(kind)} data-title="${title}">${content}</td>`,
  );
  return markup`<tr${attributes}><th scope="row"${classOf(head?.kind)}>${head?.content}</th>${others}</tr>
`;
}

function classOf(kind: string | undefined): Markup | undefined {
  return kind === undefined ? undefined : markup` class="${kind}"`;
}

/** Things in a list, of which all but the first are folded away. */
export function foldedList(items: readonly Markup[], shown: number, kind: string): Markup {
  const [first, rest] = [items.slice(0, shown), items.slice(shown)];
  return markup`<ul class="${kind}">${first}</ul>${
    rest.length === 0
      ? undefined
      : markup`<details class="more"><summary>${number(rest.length)} more</summary><ul class="${kind}">${rest}</ul></details>`
  }`;
}
