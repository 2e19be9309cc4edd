import { isTreeObject, type Tree, type TreeObject } from "../../components/model";
import type { Level, Rule, Violation } from "./rule";

/** How a rule is applied. */
export interface RuleSetting {
  /** `disabled` rules are not judged; `family` follows the level that the policy of the family runs at. */
  level: Level | "disabled" | "family";
  parameters: Record<string, unknown>;
}

/** The settings of a family's rules by rule id, with everything that is wrong in the configuration they come from. */
export interface Settings {
  of(rule: Rule): RuleSetting;
  problems: Violation[];
}

const LEVELS = ["advisory", "mandatory", "disabled"] as const;
const ALLOWED_ENTRY = `"advisory", "mandatory", "disabled" or an object with "level" and the rule's parameters`;
const REMEDY = "Correct the policy configuration; until then this entry has no effect.";

/**
 * Reads the configuration of a family: `{ rules: { "GPU-01": "advisory", "GPU-02": { level, ...parameters } } }`.
 *
 * Entries that cannot be read are reported and leave the rule as it is by default, so a mistake never switches a rule off.
 */
export function settingsOf(family: string, rules: Rule[], config: Tree): Settings {
  const problems: Violation[] = [];
  const given: TreeObject = isTreeObject(config) ? config : {};
  for (const key of Object.keys(given).filter((key) => key !== "rules")) {
    problems.push({ path: `${family}.${key}`, observed: "not a setting", allowed: `"rules"`, remedy: REMEDY });
  }
  const entries = given["rules"] ?? {};
  if (!isTreeObject(entries)) {
    problems.push({
      path: `${family}.rules`,
      observed: shown(entries),
      allowed: "an object by rule id",
      remedy: REMEDY,
    });
    return { of: defaultSetting, problems };
  }
  const settings = new Map<string, RuleSetting>();
  for (const [id, entry] of Object.entries(entries)) {
    const rule = rules.find((rule) => rule.id === id);
    const path = `${family}.rules.${id}`;
    if (rule === undefined) {
      const ids = rules.map((rule) => rule.id).join(", ");
      problems.push({ path, observed: "not a rule of this policy", allowed: ids, remedy: REMEDY });
    } else {
      settings.set(id, readEntry(rule, entry, path, problems));
    }
  }
  return { of: (rule) => settings.get(rule.id) ?? defaultSetting(rule), problems };
}

/** JSON schema of the configuration that {@link settingsOf} reads; Pulumi checks it before it starts a preview. */
export function settingsSchema(rules: Rule[]): object {
  const properties = Object.fromEntries(rules.map((rule) => [rule.id, entrySchema(rule)]));
  return { type: "object", description: "Level and parameters by rule id.", properties, additionalProperties: false };
}

function entrySchema(rule: Rule): object {
  const parameters = mapValues(rule.parameters, (parameter) => ({
    ...parameter.schema,
    description: parameter.description,
    default: parameter.default,
  }));
  return {
    description: rule.title,
    type: ["string", "object"],
    pattern: `^(${LEVELS.join("|")})$`,
    properties: { level: { type: "string", enum: [...LEVELS] }, ...parameters },
    additionalProperties: false,
  };
}

function defaultSetting(rule: Rule): RuleSetting {
  const parameters = mapValues(rule.parameters, (parameter) => parameter.default);
  return { level: rule.level === "mandatory" ? "family" : rule.level, parameters };
}

function readEntry(rule: Rule, entry: Tree, path: string, problems: Violation[]): RuleSetting {
  const setting = defaultSetting(rule);
  const setLevel = (level: Tree, at: string, allowed: string): void => {
    const found = LEVELS.find((known) => known === level);
    if (found === undefined) problems.push({ path: at, observed: shown(level), allowed, remedy: REMEDY });
    else setting.level = found;
  };
  if (!isTreeObject(entry)) {
    setLevel(entry, path, ALLOWED_ENTRY);
    return setting;
  }
  for (const [key, value] of Object.entries(entry)) {
    const parameter = Object.hasOwn(rule.parameters, key) ? rule.parameters[key] : undefined;
    if (key === "level") {
      setLevel(value, `${path}.level`, LEVELS.map((level) => `"${level}"`).join(", "));
    } else if (parameter === undefined) {
      const names = ["level", ...Object.keys(rule.parameters)].map((name) => `"${name}"`).join(", ");
      problems.push({ path: `${path}.${key}`, observed: "not a parameter", allowed: names, remedy: REMEDY });
    } else if (parameter.accepts(value)) {
      setting.parameters[key] = value;
    } else {
      problems.push({ path: `${path}.${key}`, observed: shown(value), allowed: parameter.description, remedy: REMEDY });
    }
  }
  return setting;
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function shown(value: Tree): string {
  return JSON.stringify(value);
}
