import {
  isAlias,
  isCollection,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type DocumentOptions,
  type ErrorCode,
  type ParseOptions,
  type ScalarTag,
  type SchemaOptions,
} from "yaml";
import type { Tree } from "../../components/model";

/** More aliases than this unfold to more than anybody wrote. */
const MOST_ALIASES = 1000;

const bool = (value: boolean, test: RegExp): ScalarTag => ({
  tag: "tag:yaml.org,2002:bool",
  default: true,
  identify: (given) => given === value,
  test,
  resolve: () => value,
  stringify: ({ source }) => source ?? String(value),
});

const OCTAL: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  // Told apart from numbers that are written otherwise, so that each is written again as it was.
  format: "0OCT",
  identify: (given) => Number.isInteger(given),
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => parseInt(text, 8),
  stringify: ({ source, value }) => source ?? String(value),
};

/**
 * YAML as kubectl and Helm read it: of YAML 1.1 they know its booleans, its octal numbers and merge keys, but no numbers to
 * the base of 60.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go
 */
const DIALECT: ParseOptions & DocumentOptions & SchemaOptions = {
  merge: true,
  customTags: (tags) => [
    bool(true, /^(?:[yY]|yes|Yes|YES|true|True|TRUE|on|On|ON)$/),
    bool(false, /^(?:[nN]|no|No|NO|false|False|FALSE|off|Off|OFF)$/),
    OCTAL,
    ...tags,
  ],
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: "error",
};

/** What is wrong with a document of YAML, in words of our own: those of the parser quote what may be secret. */
export const FAULTS: Record<ErrorCode, string> = {
  ALIAS_PROPS: "an alias has an anchor or a tag of its own",
  BAD_ALIAS: "an alias or anchor has no name that can be read",
  BAD_COLLECTION_TYPE: "a tag does not fit the list or map after it",
  BAD_DIRECTIVE: "a line that begins with % is no directive",
  BAD_DQ_ESCAPE: "a text in double quotes has an escape that does not exist",
  BAD_INDENT: "the indentation is wrong",
  BAD_PROP_ORDER: "an anchor or tag stands before the sign that it belongs behind",
  BAD_SCALAR_START: "a text without quotes begins with a sign that has a meaning of its own",
  BLOCK_AS_IMPLICIT_KEY: "a map begins on the line of a key",
  BLOCK_IN_FLOW: "an indented list or map stands inside brackets",
  DUPLICATE_KEY: "a key is there twice in one map",
  IMPOSSIBLE: "the parser found no reading",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a sign is missing, such as a closing bracket or quote, or the space after a colon",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines",
  MULTIPLE_ANCHORS: "a value has several anchors",
  MULTIPLE_DOCS: "another document begins without ---",
  MULTIPLE_TAGS: "a value has several tags",
  NON_STRING_KEY: "a key is no text",
  RESOURCE_EXHAUSTION: "it nests too deep",
  TAB_AS_INDENT: "a tab indents a line, where YAML wants spaces",
  TAG_RESOLVE_FAILED: "a tag does not fit its value",
  UNEXPECTED_TOKEN: "a sign stands where none can be",
};

/** Beginnings of what Helm fills in, which Argo's variables do not share. */
const TEMPLATE = /\{\{-?\s*(?:if|else|end|range|with|define|include|template|block|toYaml|tpl|[.$/"])/;
const NOT_RENDERED = "this is a template that is not rendered; render it first, as in helm template CHART";
const TOO_DEEP = "it nests too deep";

/** A stream of YAML. */
export interface YamlStream {
  documents: Document[];
  lines: LineCounter;
}

/** Reads a stream; undefined where it nests too deep for that. */
export function parseStream(text: string): YamlStream | undefined {
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, { ...DIALECT, lineCounter: lines });
    return { documents: Array.isArray(parsed) ? (parsed as Document[]) : [], lines };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** Why a document cannot be used. */
export interface YamlFault {
  line: number;
  text: string;
}

/** The value of a document, or why there is none. */
export function valueOf(document: Document, text: string, lines: LineCounter): { tree: Tree } | YamlFault {
  const fault = (offset: number, reason: string) => ({ line: Math.max(lines.linePos(offset).line, 1), text: reason });
  const [error] = document.errors;
  if (error) return fault(error.pos[0], TEMPLATE.test(text) ? NOT_RENDERED : FAULTS[error.code]);
  const start = document.range?.[0] ?? 0;
  try {
    const found = structuralFault(document, text);
    if (found !== undefined) return fault(found.offset, found.text);
    return { tree: (document.toJS({ maxAliasCount: MOST_ALIASES }) as Tree) ?? null };
  } catch (thrown) {
    return fault(start, thrown instanceof RangeError ? TOO_DEEP : "its aliases unfold to too much");
  }
}

/** What the parser lets pass, though nothing can be made of it. */
function structuralFault(document: Document, text: string): { offset: number; text: string } | undefined {
  let found: { offset: number; text: string } | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (!isCollection(key)) return undefined;
      const offset = key.range?.[0] ?? 0;
      // `{{ .Values.image }}` is a map that is the key of a map.
      const isTemplate = text.slice(offset - 1, offset + 1) === "{{";
      found = { offset, text: isTemplate ? NOT_RENDERED : "a key is a map or a list, where text belongs" };
      return visit.BREAK;
    },
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      const isInside = target !== undefined && path.includes(target);
      if (target !== undefined && !isInside) return undefined;
      found = {
        offset: alias.range?.[0] ?? 0,
        text: isInside ? "an alias stands inside of what it stands for" : "an alias has no anchor before it",
      };
      return visit.BREAK;
    },
  });
  return found;
}

/** Looked for once in each document, however many fixes it gets. */
const ANCHORS = new WeakMap<Document, Set<string>>();

/** Names of the anchors that aliases of a document stand for. */
export function sharedAnchors(document: Document): Set<string> {
  const known = ANCHORS.get(document);
  if (known !== undefined) return known;
  const names = new Set<string>();
  ANCHORS.set(document, names);
  visit(document, { Alias: (_, alias) => void names.add(alias.source) });
  return names;
}

/** Tells whether a node holds something that aliases elsewhere stand for. */
export function holdsShared(node: unknown, shared: Set<string>): boolean {
  if (node === null || typeof node !== "object" || isAlias(node)) return false;
  let found = false;
  visit(node as Parameters<typeof visit>[0], {
    Value(_, { anchor }) {
      found ||= anchor !== undefined && shared.has(anchor);
    },
  });
  return found;
}
