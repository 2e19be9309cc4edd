import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type {
  CommentDisplayPart,
  DocumentReflection,
  FileRegistry,
  NormalizedPath,
  RelativeLinkDisplayPart,
} from "typedoc";

/** A picture that a page gets on the site, where one was made; no picture is kept in the checkout. */
export interface Picture {
  /** Page that gets it, from the root of the checkout. */
  page: string;
  /** What it shows. */
  caption: string;
  /** Absolute path of the PNG file; undefined where it could not be made. */
  file?: string | undefined;
}

/** Groups of guides in the navigation, by how their paths begin; the first that fits counts. */
const GROUPS: [path: string, group: string][] = [
  ["docs/policies/", "Rules"],
  ["docs/platform/", "Platform"],
  ["docs/workloads/", "Workloads"],
  ["docs/", "Guides"],
  ["", "Project"],
];

/** Groups of pages in the order of the navigation. */
export const GROUP_ORDER = ["Guides", "Modules", "Platform", "Workloads", "Rules", "Project", "*"];

/** Makes a page of the checkout one of the site: its title, its group, its pictures, and no links to folders. */
export function fitIntoSite(document: DocumentReflection, root: string, pictures: readonly Picture[]): void {
  const { files } = document.project;
  const source = files.getReflectionPath(document)!;
  const page = relative(root, source);
  const [, title = ""] = /^# (.+)$/m.exec(textOf(document.content[0])) ?? [];
  // The search prefers short names, so rules are called by their ids alone.
  document.name = title.replace(/^([A-Z]+-\d+): .+/, "$1");
  document.frontmatter["group"] = GROUPS.find(([path]) => page.startsWith(path))![1];
  const [heading, rest] = splitAfterTitle(textOf(document.content[0]));
  const shown = pictures.filter((picture) => picture.page === page).flatMap((picture) => partsOf(picture, files));
  document.content = withoutFolders(
    [{ kind: "text", text: heading }, ...shown, { kind: "text", text: rest }, ...document.content.slice(1)],
    dirname(source),
  );
}

function partsOf({ caption, file }: Picture, files: FileRegistry): CommentDisplayPart[] {
  if (file === undefined)
    return [{ kind: "text", text: `\n*${caption}: this site was built without Chromium, which takes it.*\n` }];
  const { target } = files.registerAbsolute(file as NormalizedPath);
  return [
    { kind: "text", text: `\n![${caption}](` },
    { kind: "relative-link", text: basename(file), target, targetAnchor: undefined },
    { kind: "text", text: `)\n\n*${caption}.*\n` },
  ];
}

function textOf(part: CommentDisplayPart | undefined): string {
  return part?.kind === "text" ? part.text : "";
}

function splitAfterTitle(text: string): [upTo: string, rest: string] {
  const end = /^# .+\n/m.exec(text);
  const at = end === null ? 0 : end.index + end[0].length;
  return [text.slice(0, at), text.slice(at)];
}

/** A page in which links to folders are plain text, as a site has no pages of folders. Its own folder is `from`. */
export function withoutFolders(parts: readonly CommentDisplayPart[], from: string): CommentDisplayPart[] {
  const content = parts.map((part) => ({ ...part }));
  for (const [at, part] of content.entries()) {
    const [before, after] = [content[at - 1], content[at + 1]];
    if (part.kind !== "relative-link" || !isFolder(part, from)) continue;
    if (before?.kind === "text") before.text = before.text.replace(/\[([^[]*)\]\($/, "$1");
    if (after?.kind === "text") after.text = after.text.replace(/^\)/, "");
    content[at] = { kind: "text", text: "" };
  }
  return content;
}

function isFolder({ text }: RelativeLinkDisplayPart, from: string): boolean {
  const path = join(from, text);
  return existsSync(path) && statSync(path).isDirectory();
}
