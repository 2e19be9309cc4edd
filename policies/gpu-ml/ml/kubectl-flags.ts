import { arrayAt, isUnknown, type Tree, type Unknown } from "../../../components/model";
import type { Judgement } from "../../engine/rule";

/** Flags of kubectl that name objects outside the template, each alone or with its value. */
const OTHER_OBJECTS = /^(-f|-k|--filename|--kustomize)(=|$)|^-[fk][^-]/;

/** Judges the flags of a resource template: they name no objects elsewhere, and no kind that is refused. */
export function* judgeFlags(resource: Tree, path: string, refused: string[]): Iterable<Judgement> {
  for (const [index, flag] of arrayAt(resource, "flags").entries()) {
    if (typeof flag !== "string" || !OTHER_OBJECTS.test(flag)) continue;
    yield {
      path: `${path}.flags[${index}]`,
      observed: "a flag that names objects elsewhere",
      allowed: "flags that name no file, page or folder",
      remedy: "Write the object in manifest.",
    };
  }
  for (const { index, word } of targetsIn(resource)) {
    if (isUnknown(word) || !refused.some((kind) => isNameOf(kind, word))) continue;
    yield {
      path: `${path}.flags[${index}]`,
      observed: JSON.stringify(word),
      allowed: "a kind that gives no rights",
      remedy: "Change it with the platform instead of from a workflow.",
    };
  }
}

/** A word among the flags by which kubectl may know what it works on. */
export interface Target {
  index: number;
  /** The word, such as `pod`, `pod/main` or `roles.rbac.authorization.k8s.io`. */
  word: string | Unknown;
}

/** The first word that stands for itself, and those before it, each of which may be the value of a flag. */
export function targetsIn(resource: Tree): Target[] {
  const flags = arrayAt(resource, "flags");
  const words = flags.flatMap((flag, index): Target[] =>
    isUnknown(flag) || (typeof flag === "string" && !isOption(flag)) ? [{ index, word: flag }] : [],
  );
  const first = words.findIndex(({ index }) => !isOption(flags[index - 1]));
  return first < 0 ? words : words.slice(0, first + 1);
}

function isOption(flag: Tree): boolean {
  return typeof flag === "string" && flag.startsWith("-");
}

function isNameOf(kind: string, word: string): boolean {
  const [group = "", name = ""] = kind.toLowerCase().split("/");
  const [type = "", ...groups] = (word.toLowerCase().split("/")[0] ?? "").split(".");
  const isOfGroup = groups.length === 0 || groups.join(".").endsWith(group);
  return isOfGroup && [name, `${name}s`, name.replace(/y$/, "ies")].includes(type);
}
