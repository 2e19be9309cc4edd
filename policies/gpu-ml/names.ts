import { childAt, isTreeObject, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import { fits } from "../engine/pattern";
import { undecided, type Judgement } from "../engine/rule";
import type { Subject } from "../engine/subject";
import { allOf, anyOf, type Truth } from "../engine/truth";

/** Tells whether a text has the form of one of some patterns; absent text is the empty one. */
export function isLike(text: Tree, patterns: readonly string[]): Truth {
  return anyOf(patterns.map((pattern) => isFit(text, pattern)));
}

/** Tells whether an object has one of some names, given as `name` in any namespace or as `namespace/name`. */
export function isNamed(subject: Subject, patterns: readonly string[]): Truth {
  const metadata = childAt(subject.tree, "metadata");
  const name = childAt(metadata, "name");
  const namespace = childAt(metadata, "namespace") ?? "default";
  return anyOf(
    patterns.map((pattern) => {
      const [before = "", after] = pattern.split("/");
      return after === undefined ? isFit(name, pattern) : allOf([isFit(namespace, before), isFit(name, after)]);
    }),
  );
}

/** What is said of an object, unless it has one of some names; undecided where its name is not known yet. */
export function* unlessNamed(
  subject: Subject,
  patterns: readonly string[],
  judgements: Iterable<Judgement>,
): Iterable<Judgement> {
  const named = isNamed(subject, patterns);
  if (named === true) return;
  const isNameUnknown = isUnknown(childAt(childAt(subject.tree, "metadata"), "name"));
  const hidden = undecided(isNameUnknown ? "metadata.name" : "metadata.namespace");
  for (const judgement of judgements) yield named === false || "undecidedPath" in judgement ? judgement : hidden;
}

/** The entries of an object whose keys matter, none where it is no object. */
export function entriesOf(node: Tree): [key: string, value: Tree][] {
  return isTreeObject(node) ? Object.entries(node) : [];
}

function isFit(text: Tree, pattern: string): Truth {
  if (pattern === "*") return true;
  return isUnknown(text) ? UNKNOWN : fits(pattern, typeof text === "string" ? text : "");
}
