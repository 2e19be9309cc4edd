import type { Tree } from "../../components/model";
import { stepsOf } from "../../policies/engine/edit";
import { EXEMPTIONS_IN_FORCE } from "../../policies/engine/exemptions";
import { judgeAll } from "../../policies/engine/judge-all";
import type { Level, Rule } from "../../policies/engine/rule";
import { settingsOf } from "../../policies/engine/settings";
import type { Report } from "../../policies/engine/verdict";
import { subjectsOf } from "../../policies/engine/written-resource";
import { ALL_RULES } from "../../policies/packs";
import { positionOf, type CheckedDocument, type Position } from "./document";

/** One finding with the place in a file that it is about; it has a `fix` only where that can be written there. */
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
  const fixing = new Set(ALL_RULES.filter((rule) => settings.of(rule).fixes).map(({ id }) => id));
  const findings = judgeAll(ALL_RULES, settings, subjects, today).map(({ fix, ...report }): CheckedFinding => {
    const document = byUrn.get(report.urn ?? "");
    const position = document === undefined ? { line: 1, column: 1 } : positionOf(document, report.finding.path);
    const isWritable = document !== undefined && !document.isState && fixing.has(report.finding.rule);
    const isInside = fix?.every(({ path }) => stepsOf(path) !== undefined);
    const ofFile = fix !== undefined && isWritable && isInside ? { fix } : {};
    return { ...report, ...ofFile, level: report.level ?? "mandatory", document, position };
  });
  const places = new Map(documents.map((document, index) => [document, index]));
  const place = ({ document }: CheckedFinding) => (document && places.get(document)) ?? -1;
  return {
    findings: findings.toSorted((a, b) => place(a) - place(b) || a.position.line - b.position.line),
    rules: ALL_RULES.filter((rule) => settings.of(rule).level !== "disabled"),
  };
}

/** Tells whether a finding stops a deployment. */
export function isBlocking({ level, exemption }: CheckedFinding): boolean {
  return level === "mandatory" && exemption === undefined;
}

/** Tells whether `--fix` mends what a finding is about. */
export function isFixable({ fix, exemption }: CheckedFinding): boolean {
  return fix !== undefined && exemption === undefined;
}

/** How many findings there are; the one that counts the exemptions is none of them. */
export function sumOf(findings: CheckedFinding[]): { mandatory: number; advisory: number; exempted: number } {
  const exempted = findings.filter(({ exemption }) => exemption !== undefined).length;
  const mandatory = findings.filter(isBlocking).length;
  const counts = findings.filter(({ finding }) => finding.rule === EXEMPTIONS_IN_FORCE).length;
  return { mandatory, advisory: findings.length - mandatory - exempted - counts, exempted };
}
