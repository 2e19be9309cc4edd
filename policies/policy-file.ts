import { isTreeObject, type Tree, type TreeObject } from "../components/model";
import { fileExemptionsOf } from "./engine/exemption-file";
import { levelIn, PROFILES, type Rule } from "./engine/rule";
import { policyNameOf } from "./engine/policy-name";
import { PACKS } from "./packs";

/**
 * What a pack's policies are told by one policy file, in the form that Pulumi takes with `--policy-pack-config`: the
 * settings of all policies by their name, each with the entries of its own rules.
 *
 * @param file content of a policy file: `profile`, `rules`, `exemptions` and `guesses` for all packs together.
 */
export function packConfiguration(pack: string, file: Tree): Record<string, TreeObject> {
  const rules = PACKS[pack] ?? [];
  const given = isTreeObject(file) ? file : {};
  const policies = [...new Set(rules.map(policyNameOf))];
  return Object.fromEntries(
    policies.map((policy) => [
      policy,
      settingsFor(
        rules.filter((rule) => policyNameOf(rule) === policy),
        given,
      ),
    ]),
  );
}

function settingsFor(rules: Rule[], given: TreeObject): TreeObject {
  const { profile, guesses, exemptions } = given;
  const entries = entriesFor(rules, given);
  const ofRules = fileExemptionsOf(exemptions, "exemptions", rules, []).map(
    ({ rule, object, reason, owner, until }): TreeObject => ({ rule, object, reason, owner, until }),
  );
  // Only a policy at this level changes anything, and then by every rule whose entry does not say otherwise.
  const fixes = Object.values(entries).some((entry) => levelOf(entry) === "remediate");
  const all = fixes ? { ...entries, ...levelsOfOthers(rules, entries, profile) } : entries;
  return {
    ...(fixes ? { enforcementLevel: "remediate" } : {}),
    ...(profile === undefined ? {} : { profile }),
    ...(guesses === undefined ? {} : { guesses }),
    ...(Object.keys(all).length > 0 ? { rules: all } : {}),
    ...(ofRules.length > 0 ? { exemptions: ofRules } : {}),
  };
}

function entriesFor(rules: Rule[], { rules: given }: TreeObject): TreeObject {
  const ids = new Set(rules.map(({ id }) => id));
  const own = Object.entries(isTreeObject(given) ? given : {}).filter(([id]) => ids.has(id));
  return Object.fromEntries(own.map(([id, entry]) => [id, entryFor(entry, id, rules)]));
}

function levelOf(entry: Tree): Tree {
  return isTreeObject(entry) ? entry["level"] : entry;
}

/** The level of each rule that offers a fix and has no entry of its own. */
function levelsOfOthers(rules: Rule[], entries: TreeObject, profile: Tree): TreeObject {
  const chosen = PROFILES.find((known) => known === profile) ?? "baseline";
  const others = rules.filter(({ id, fix }) => fix !== undefined && levelOf(entries[id]) === undefined);
  return Object.fromEntries(others.map((rule) => [rule.id, withLevel(entries[rule.id], levelIn(rule, chosen))]));
}

function withLevel(entry: Tree, level: string): Tree {
  return isTreeObject(entry) ? { ...entry, level } : level;
}

/** Several rules in several policies may share an id; each policy gets the parameters of its own. */
function entryFor(entry: Tree, id: string, rules: Rule[]): Tree {
  if (!isTreeObject(entry)) return entry;
  const ofId = rules.filter((rule) => rule.id === id);
  const known = new Set(["level", "undecided", ...ofId.flatMap(({ parameters }) => Object.keys(parameters))]);
  return Object.fromEntries(Object.entries(entry).filter(([key]) => known.has(key)));
}
