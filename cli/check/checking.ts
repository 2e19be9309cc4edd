import type { Tree } from "../../components/model";
import { judgeAll } from "../../policies/engine/judge-all";
import type { Level, Rule } from "../../policies/engine/rule";
import { settingsOf } from "../../policies/engine/settings";
import type { Report } from "../../policies/engine/verdict";
import { subjectsOf } from "../../policies/engine/written-resource";
import { ALL_RULES } from "../../policies/packs";
import { positionOf, type CheckedDocument, type Position } from "./document";

/** One finding with the place in a file that it is about. */
export interface CheckedFinding extends Report {
  level: Level;
  /** Undefined where it is about no document, but about configuration or exemptions. */
  document: CheckedDocument | undefined;
  position: Position;
}

/** What a check found. */
export interface CheckResult {
  findings: CheckedFinding[];
  /** The rules that judged. */
  rules: readonly Rule[];
}

/**
 * Judges documents by all rules, each beside all others.
 *
 * @param configuration content of a policy file.
 * @param today day on which exemptions are judged, as `YYYY-MM-DD`.
 */
export function check(documents: CheckedDocument[], configuration: Tree, today: string): CheckResult {
  const settings = settingsOf("policies", ALL_RULES, configuration);
  const subjects = subjectsOf(documents.map(({ resource }) => resource));
  const byUrn = new Map(documents.map((document, index) => [subjects[index]!.urn, document]));
  const findings = judgeAll(ALL_RULES, settings, subjects, today).map((report): CheckedFinding => {
    const document = byUrn.get(report.urn ?? "");
    const position = document === undefined ? { line: 1, column: 1 } : positionOf(document, report.finding.path);
    return { ...report, level: report.level ?? "mandatory", document, position };
  });
  const place = ({ document }: CheckedFinding) => (document === undefined ? -1 : documents.indexOf(document));
  return {
    findings: findings.toSorted((a, b) => place(a) - place(b) || a.position.line - b.position.line),
    rules: ALL_RULES.filter((rule) => settings.of(rule).level !== "disabled"),
  };
}

/** Tells whether a finding stops a deployment. */
export function isBlocking({ level, exemption }: CheckedFinding): boolean {
  return level === "mandatory" && exemption === undefined;
}
