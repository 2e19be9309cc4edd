import { createHash } from "node:crypto";
import { ALL_RULES } from "../../policies/packs";
import type { CheckedFinding } from "../check/checking";
import { asSarif } from "../check/formats/sarif";
import { sectionOf } from "./finding-sections";
import type { PlanReport, ReportedFinding } from "./report";

/**
 * The findings of a plan as SARIF 2.1.0. What a program registers stands on no line of any file, so each finding is at the
 * beginning of the file that configures the stack, and is told apart from others there by rule, object and path.
 *
 * @param file path of the stack's configuration from the root of the repository.
 * @param version version of mlstack.
 */
export function planSarif({ findings }: PlanReport, { file, version }: { file: string; version: string }): string {
  const rules = ALL_RULES.filter(({ id }) => sectionOf(id) !== undefined);
  return asSarif(
    { findings: findings.map(checkedFinding), rules },
    { tool: "mlstack plan", version, policyFile: file, fingerprintOf: fingerprint },
  );
}

function checkedFinding({ section: _section, level, message: _message, ...finding }: ReportedFinding): CheckedFinding {
  return { finding, level, title: "", urn: undefined, document: undefined, position: { line: 1, column: 1 } };
}

/** GitHub takes results of one rule on the same line for the same alert, unless they say otherwise. */
function fingerprint({ finding: { rule, object, path } }: CheckedFinding): string {
  return createHash("sha256").update([rule, object, path].join("\0")).digest("hex").slice(0, 16);
}
