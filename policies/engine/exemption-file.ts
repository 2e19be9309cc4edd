import { arrayAt, isTreeObject, stringAt, type Tree } from "../../components/model";
import type { Exemption } from "./exemption";
import type { Rule, Violation } from "./rule";

/** An exemption from configuration, which somebody reviewed. */
export interface FileExemption extends Exemption {
  /** Title (`Job ml/mnist`) or URN of the objects it is for; `*` stands for any text. */
  object: string;
}

const FIELDS = ["rule", "object", "reason", "owner", "until"] as const;
const REMEDY = "Correct the policy configuration; until then this exemption is not in force.";

/** Reads the exemptions of a configuration; entries that cannot be read are reported and left out. */
export function fileExemptionsOf(
  given: Tree,
  path: string,
  rules: readonly Rule[],
  problems: Violation[],
): FileExemption[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    problems.push({ path, observed: "no list", allowed: "a list of exemptions", remedy: REMEDY });
    return [];
  }
  return arrayAt({ given }, "given").flatMap((entry, index) => {
    const at = `${path}[${index}]`;
    const faults = faultsOfEntry(entry, at, rules);
    problems.push(...faults);
    if (faults.length > 0) return [];
    const [rule = "", object = "", reason = "", owner = "", until = ""] = FIELDS.map((field) => stringAt(entry, field));
    return [{ rule, object, reason, owner, until, source: `exemption from ${rule} for "${object}"` }];
  });
}

function faultsOfEntry(entry: Tree, at: string, rules: readonly Rule[]): Violation[] {
  if (!isTreeObject(entry)) return [{ path: at, observed: "no object", allowed: FIELDS.join(", "), remedy: REMEDY }];
  const strange = Object.keys(entry).filter((key) => !FIELDS.some((field) => field === key));
  const missing = FIELDS.filter((field) => stringAt(entry, field) === undefined);
  const id = stringAt(entry, "rule");
  const ids = [...new Set(rules.map((rule) => rule.id))];
  return [
    ...strange.map((key) => ({
      path: `${at}.${key}`,
      observed: "not a field of an exemption",
      allowed: FIELDS.join(", "),
      remedy: REMEDY,
    })),
    ...missing.map((field) => ({ path: `${at}.${field}`, observed: "absent", allowed: "text", remedy: REMEDY })),
    ...(id === undefined || ids.includes(id)
      ? []
      : [{ path: `${at}.rule`, observed: "not a rule of this policy", allowed: ids.join(", "), remedy: REMEDY }]),
  ];
}
