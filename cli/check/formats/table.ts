import { describeFinding } from "../../../components/model";
import { isBlocking, type CheckedFinding, type CheckResult } from "../checking";
import { EXEMPTIONS_IN_FORCE } from "../../../policies/engine/exemptions";

const SEVERITIES = ["critical", "high", "medium", "low"];

/** Findings for people: under each file what is wrong in it, then a sum. */
export function asTable({ findings }: CheckResult): string {
  const shown = findings.filter(({ exemption }) => exemption === undefined);
  const fileOf = ({ document }: CheckedFinding) => document?.file ?? "policies";
  const parts = [...new Set(shown.map(fileOf))].map((file) => {
    const ofFile = shown.filter((finding) => fileOf(finding) === file);
    return `${file}\n${ofFile.map(line).join("\n")}\n`;
  });
  return [...parts, summary(findings)].join("\n");
}

function line(finding: CheckedFinding): string {
  const { document, position, level, finding: found } = finding;
  const place = document === undefined ? "" : `${position.line}:${position.column}`;
  return `  ${place.padEnd(8)} ${level.padEnd(9)} ${found.severity.padEnd(8)} ${describeFinding(found)}`;
}

function summary(findings: CheckedFinding[]): string {
  const exempted = findings.filter(({ exemption }) => exemption !== undefined).length;
  const told = findings.filter(({ exemption, finding }) => !exemption && finding.rule !== EXEMPTIONS_IN_FORCE);
  const blocking = told.filter(isBlocking);
  const bySeverity = SEVERITIES.map((severity) => {
    const count = blocking.filter(({ finding }) => finding.severity === severity).length;
    return count > 0 ? `${count} ${severity}` : "";
  }).filter((part) => part !== "");
  const severities = bySeverity.length > 0 ? ` (${bySeverity.join(", ")})` : "";
  const letPass = exempted > 0 ? `, ${exempted} let pass by exemptions` : "";
  return `${blocking.length} mandatory${severities}, ${told.length - blocking.length} advisory${letPass}\n`;
}
