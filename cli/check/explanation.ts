import type { Rule } from "../../policies/engine/rule";
import { levelIn, PROFILES } from "../../policies/engine/rule";
import { policyNameOf } from "../../policies/engine/policy-name";
import { PACKS } from "../../policies/packs";

/** Rules that share an id, as one page tells of them. */
export interface ExplainedRule {
  id: string;
  pack: string;
  rules: readonly Rule[];
}

/** Every id with its rules, in the order of packs and of ids. */
export function explainedRules(): ExplainedRule[] {
  return Object.entries(PACKS).flatMap(([pack, rules]) => {
    const ids = [...new Set(rules.map(({ id }) => id))].toSorted();
    return ids.map((id) => ({ id, pack, rules: rules.filter((rule) => rule.id === id) }));
  });
}

/** The page about a rule in Markdown, which reads well in a terminal, too. */
export function explanationOf({ id, pack, rules }: ExplainedRule): string {
  const sections = rules.map((rule) => sectionOf(rule, rules.length > 1 ? "###" : "##"));
  const [only] = rules;
  const title = rules.length === 1 && only !== undefined ? `# ${id}: ${only.title}` : `# ${id}`;
  const intro = rules.length === 1 ? [] : rules.map((rule) => `## ${rule.title}`);
  const body = rules.length === 1 ? sections : rules.flatMap((_, index) => [intro[index]!, sections[index]!]);
  return `${[title, `Pack \`${pack}\`.`, ...body].join("\n\n")}\n`;
}

function sectionOf(rule: Rule, heading: string): string {
  const levels = PROFILES.map((profile) => `${profile}: ${levelIn(rule, profile)}`).join(", ");
  const facts = [
    `- Severity: ${rule.severity}`,
    `- Level: ${levels}`,
    `- Policy: \`${policyNameOf(rule)}\``,
    ...(rule.fix === undefined ? [] : [`- Fix: ${rule.fix}`]),
    ...(rule.frameworks ?? []).map(
      ({ name, version, reference }) => `- ${name}${version === undefined ? "" : ` ${version}`}: ${reference}`,
    ),
    `- See <${rule.url}>`,
  ];
  return [
    rule.why,
    rule.remediation,
    facts.join("\n"),
    ...parametersOf(rule, heading),
    `${heading} Refused`,
    fenced(rule.examples.bad),
    `${heading} Accepted`,
    fenced(rule.examples.good),
  ].join("\n\n");
}

function parametersOf({ parameters }: Rule, heading: string): string[] {
  const rows = Object.entries(parameters).map(
    ([name, { description, default: value }]) =>
      `- \`${name}\`: ${description}. Default: \`${JSON.stringify(value)}\`.`,
  );
  return rows.length === 0 ? [] : [`${heading} Parameters`, rows.join("\n")];
}

function fenced(yaml: string): string {
  return `\`\`\`yaml\n${yaml.trim()}\n\`\`\``;
}

/** The page that lists all rules in a table per pack, in Markdown. */
export function ruleIndex(): string {
  const tables = Object.entries(PACKS).map(([pack, rules]) => {
    const rows = rules.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)).map(indexRow);
    const heading = ["Rule", "What holds", "Severity", "dev", "baseline", "restricted", "prod", "Fix", "Policy"];
    const lines = [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
    return `## ${pack}\n\n${lines.join("\n")}`;
  });
  const count = explainedRules().length;
  const intro =
    `The ${count} rules of the packs with their level in each profile. How to configure, exempt and fix is told in ` +
    "[policies.md](../policies.md). `npm run check -- --explain GPU-01` prints a page.";
  return `${["# Rules", intro, ...tables].join("\n\n")}\n`;
}

function indexRow(rule: Rule): string[] {
  const levels = PROFILES.map((profile) => levelIn(rule, profile));
  const fix = rule.fix === undefined ? "" : "yes";
  return [`[${rule.id}](${rule.id}.md)`, rule.title, rule.severity, ...levels, fix, `\`${policyNameOf(rule)}\``];
}
