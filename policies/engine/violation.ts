import type { ReportViolation } from "@pulumi/policy";
import { describeFinding } from "../../components/model";
import type { Report } from "./verdict";

/** Hands reports to CrossGuard, each under the id, level and severity of its own rule; exempted ones are left out. */
export function reportTo(reportViolation: ReportViolation, reports: Report[]): void {
  const told = reports.filter(({ exemption }) => exemption === undefined);
  for (const report of told) reportViolation(new RuleViolation(report) as unknown as string, report.urn);
}

/**
 * A report in the form that `@pulumi/policy` 1.21 reads beyond its declared type, which knows text only.
 *
 * A version that indeed knows text only finds the message, which begins with the rule's id, by way of `toString`.
 */
class RuleViolation {
  readonly name: string;
  readonly description: string;
  readonly message: string;
  readonly severity: string;
  readonly enforcementLevel: string | undefined;
  readonly urn: string | undefined;

  constructor({ finding, title, level, urn }: Report) {
    this.name = finding.rule;
    this.description = title;
    this.message = describeFinding(finding);
    this.severity = finding.severity;
    this.enforcementLevel = level;
    this.urn = urn;
  }

  toString(): string {
    return this.message;
  }
}
