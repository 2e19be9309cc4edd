import { plain } from "../check/plain";

/** HTML or SVG that may stand in a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a piece of markup may hold: text is escaped, nothing stands for itself. */
export type Content = string | number | Markup | undefined | readonly Content[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand between tags and in quoted attributes, with signs made visible that would hide or turn it. */
export function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

/** Markup from a template; whatever is put into it is escaped, unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...contents.map(written)));
}

function written(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(written).join("") : escaped(String(content));
}
