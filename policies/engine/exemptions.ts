import { faultsOf, type Exemption } from "./exemption";
import { annotatedExemptionsOf, type AnnotatedExemption } from "./exemption-annotation";
import type { FileExemption } from "./exemption-file";
import { fits } from "./pattern";
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
    for (const exemption of exemptions) this.#known.set(keyOf(exemption), exemption);
  }

  /** Notes that an exemption let a finding pass, or may do so once everything is known. */
  use(exemption: Exemption): void {
    this.#used.add(keyOf(exemption));
  }

  /** The exemptions that let findings pass. */
  get inForce(): Exemption[] {
    return [...this.#known].flatMap(([key, exemption]) => (this.#used.has(key) ? [exemption] : []));
  }

  /** The exemptions that nothing needed. */
  get unused(): Exemption[] {
    return [...this.#known].flatMap(([key, exemption]) => (this.#used.has(key) ? [] : [exemption]));
  }

  /** Forgets everything, for the next run. */
  clear(): void {
    this.#known.clear();
    this.#used.clear();
  }
}

/** Two policies of a pack may hold the same entry, and two objects annotations of the same text. */
function keyOf({ source, urn = "", until }: Exemption & { urn?: string }): string {
  return JSON.stringify([source, urn, until]);
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
 * Marks the reports that an exemption lets pass, and notes in the ledger which ones were of use.
 *
 * @param subjects the resources that were judged, whose own annotations count.
 */
export function exempted(reports: Report[], subjects: readonly Subject[], context: ExemptionContext): Report[] {
  const { ledger, today, rules } = context;
  const inForce = context.fromFile.filter((exemption) => faultsOf(exemption, today).length === 0);
  const byUrn = new Map<string, (AnnotatedExemption | FileExemption)[]>();
  for (const subject of subjects) {
    const own = annotatedExemptionsOf(subject).filter(
      (exemption) => rules.some(({ id }) => id === exemption.rule) && complaintsAbout(exemption, context).length === 0,
    );
    const reviewed = inForce.filter(({ object }) => subject.names.some((name) => fits(object, name)));
    ledger.expect(own);
    byUrn.set(subject.urn, [...reviewed, ...own]);
  }
  ledger.expect(inForce);
  return reports.map((report) => {
    const { rule, severity } = report.finding;
    const exemption = byUrn
      .get(report.urn ?? "")
      ?.find((candidate) => candidate.rule === rule && ("object" in candidate || severity !== "critical"));
    if (exemption === undefined) return report;
    ledger.use(exemption);
    // What stops nothing needs no exemption; it stays to be seen.
    return report.isUndecided && report.level === "advisory" ? report : { ...report, exemption };
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

/**
 * One mandatory report per exemption that an object asks for from a rule that does not exist.
 *
 * @param areas beginnings of the ids that are looked after here, such as `GPU`; without them, all are.
 */
export function strayAnnotationReports(
  subject: Subject,
  rules: readonly Rule[],
  areas?: ReadonlySet<string>,
): Report[] {
  return annotatedExemptionsOf(subject).flatMap(({ rule, path }) => {
    const area = /^[a-z]*/i.exec(rule)?.[0].toUpperCase() ?? "";
    if (rules.some(({ id }) => id === rule) || (areas !== undefined && !areas.has(area))) return [];
    const violation = {
      path,
      observed: `an exemption from ${JSON.stringify(rule)}, which is no rule`,
      allowed: "the id of one rule, such as GPU-04",
      remedy: "Name the rule as its findings do.",
    };
    return [reportOf(violation, "mandatory", subject.title, subject.urn)];
  });
}

/** One mandatory report per fault of the reviewed exemptions. */
export function fileReports({ fromFile, today }: ExemptionContext): Report[] {
  return fromFile.flatMap((exemption) =>
    faultsOf(exemption, today).map(({ field, observed, allowed }) => {
      const remedy = "Remove the exemption, or have it reviewed again.";
      return reportOf({ path: `${field} of the ${exemption.source}`, observed, allowed, remedy }, "mandatory");
    }),
  );
}

/** What a run tells of its exemptions at the end: how many were in force, and which ones nothing needed. */
export function closingReports(ledger: ExemptionLedger): Report[] {
  const { inForce, unused } = ledger;
  const sources = inForce.map(({ rule, owner, until }) => `${rule} (${owner}, until ${until})`);
  const told = reportOf(
    {
      path: "number of exemptions in force",
      observed: `${inForce.length}: ${[...new Set(sources)].toSorted().join(", ")}`,
      allowed: "as few as can be",
      remedy: "Mend what they are for before they expire.",
    },
    "advisory",
  );
  const counted = { ...told, finding: { ...told.finding, rule: EXEMPTIONS_IN_FORCE } };
  return [
    ...(inForce.length === 0 ? [] : [counted]),
    ...unused.map(({ source }) =>
      reportOf(
        { path: source, observed: "needed by nothing", allowed: "exemptions in use", remedy: "Remove it." },
        "advisory",
      ),
    ),
  ];
}

function complaintsAbout(exemption: AnnotatedExemption, { rules, today }: ExemptionContext): Violation[] {
  const ofId = rules.filter(({ id }) => id === exemption.rule);
  if (ofId.length === 0) return [];
  if (ofId.every(({ severity }) => severity === "critical")) {
    return [
      {
        path: exemption.path,
        observed: `an exemption from ${exemption.rule}, which is critical`,
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

function reportOf(violation: Violation, level: Report["level"], object = "policy configuration", urn?: string): Report {
  return {
    finding: { rule: BAD_EXEMPTION, severity: "medium", object, ...violation },
    title: "Exemptions have a reason, an owner and an end, and are needed",
    level,
    urn,
  };
}
