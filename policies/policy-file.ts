import { isTreeObject, type Tree, type TreeObject } from "../components/model";
import { fileExemptionsOf } from "./engine/exemption-file";
import type { Rule } from "./engine/rule";
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

function settingsFor(rules: Rule[], { profile, guesses, rules: entries, exemptions }: TreeObject): TreeObject {
  const ids = new Set(rules.map(({ id }) => id));
  const own = Object.entries(isTreeObject(entries) ? entries : {}).filter(([id]) => ids.has(id));
  const ofRules = fileExemptionsOf(exemptions, "exemptions", rules, []).map(
    ({ rule, object, reason, owner, until }): TreeObject => ({ rule, object, reason, owner, until }),
  );
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(guesses === undefined ? {} : { guesses }),
    ...(own.length > 0
      ? { rules: Object.fromEntries(own.map(([id, entry]) => [id, entryFor(entry, id, rules)])) }
      : {}),
    ...(ofRules.length > 0 ? { exemptions: ofRules } : {}),
  };
}

/** Several rules in several policies may share an id; each policy gets the parameters of its own. */
function entryFor(entry: Tree, id: string, rules: Rule[]): Tree {
  if (!isTreeObject(entry)) return entry;
  const ofId = rules.filter((rule) => rule.id === id);
  const known = new Set(["level", "undecided", ...ofId.flatMap(({ parameters }) => Object.keys(parameters))]);
  return Object.fromEntries(Object.entries(entry).filter(([key]) => known.has(key)));
}
