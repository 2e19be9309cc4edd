import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A link of a page that leads nowhere. */
export interface DeadLink {
  /** Page that has it, from the folder of the site. */
  page: string;
  /** What it says. */
  link: string;
}

/** What the links of a site lead to. */
export interface SiteLinks {
  pages: number;
  dead: DeadLink[];
  /** Addresses on other hosts, sorted; nobody was asked whether they are there. */
  external: string[];
}

/** Pages and what each can be linked by. */
type Anchors = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Follows every link, picture, script and style sheet of a site's pages to a file of the site, and to the place in it. Attributes
 * are found by how the site writes them: in double quotes, with `<` and `>` escaped in texts.
 *
 * @param folder Folder of the site.
 */
export function siteLinks(folder: string): SiteLinks {
  const files = new Set(readdirSync(folder, { recursive: true, encoding: "utf8" }));
  const pages = [...files].filter((file) => file.endsWith(".html")).sort();
  const tags = new Map(pages.map((page) => [page, tagsOf(readFileSync(join(folder, page), "utf8"))]));
  const anchors = new Map([...tags].map(([page, found]) => [page, new Set(valuesOf(found, "id"))]));
  const external = new Set<string>();
  const dead: DeadLink[] = [];
  for (const [page, found] of tags) {
    for (const link of new Set([...valuesOf(found, "href"), ...valuesOf(found, "src")])) {
      if (/^(https?:)?\/\//.test(link)) external.add(link);
      else if (!leadsSomewhere(link, page, files, anchors)) dead.push({ page, link });
    }
  }
  return { pages: pages.length, dead, external: [...external].sort() };
}

function leadsSomewhere(link: string, page: string, files: ReadonlySet<string>, anchors: Anchors): boolean {
  const [path = "", anchor = ""] = decodeURIComponent(link)
    .replace(/\?[^#]*/, "")
    .split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!files.has(target)) return false;
  return anchor === "" || !anchors.has(target) || anchors.get(target)!.has(anchor);
}

/** Opening tags outside scripts. */
function tagsOf(html: string): string[] {
  return html.replaceAll(/(<script[^>]*>)[^]*?<\/script>/g, "$1").match(/<[a-z][^>]*>/gi) ?? [];
}

function valuesOf(tags: readonly string[], attribute: string): string[] {
  const pattern = new RegExp(`\\s${attribute}="([^"]*)"`);
  return tags.flatMap((tag) => pattern.exec(tag)?.[1]?.replaceAll("&amp;", "&") ?? []);
}
