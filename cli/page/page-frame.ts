import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { number } from "../plan/words";
import { markup, Markup } from "./markup";

/** A part of a page that has a title, and is led to from the navigation. */
export interface Section {
  /** What links inside the page lead to. */
  id: string;
  title: string;
  /** How many things it tells of; absent where counting them says nothing. */
  count?: number;
  content: Markup;
}

/** What a page has within its frame. */
export interface PageContent {
  /** What it shows, as `plan`. */
  name: string;
  /** Command of `mlstack` that made it. */
  command: string;
  title: string;
  /** All of it in a sentence. */
  description: string;
  /** Style sheets beside those of the frame, in the order in which they count, and its script: paths within `cli`. */
  styles: readonly string[];
  script: string;
  /** What comes first and is not seen, such as patterns that pictures refer to. */
  definitions?: Markup;
  summary: Markup;
  sections: readonly Section[];
  /** What is in the page as JSON too (`#report`). */
  data?: unknown;
}

/** Style sheets that all pages have; those for small screens count after those of a page. */
const STYLES = { first: ["base", "head", "lists"], last: ["phone"] };

/**
 * One HTML page that needs nothing beside itself: style, script and pictures are in it, and its own policy keeps it from
 * loading or running anything else, whatever it says.
 */
export function pageOf(content: PageContent): string {
  const { name, command, title, description, definitions, summary, sections, data } = content;
  const own = (names: readonly string[]) => names.map((each) => `page/assets/${each}.css`);
  const style = [...own(STYLES.first), ...content.styles, ...own(STYLES.last)].map(asset).join("\n");
  const script = asset(content.script);
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="description" content="${description}">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the ${name}</a>
${definitions}
<nav aria-label="Sections"><p class="brand">mlstack <span>${name}</span></p>
<ul><li><a href="#summary">Summary</a></li>${sections.map(navigation)}</ul></nav>
<main id="main">
${summary}
${sections.map(drawn)}
<footer><p>Made by <code>mlstack ${command}</code>. Its JSON output has the same data.</p></footer>
</main>
${data === undefined ? undefined : embedded(data)}
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function navigation({ id, title, count }: Section): Markup {
  return markup`<li><a href="#${id}">${title}${count === undefined ? undefined : markup` <small>${number(count)}</small>`}</a></li>`;
}

function drawn({ id, title, content }: Section): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>
`;
}

/** Nothing within a script ends it but its end tag. */
function embedded(data: unknown): Markup {
  const text = JSON.stringify(data).replaceAll("<", "\\u003c");
  return markup`<script type="application/json" id="report">${new Markup(text)}</script>`;
}

function asset(path: string): string {
  return readFileSync(join(checkoutRoot(), "cli", path), "utf8");
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
