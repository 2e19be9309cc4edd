import { isTreeObject, type Tree, type TreeObject } from "../../components/model";
import { fileExemptionsOf, type FileExemption } from "./exemption-file";
import { LEVELS, REPORT_LEVELS } from "./levels";
import { levelIn, PROFILES, type Level, type Profile, type Rule, type Violation } from "./rule";
import { settingsSchema } from "./settings-schema";

/** How a rule is applied. */
export interface RuleSetting {
  /** `disabled` rules are not judged; `family` follows the level that the policy of the family runs at. */
  level: Level | "disabled" | "family";
  /** Whether the fixes are made that the rule offers, where the policy of the family runs at level `remediate`. */
  fixes: boolean;
  /** What it does that a value is not known yet. */
  undecided: Level;
  parameters: Record<string, unknown>;
}

/** How the rules of a family are applied, with everything that is wrong in the configuration this comes from. */
export interface Settings {
  of(rule: Rule): RuleSetting;
  exemptions: FileExemption[];
  /** What findings do about pods that were found by structure alone, in objects of kinds that are not known. */
  guesses: Level;
  problems: Violation[];
}

const REMEDY = "Correct the policy configuration; until then this entry has no effect.";

/** Collects mistakes, each at a path of the configuration. */
type Complain = (path: string, observed: string, allowed: string) => void;

/**
 * Reads the configuration of a family: `{ profile, rules: { "GPU-01": "advisory", "GPU-02": { level, …parameters } },
 * exemptions, guesses }`.
 *
 * Entries that cannot be read are reported and leave everything as it is by default, so a mistake never switches a rule
 * off.
 */
export function settingsOf(family: string, rules: readonly Rule[], config: Tree): Settings {
  const problems: Violation[] = [];
  const complain: Complain = (path, observed, allowed) => problems.push({ path, observed, allowed, remedy: REMEDY });
  const given: TreeObject = isTreeObject(config) ? config : {};
  const known = Object.keys(settingsSchema(rules));
  for (const key of Object.keys(given).filter((key) => !known.includes(key))) {
    complain(`${family}.${key}`, "not a setting", listed(known));
  }
  const profile = oneOf(given, "profile", PROFILES, family, complain) ?? "baseline";
  const guesses = oneOf(given, "guesses", REPORT_LEVELS, family, complain) ?? "advisory";
  const exemptions = fileExemptionsOf(given["exemptions"], `${family}.exemptions`, rules, problems);
  const entries = entriesOf(given["rules"], family, rules, complain);
  const settings = new Map(rules.map((rule) => [rule, settingOf(rule, entries.get(rule.id), profile)]));
  return { of: (rule) => settings.get(rule) ?? settingOf(rule, undefined, profile), exemptions, guesses, problems };
}

/** What configuration says of a rule, as far as it can be read. */
interface Entry {
  level?: (typeof LEVELS)[number] | undefined;
  undecided?: Level | undefined;
  parameters: Record<string, Tree>;
}

function settingOf(rule: Rule, entry: Entry | undefined, profile: Profile): RuleSetting {
  const byDefault = levelIn(rule, profile);
  const { level, undecided = "advisory", parameters = {} } = entry ?? {};
  const chosen = level ?? byDefault;
  const values = Object.entries(rule.parameters).map(([name, parameter]) => [
    name,
    Object.hasOwn(parameters, name) ? parameters[name] : parameter.default,
  ]);
  return {
    level: level === undefined && byDefault === "mandatory" ? "family" : chosen === "remediate" ? "family" : chosen,
    fixes: rule.fix !== undefined && (level === undefined || level === "remediate") && chosen !== "disabled",
    undecided,
    parameters: Object.fromEntries(values) as Record<string, unknown>,
  };
}

function entriesOf(given: Tree, family: string, rules: readonly Rule[], complain: Complain): Map<string, Entry> {
  if (given === undefined || given === null) return new Map();
  if (!isTreeObject(given)) {
    complain(`${family}.rules`, shown(given), "an object by rule id");
    return new Map();
  }
  const found = Object.entries(given).flatMap(([id, entry]): [string, Entry][] => {
    const path = `${family}.rules.${id}`;
    const ofId = rules.filter((rule) => rule.id === id);
    if (ofId.length > 0) return [[id, entryOf(entry, ofId, path, complain)]];
    complain(path, "not a rule of this policy", [...new Set(rules.map((rule) => rule.id))].join(", "));
    return [];
  });
  return new Map(found);
}

/** Reads one entry; several rules may share an id, and with it the entry. */
function entryOf(entry: Tree, rules: Rule[], path: string, complain: Complain): Entry {
  const parameters = Object.assign({}, ...rules.map((rule) => rule.parameters)) as Rule["parameters"];
  if (!isTreeObject(entry)) {
    const level = LEVELS.find((known) => known === entry);
    if (level !== undefined) return { level, parameters: {} };
    complain(path, shown(entry), `${listed(LEVELS)} or an object with "level" and the rule's parameters`);
    return { parameters: {} };
  }
  const read: Record<string, Tree> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (key === "level" || key === "undecided") continue;
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) {
      complain(`${path}.${key}`, "not a parameter", listed(["level", "undecided", ...Object.keys(parameters)]));
    } else if (parameter.accepts(value)) {
      read[key] = value;
    } else {
      complain(`${path}.${key}`, shown(value), parameter.description);
    }
  }
  return {
    level: oneOf(entry, "level", LEVELS, path, complain),
    undecided: oneOf(entry, "undecided", REPORT_LEVELS, path, complain),
    parameters: read,
  };
}

function oneOf<T extends string>(
  given: TreeObject,
  key: string,
  values: readonly T[],
  path: string,
  complain: Complain,
): T | undefined {
  if (!Object.hasOwn(given, key)) return undefined;
  const found = values.find((value) => value === given[key]);
  if (found === undefined) complain(`${path}.${key}`, shown(given[key]), listed(values));
  return found;
}

function listed(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}

function shown(value: Tree): string {
  return JSON.stringify(value) ?? "absent";
}
