import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** The root of the checkout. */
export const root = join(__dirname, "..", "..");

/** Text of a file of the checkout. */
export const read = (path: string) => readFileSync(join(root, path), "utf8");

/** A page without its blocks of code. */
export const prose = (path: string) => read(path).replaceAll(/^```[^]*?^```$/gm, "");

/** Folders at the top that hold nothing of the project's own. */
const GENERATED = new Set([".git", ".mlstack", "bin", "coverage", "node_modules"]);
const topLevel = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !GENERATED.has(name));

/** Folders at the top of the checkout. */
export const folders = topLevel.filter((entry) => entry.isDirectory()).map(({ name }) => name);

/** Paths of everything in the checkout. */
export const files = [
  ...topLevel.filter((entry) => entry.isFile()).map(({ name }) => name),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  ),
];

/** The page that lists all parts of the platform. */
export const PLATFORM_INDEX = "docs/platform/README.md";

/** The heading that a page begins with. */
export function titleOf(page: string): string {
  return /^# (.+)$/m.exec(read(page))?.[1] ?? "";
}

/** The page that lists all kinds of workloads, and what they have in common. */
export const WORKLOADS_INDEX = "docs/workloads/README.md";

/** Pages with sections or titles that are components: one for the foundation, and one for each part and each workload. */
export const guides = files.filter((path) => /^docs\/(components|(platform|workloads)\/[\w-]+)\.md$/.test(path));

/** Everything that a pattern's first group matches. */
export function allMatches(pattern: RegExp, where: string): string[] {
  return [...where.matchAll(pattern)].map(([, found = ""]) => found);
}

/** The part of a page under a heading, up to the next one of the same or a higher level. */
export function section(page: string, heading: string): string {
  const [, hashes = "", body = ""] = new RegExp(`^(#+) ${heading}\\n([^]*)`, "m").exec(page) ?? [];
  expect(hashes, `there is a section "${heading}"`).not.toBe("");
  return body.split(new RegExp(`^#{1,${hashes.length}} `, "m"))[0] ?? "";
}

/** The cells of a section's tables, row by row, without headings. */
export function rows(markdown: string): string[][] {
  return allMatches(/^\|(.*)\|$/gm, markdown)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells, index, lines) => !isRule(cells) && !isRule(lines[index + 1] ?? []));
}

function isRule(cells: string[]): boolean {
  return cells.length > 0 && cells.every((cell) => /^-+$/.test(cell));
}

/** What stands between backticks. */
export function codeIn(text: string): string[] {
  return allMatches(/`([^`]+)`/g, text);
}
