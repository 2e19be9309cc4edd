import { describeFinding } from "../../../components/model";
import type { Rule } from "../../../policies/engine/rule";
import type { CheckedFinding, CheckResult } from "../checking";

/** Scores by which GitHub sorts findings of security. */
const SECURITY_SEVERITY = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * Findings as SARIF 2.1.0, which GitHub and others show beside the code. Exempted findings are there as suppressed ones.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function asSarif({ findings, rules }: CheckResult, version: string): string {
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ finding }) => finding.rule)])].toSorted();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "mlstack check",
            version,
            rules: ids.map((id) =>
              ruleOf(
                id,
                rules.filter((rule) => rule.id === id),
              ),
            ),
          },
        },
        results: findings.map((finding) => resultOf(finding, ids)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** One entry for all rules that share an id. */
function ruleOf(id: string, [rule, ...others]: Rule[]): object {
  if (rule === undefined) return { id, shortDescription: { text: "About the policies themselves" } };
  const titles = [rule, ...others].map(({ title }) => title);
  return {
    id,
    shortDescription: { text: titles.join("; ") },
    fullDescription: { text: rule.why },
    help: { text: rule.remediation },
    helpUri: rule.url,
    defaultConfiguration: { level: rule.level === "mandatory" ? "error" : "warning" },
    properties: { "security-severity": SECURITY_SEVERITY[rule.severity], tags: ["security", rule.family] },
  };
}

function resultOf({ finding, level, document, position, exemption }: CheckedFinding, ids: string[]): object {
  const { line: startLine, column: startColumn } = position;
  return {
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: level === "mandatory" ? "error" : "warning",
    message: { text: describeFinding(finding) },
    locations: [
      {
        ...(document === undefined
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: uriOf(document.file) },
                region: { startLine, startColumn },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: `${finding.object}: ${finding.path}` }],
      },
    ],
    ...(exemption === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: `${exemption.reason} (${exemption.owner}, until ${exemption.until})`,
            },
          ],
        }),
  };
}

/** SARIF wants relative references as URIs. */
function uriOf(file: string): string {
  if (file === "-") return "stdin";
  const parts = file.replaceAll("\\", "/").replace(/^\.\//, "").split("/");
  return parts.map(encodeURIComponent).join("/");
}
