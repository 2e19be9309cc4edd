import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type Violation } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { unlessNamed } from "../names";

/** Rights that are looked for in roles: verbs on resources of one API group. */
export interface Power {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
}

/** What is said of a role that gives a power. */
export interface PowerText {
  /** What follows the resource in `a right to get secrets …`. */
  reach: string;
  allowed: string;
  remedy: string;
}

const LISTS = ["apiGroups", "resources", "verbs", "resourceNames"];

/** The kinds of roles, and with them how far they reach. */
export const ROLE_KINDS = ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"];

/** Judges the rules of a role one by one, unless it has one of some names. */
export function judgeRules(
  subject: Subject,
  kinds: readonly string[],
  roles: readonly string[],
  judge: (rule: Tree, path: string) => Iterable<Judgement>,
): Iterable<Judgement> {
  return subject.is(...kinds) ? unlessNamed(subject, roles, judgeEach(subject.tree, judge)) : [];
}

/** Says of a role's rule which powers it gives, leaving alone those over resources by name. */
export function* judgePowers(rule: Tree, path: string, powers: readonly Power[], text: PowerText): Iterable<Judgement> {
  for (const { group, resources, verbs } of powers) {
    const inGroup = has(rule, "apiGroups", group, "*");
    for (const resource of resources) {
      const given = verbs.filter((verb) => has(rule, "verbs", verb, "*") === true);
      const isGiven = allOf([
        inGroup,
        has(rule, "resources", resource),
        has(rule, "verbs", ...verbs, "*"),
        not(isLimited(rule)),
      ]);
      if (isUnknown(isGiven)) yield* unknownListsOf(rule, path).map(undecided);
      if (isGiven === true) yield violation(path, given, resource, text);
    }
  }
}

/** Tells whether a list of a role's rule has one of some entries. */
export function has(rule: Tree, list: string, ...entries: string[]): Truth {
  if (isUnknown(childAt(rule, list))) return UNKNOWN;
  return anyOf(arrayAt(rule, list).map((entry) => isOneOf(entry, ...entries)));
}

/** Tells whether a role's rule is about resources by name only. */
export function isLimited(rule: Tree): Truth {
  const names = childAt(rule, "resourceNames");
  return isUnknown(names) ? UNKNOWN : arrayAt(rule, "resourceNames").length > 0;
}

/** Paths of what is not known yet in the lists of a role's rule. */
export function unknownListsOf(rule: Tree, path: string): string[] {
  if (isUnknown(rule)) return [path];
  return LISTS.flatMap((list) => {
    if (isUnknown(childAt(rule, list))) return [`${path}.${list}`];
    return arrayAt(rule, list).flatMap((entry, index) => (isUnknown(entry) ? [`${path}.${list}[${index}]`] : []));
  });
}

function* judgeEach(tree: Tree, judge: (rule: Tree, path: string) => Iterable<Judgement>): Iterable<Judgement> {
  if (isUnknown(childAt(tree, "rules"))) yield undecided("rules");
  for (const [index, rule] of arrayAt(tree, "rules").entries()) yield* judge(rule, `rules[${index}]`);
}

function violation(path: string, verbs: string[], resource: string, { reach, allowed, remedy }: PowerText): Violation {
  const listed = verbs.length < 2 ? verbs.join("") : `${verbs.slice(0, -1).join(", ")} and ${verbs.at(-1) ?? ""}`;
  return { path, observed: `a right to ${listed} ${resource}${reach}`, allowed, remedy };
}
