import { isBlocking, sumOf, type CheckedFinding, type CheckResult } from "../checking";
import { plainPath } from "../plain";
import { messageOf } from "./message";

const SEVERITIES = ["critical", "high", "medium", "low"];

/** Findings for people: under each file what is wrong in it, then a sum. */
export function asTable({ findings }: CheckResult): string {
  const byFile = new Map<string, string[]>();
  for (const finding of findings.filter(({ exemption }) => exemption === undefined)) {
    const file = plainPath(finding.document?.file ?? "policies");
    byFile.set(file, [...(byFile.get(file) ?? []), line(finding)]);
  }
  const parts = [...byFile].map(([file, lines]) => `${file}\n${lines.join("\n")}\n`);
  return [...parts, summary(findings)].join("\n");
}

function line(checked: CheckedFinding): string {
  const { document, position, level, finding } = checked;
  const place = document === undefined ? "" : `${position.line}:${position.column}`;
  return `  ${place.padEnd(8)} ${level.padEnd(9)} ${finding.severity.padEnd(8)} ${messageOf(checked)}`;
}

function summary(findings: CheckedFinding[]): string {
  const { mandatory, advisory, exempted } = sumOf(findings);
  const blocking = findings.filter(isBlocking);
  const bySeverity = SEVERITIES.map((severity) => {
    const count = blocking.filter(({ finding }) => finding.severity === severity).length;
    return count > 0 ? `${count} ${severity}` : "";
  }).filter((part) => part !== "");
  const severities = bySeverity.length > 0 ? ` (${bySeverity.join(", ")})` : "";
  const letPass = exempted > 0 ? `, ${exempted} let pass by exemptions` : "";
  return `${mandatory} mandatory${severities}, ${advisory} advisory${letPass}\n`;
}
