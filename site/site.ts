import { readdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  Application,
  Converter,
  type DeclarationReflection,
  type DocumentReflection,
  KindRouter,
  Logger,
  LogLevel,
  PageEvent,
  type Reflection,
  ReflectionKind,
  TSConfigReader,
} from "typedoc";
import { AREAS, specifierOf } from "../packaging/areas";
import { checkoutRoot } from "../rehearsal/checkout";
import { fitIntoSite, GROUP_ORDER, type Picture, withoutFolders } from "./guides";
import { linkGuides } from "./references";

/** What markdown-it is told of a page's blocks of code. */
interface MarkdownParser {
  utils: { escapeHtml: (text: string) => string };
  renderer: {
    rules: Record<
      string,
      ((tokens: { info: string; content: string }[], at: number, ...rest: unknown[]) => string) | undefined
    >;
  };
}

/** Areas that have pages of their own; the whole package only has them once more. */
const DOCUMENTED = Object.entries(AREAS).filter(([area]) => area !== ".") as [keyof typeof AREAS, string][];

/**
 * Writes the site: guides as they are in the checkout, every type that programs can import with what its comments say, and the
 * keys of environments. It asks nobody, and its pages work as files.
 *
 * @param folder is emptied first.
 * @throws {Error} with everything that TypeDoc complains of, such as a comment that links to what is not there.
 */
export async function writeSite(folder: string, pictures: readonly Picture[]): Promise<void> {
  const root = checkoutRoot();
  const app = await application(root, folder);
  const complaints = new Complaints();
  app.logger = complaints;
  app.renderer.defineRouter("checkout", CheckoutRouter);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context: unknown, document: DocumentReflection) => {
    fitIntoSite(document, root, pictures);
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context: unknown, declared: DeclarationReflection) => {
    if (declared.kindOf(ReflectionKind.Module)) declared.name = nameOfArea(declared.name);
  });
  // Links to the first page name its folder only, which is no page where a site is looked at as files.
  app.renderer.on(PageEvent.END, (page: PageEvent) => {
    page.contents = page.contents!.replaceAll(/( href="[./]*\/)(?=["#])/g, "$1index.html");
  });
  const project = await app.convert();
  if (project === undefined) throw complaints.asError();
  project.readme = withoutFolders(project.readme ?? [], root);
  for (const name of linkGuides(project)) complaints.said.push(`the component ${name} has no guide`);
  app.validate(project);
  await app.generateOutputs(project);
  if (complaints.said.length > 0) throw complaints.asError();
  await copyFile(require.resolve("@mermaid-js/tiny"), join(folder, "assets", "mermaid.tiny.js"));
}

/** What programs import an area by, of which TypeDoc has the folder of the module. */
function nameOfArea(folder: string): string {
  const [area] = DOCUMENTED.find(([, module]) => module === `${folder}/index`)!;
  return specifierOf(area);
}

/** Pages that are in the checkout; its README is the site's first page. */
function pagesOf(root: string): string[] {
  const guides = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => join(root, "docs", file));
  return [...guides, join(root, "CHANGELOG.md"), join(root, "CONTRIBUTING.md")];
}

function application(root: string, folder: string): Promise<Application> {
  return Application.bootstrap(
    {
      name: "mlstack",
      includeVersion: true,
      out: folder,
      router: "checkout",
      readme: join(root, "README.md"),
      projectDocuments: pagesOf(root),
      entryPoints: DOCUMENTED.map(([, module]) => join(root, `${module}.ts`)),
      tsconfig: join(root, "tsconfig.json"),
      // Types are checked where the checkout is tested.
      skipErrorChecking: true,
      excludeExternals: true,
      excludePrivate: true,
      disableGit: true,
      disableSources: true,
      searchInDocuments: true,
      searchInComments: true,
      // What no area exports is not in the reference, and comments that link to it have plain text there.
      externalSymbolLinkMappings: { mlstack: { "*": "#" } },
      validation: {
        notExported: false,
        invalidLink: true,
        invalidPath: true,
        rewrittenLink: false,
        notDocumented: false,
      },
      navigation: { includeCategories: false, includeGroups: true, includeFolders: true },
      // The README has a title of its own.
      headings: { readme: false },
      groupOrder: GROUP_ORDER,
      customCss: join(root, "site", "assets", "site.css"),
      customJs: join(root, "site", "assets", "site.js"),
      highlightLanguages: [
        "bash",
        "console",
        "css",
        "html",
        "java",
        "javascript",
        "json",
        "python",
        "sh",
        "sql",
        "toml",
        "ts",
        "typescript",
        "yaml",
        "xml",
      ],
      ignoredHighlightLanguages: ["mermaid"],
      markdownItLoader: keepDiagrams,
    },
    [new TSConfigReader()],
  );
}

/** Diagrams are drawn by the page itself; everything else is highlighted. */
function keepDiagrams(parser: MarkdownParser): void {
  const { rules } = parser.renderer;
  const highlighted = rules["fence"]!;
  rules["fence"] = (tokens, at, ...rest) => {
    const { info, content } = tokens[at]!;
    if (info.trim() !== "mermaid") return highlighted(tokens, at, ...rest);
    return `<pre class="mermaid">${parser.utils.escapeHtml(content)}</pre>`;
  };
}

/** Pages of the checkout keep their places. */
class CheckoutRouter extends KindRouter {
  protected override getIdealBaseName(reflection: Reflection): string {
    if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
    return relative(checkoutRoot(), reflection.project.files.getReflectionPath(reflection)!).replace(/\.md$/, "");
  }
}

/** Keeps what TypeDoc complains of, and prints nothing. */
class Complaints extends Logger {
  readonly said: string[] = [];

  override log(message: string, level: LogLevel): void {
    // Links to folders have become plain text by then.
    const isAboutFolder = message.endsWith("is not a file and will not be copied to the output directory");
    if (level >= LogLevel.Warn && !isAboutFolder) this.said.push(message);
  }

  /** Everything that was complained of. */
  asError(): Error {
    return new Error(["the site cannot be built:", ...this.said].join("\n  "));
  }
}
