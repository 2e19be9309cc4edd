import type { Severity } from "../../components/model";
import { faultsOf, type Exemption } from "./exemption";
import { annotatedExemptionsOf, type AnnotatedExemption } from "./exemption-annotation";
import { fits, type FileExemption } from "./exemption-file";
import type { Rule, Violation } from "./rule";
import type { Subject } from "./subject";
import type { Report } from "./verdict";

/** Id of the findings about exemptions themselves. */
export const BAD_EXEMPTION = "META-01";

/** Id of the finding that tells how many exemptions are in force. */
export const EXEMPTIONS_IN_FORCE = "META-04";

/**
 * What became of the exemptions in one run: packs fill it resource by resource, and tell the sum at the end, as nothing
 * else sees all resources and all findings.
 */
export class ExemptionLedger {
  readonly #known = new Map<string, Exemption>();
  readonly #used = new Set<string>();

  /** Notes exemptions that may come to be used. */
  expect(exemptions: readonly Exemption[]): void {
    for (const exemption of exemptions) this.#known.set(exemption.source, exemption);
  }

  /** Notes that an exemption let a finding pass, or may do so once everything is known. */
  use(exemption: Exemption): void {
    this.#used.add(exemption.source);
  }

  /** The exemptions that let findings pass. */
  get inForce(): Exemption[] {
    return [...this.#known.values()].filter(({ source }) => this.#used.has(source));
  }

  /** The exemptions that nothing needed. */
  get unused(): Exemption[] {
    return [...this.#known.values()].filter(({ source }) => !this.#used.has(source));
  }

  /** Forgets everything, for the next run. */
  clear(): void {
    this.#known.clear();
    this.#used.clear();
  }
}

/** Exemptions that may apply to the findings of a family, on some day. */
export interface ExemptionContext {
  rules: readonly Rule[];
  fromFile: readonly FileExemption[];
  /** `YYYY-MM-DD`. */
  today: string;
  ledger: ExemptionLedger;
}

/**
 * Marks the reports that an exemption lets pass, and notes in the ledger which ones were of use. Undecided reports stay as
 * they are, as they stop nothing.
 *
 * @param subjects the resources that were judged, whose own annotations count.
 */
export function exempted(reports: Report[], subjects: readonly Subject[], context: ExemptionContext): Report[] {
  const { ledger, today } = context;
  const valid = new Map<string, Exemption[]>();
  const fromFile = context.fromFile.filter((exemption) => faultsOf(exemption, today).length === 0);
  for (const subject of subjects) {
    const own = annotatedExemptionsOf(subject).filter((exemption) => complaintsAbout(exemption, context).length === 0);
    const fromReview = fromFile.filter(({ object }) => fits(object, subject.title) || fits(object, subject.urn));
    const ofKnownRules = own.filter(({ rule }) => context.rules.some(({ id }) => id === rule));
    ledger.expect(ofKnownRules);
    valid.set(subject.urn, [...fromReview, ...ofKnownRules]);
  }
  ledger.expect(fromFile);
  return reports.map((report) => {
    const candidates = valid.get(report.urn ?? "") ?? [];
    const exemption = candidates.find(({ rule }) => rule === report.finding.rule);
    if (exemption === undefined) return report;
    ledger.use(exemption);
    return report.isUndecided ? report : { ...report, exemption };
  });
}

/** One mandatory report per fault of the exemptions that an object asks for, of the rules that are judged here. */
export function annotationReports(subject: Subject, context: ExemptionContext): Report[] {
  return annotatedExemptionsOf(subject).flatMap((exemption) =>
    complaintsAbout(exemption, context).map((violation) =>
      reportOf(violation, "mandatory", subject.title, subject.urn),
    ),
  );
}

/** One mandatory report per fault of the reviewed exemptions. */
export function fileReports({ fromFile, today }: ExemptionContext): Report[] {
  return fromFile.flatMap((exemption) =>
    faultsOf(exemption, today).map(({ field, observed, allowed }) => {
      const remedy = "Remove the exemption, or have it reviewed again.";
      return reportOf({ path: `${exemption.source}.${field}`, observed, allowed, remedy }, "mandatory");
    }),
  );
}

/** What a run tells of its exemptions at the end: how many were in force, and which ones nothing needed. */
export function closingReports(ledger: ExemptionLedger): Report[] {
  const { inForce, unused } = ledger;
  const count = `${inForce.length} ${inForce.length === 1 ? "exemption" : "exemptions"}`;
  const sources = inForce.map(({ rule, owner, until }) => `${rule} (${owner}, until ${until})`);
  const told: Report = {
    ...reportOf(
      {
        path: "exemptions in force",
        observed: `${count}: ${[...new Set(sources)].toSorted().join(", ")}`,
        allowed: "as few as can be",
        remedy: "Mend what they are for before they expire.",
      },
      "advisory",
    ),
  };
  const counted = { ...told, finding: { ...told.finding, rule: EXEMPTIONS_IN_FORCE } };
  return [
    ...(inForce.length === 0 ? [] : [counted]),
    ...unused.map(({ rule, source }) => {
      const remedy = "Remove it.";
      return reportOf(
        {
          path: source,
          observed: `an exemption from ${rule} that nothing needs`,
          allowed: "exemptions in use",
          remedy,
        },
        "advisory",
      );
    }),
  ];
}

function complaintsAbout(exemption: AnnotatedExemption, { rules, today }: ExemptionContext): Violation[] {
  const rule = rules.find(({ id }) => id === exemption.rule);
  if (rule === undefined) return [];
  if (isCritical(rule.severity)) {
    return [
      {
        path: exemption.path,
        observed: `an exemption from ${rule.id}, which is critical`,
        allowed: "exemptions from critical rules in the reviewed policy file only",
        remedy: "Move it to the policy file.",
      },
    ];
  }
  return faultsOf(exemption, today).map(({ field, observed, allowed }) => ({
    path: exemption.path,
    observed: `an exemption whose ${field} is ${observed}`,
    allowed: `${allowed}, as in "reason; owner=team; until=YYYY-MM-DD"`,
    remedy: "Mend what it is for, or renew the exemption.",
  }));
}

function isCritical(severity: Severity): boolean {
  return severity === "critical";
}

function reportOf(violation: Violation, level: Report["level"], object = "policy configuration", urn?: string): Report {
  return {
    finding: { rule: BAD_EXEMPTION, severity: "medium", object, ...violation },
    title: "Exemptions have a reason, an owner and an end, and are needed",
    level,
    urn,
  };
}
