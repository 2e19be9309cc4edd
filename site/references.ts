import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  type DocumentReflection,
  type NormalizedPath,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from "typedoc";

/** Page of the checkout whose sections are components. */
const SECTIONS = "docs/components.md";

/**
 * Leads from every component to the guide that is about it, and from each guide to the types of its component: a guide is about
 * the component that its title names, or that a section of `docs/components.md` does.
 *
 * @returns names of components without a guide.
 */
export function linkGuides(project: ProjectReflection): string[] {
  const documents = project.documents ?? [];
  const guides = new Map(documents.map((document) => [document.name, document]));
  const sections = documents.find((document) => project.files.getReflectionPath(document)?.endsWith(SECTIONS));
  const interfaces = project.getReflectionsByKind(ReflectionKind.Interface);
  const named = new Map(interfaces.map((each) => [each.name, each]));
  const without: string[] = [];
  for (const component of componentsIn(project)) {
    const own = guides.get(component.name);
    const guide = own ?? (hasSection(sections, component.name) ? sections : undefined);
    if (guide === undefined) {
      without.push(component.name);
      continue;
    }
    const args = named.get(`${component.name}Args`);
    const links = [component, ...(args === undefined ? [] : [args])].map(linkTo);
    if (own !== undefined) own.content.push(text("\n\n## Reference\n\nTypes: "), ...joined(links), text("."));
    const path = project.files.getReflectionPath(guide) as NormalizedPath;
    const { target } = project.files.registerAbsolute(path);
    const targetAnchor = own === undefined ? component.name.toLowerCase() : undefined;
    component.comment ??= new Comment();
    component.comment.blockTags.push(
      new CommentTag("@see", [
        text(`the guide to [${component.name}](`),
        { kind: "relative-link", text: path, target, targetAnchor },
        text(")"),
      ]),
    );
  }
  return without;
}

/** Classes that are resources of Pulumi. */
export function componentsIn(project: ProjectReflection): DeclarationReflection[] {
  const classes = project.getReflectionsByKind(ReflectionKind.Class) as DeclarationReflection[];
  return classes.filter(({ extendedTypes = [] }) =>
    extendedTypes.some((type) => type.toString() === "ComponentResource"),
  );
}

function hasSection(page: DocumentReflection | undefined, name: string): boolean {
  return page?.content.some((part) => part.kind === "text" && part.text.includes(`\n## ${name}\n`)) ?? false;
}

function text(words: string): CommentDisplayPart {
  return { kind: "text", text: words };
}

function linkTo(target: Reflection): CommentDisplayPart {
  return { kind: "inline-tag", tag: "@link", text: target.name, target };
}

function joined(parts: readonly CommentDisplayPart[]): CommentDisplayPart[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [text(", "), part]));
}
