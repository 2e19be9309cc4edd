import type { Rule } from "../../../policies/engine/rule";
import type { CheckedFinding, CheckResult } from "../checking";
import { plain } from "../plain";
import { justificationOf, messageOf } from "./message";

/** Scores by which GitHub sorts findings of security, from the highest. */
const SECURITY_SEVERITY = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

/** What the log tells beside the findings. */
export interface SarifOptions {
  /** Command that judged; `mlstack check` by default. */
  tool?: string;
  /** Version of mlstack. */
  version: string;
  /** Path of the policy file, where there is one. */
  policyFile?: string | undefined;
  /** Keeps exempted findings, as suppressed ones: GitHub shows these as if they were open. */
  showExempted?: boolean | undefined;
  /** What tells a finding from others of its rule on the same line; by default code hosts take them for one. */
  fingerprintOf?: (finding: CheckedFinding) => string;
}

/**
 * Findings as SARIF 2.1.0, which GitHub and others show beside the code. GitHub takes no finding without a file: those
 * about configuration are at the policy file, or notifications where there is none.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function asSarif({ findings, rules }: CheckResult, options: SarifOptions): string {
  const { tool = "mlstack check", version, policyFile, showExempted = false, fingerprintOf } = options;
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ finding }) => finding.rule)])].toSorted();
  const shown = findings.filter(({ exemption }) => showExempted || exemption === undefined);
  const fileOf = ({ document }: CheckedFinding) => document?.file ?? policyFile;
  const notifications = shown.filter((finding) => fileOf(finding) === undefined).map(notificationOf);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: tool, version, rules: ids.map((id) => ruleOf(id, rules)) },
        },
        ...(notifications.length === 0
          ? {}
          : { invocations: [{ executionSuccessful: true, toolConfigurationNotifications: notifications }] }),
        results: shown.flatMap((finding) => {
          const file = fileOf(finding);
          if (file === undefined) return [];
          const own = fingerprintOf === undefined ? {} : fingerprints(fingerprintOf(finding));
          return [{ ...resultOf(finding, file, ids), ...own }];
        }),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** One entry for all rules that share an id, as strict and as severe as the strictest of them. */
function ruleOf(id: string, all: readonly Rule[]): object {
  const rules = all.filter((rule) => rule.id === id);
  const [rule] = rules;
  if (rule === undefined) return { id, shortDescription: { text: "About the policies themselves" } };
  const [, score] = Object.entries(SECURITY_SEVERITY).find(([name]) =>
    rules.some(({ severity }) => severity === name),
  )!;
  return {
    id,
    shortDescription: { text: rules.map(({ title }) => title).join("; ") },
    fullDescription: { text: rule.why },
    help: { text: rule.remediation },
    helpUri: rule.url,
    defaultConfiguration: { level: sarifLevel(rules.some(({ level }) => level === "mandatory")) },
    properties: { "security-severity": score, tags: ["security", rule.family] },
  };
}

function resultOf(checked: CheckedFinding, file: string, ids: string[]): object {
  const { finding, level, position, exemption } = checked;
  const { line: startLine, column: startColumn } = position;
  const justification = exemption === undefined ? undefined : justificationOf(exemption);
  return {
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: sarifLevel(level === "mandatory"),
    message: { text: messageOf(checked) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine, startColumn } },
        logicalLocations: [{ fullyQualifiedName: plain(`${finding.object}: ${finding.path}`) }],
      },
    ],
    ...(justification === undefined ? {} : { suppressions: [{ kind: "external", status: "accepted", justification }] }),
  };
}

/** GitHub reads this one. */
function fingerprints(primaryLocationLineHash: string): object {
  return { partialFingerprints: { primaryLocationLineHash } };
}

function notificationOf(checked: CheckedFinding): object {
  return {
    descriptor: { id: checked.finding.rule },
    level: sarifLevel(checked.level === "mandatory"),
    message: { text: messageOf(checked) },
  };
}

function sarifLevel(isMandatory: boolean): "error" | "warning" {
  return isMandatory ? "error" : "warning";
}

/** SARIF wants relative references as URIs. */
function uriOf(file: string): string {
  if (file === "-") return "stdin";
  const parts = file.replaceAll("\\", "/").replace(/^\.\//, "").split("/");
  return parts.map(encodeURIComponent).join("/");
}
