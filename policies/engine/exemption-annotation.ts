import { childAt, isTreeObject, objectAt, type Tree } from "../../components/model";
import type { Exemption } from "./exemption";
import type { Subject } from "./subject";

/** Beginning of the annotations of Kubernetes objects, and tags of AWS resources, that exempt them from a rule. */
export const EXEMPTION_PREFIX = "policy.mlstack.dev/exempt-";

/** An exemption that the judged object itself asks for. */
export interface AnnotatedExemption extends Exemption {
  /** Path of the annotation or tag inside the object. */
  path: string;
  /** The object that asks for it. */
  urn: string;
}

/**
 * The exemptions that an object asks for by annotation or tag:
 * `policy.mlstack.dev/exempt-GPU-04: "reason; owner=team; until=2027-01-31"`. AWS takes no `;` in tags, so `/` does too.
 *
 * Fields that cannot be read are empty, which no exemption in force has.
 */
export function annotatedExemptionsOf(subject: Subject): AnnotatedExemption[] {
  const isObject = subject.kind !== undefined;
  const holder: Tree = isObject ? objectAt(subject.tree, "metadata") : subject.tree;
  const field = isObject ? "annotations" : "tags";
  const notes = childAt(holder, field);
  return Object.entries(isTreeObject(notes) ? notes : {}).flatMap(([key, note]) => {
    if (!key.startsWith(EXEMPTION_PREFIX)) return [];
    const rule = key.slice(EXEMPTION_PREFIX.length);
    const path = `${isObject ? "metadata.annotations" : "tags"}["${key}"]`;
    const source = `${isObject ? "annotation" : "tag"} ${key} of ${subject.title}`;
    return [{ rule, path, source, urn: subject.urn, ...partsOf(typeof note === "string" ? note : "") }];
  });
}

function partsOf(note: string): Pick<Exemption, "reason" | "owner" | "until"> {
  const parts = note.split(/[;/](?=\s*(?:owner|until)\s*=)/).map((part) => part.trim());
  const valueOf = (key: string) =>
    parts.flatMap((part) => new RegExp(`^${key}\\s*=\\s*(.*)$`, "s").exec(part)?.[1] ?? [])[0] ?? "";
  const [reason = ""] = parts;
  return {
    reason: /^(owner|until)\s*=/.test(reason) ? "" : reason,
    owner: valueOf("owner"),
    until: valueOf("until"),
  };
}
