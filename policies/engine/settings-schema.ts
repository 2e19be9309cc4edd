import { LEVELS, REPORT_LEVELS } from "./levels";
import { PROFILES, type Rule } from "./rule";

/** JSON schema of the properties of a family's configuration; Pulumi checks them before it starts a preview. */
export function settingsSchema(rules: readonly Rule[]): Record<string, object> {
  const ids = [...new Set(rules.map((rule) => rule.id))];
  const entries = ids.map((id) => [id, entrySchema(rules.filter((rule) => rule.id === id))] as const);
  return {
    profile: {
      type: "string",
      description: "Named set of levels; baseline where it is absent.",
      enum: [...PROFILES],
    },
    rules: {
      type: "object",
      description: "Level and parameters by rule id.",
      properties: Object.fromEntries(entries),
      additionalProperties: false,
    },
    exemptions: {
      type: "array",
      description: "Reviewed exemptions, each with reason, owner and day of expiry.",
      items: {
        type: "object",
        properties: {
          rule: { type: "string", enum: ids },
          object: { type: "string", description: "Title or URN of the objects it is for; * stands for any text." },
          reason: { type: "string", description: "Why, in at least 15 characters." },
          owner: { type: "string", description: "Who answers for it." },
          until: { type: "string", description: "Last day it is in force: YYYY-MM-DD, at most 180 days ahead." },
        },
        required: ["rule", "object", "reason", "owner", "until"],
        additionalProperties: false,
      },
    },
    guesses: {
      type: "string",
      description: "Level of findings about pods of kinds that are not known; advisory where it is absent.",
      enum: [...REPORT_LEVELS],
    },
  };
}

function entrySchema(rules: Rule[]): object {
  const parameters = rules.flatMap((rule) =>
    Object.entries(rule.parameters).map(([name, { schema, description, default: value }]) => [
      name,
      { ...schema, description, default: value },
    ]),
  );
  return {
    description: rules.map(({ title }) => title).join("; "),
    type: ["string", "object"],
    pattern: `^(${LEVELS.join("|")})$`,
    properties: {
      level: { type: "string", enum: [...LEVELS] },
      undecided: { type: "string", enum: [...REPORT_LEVELS] },
      ...(Object.fromEntries(parameters) as object),
    },
    additionalProperties: false,
  };
}
