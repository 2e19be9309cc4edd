import { parse } from "yaml";
import { z } from "zod";
import { Problem } from "../../rehearsal/problem";
import type { Advisory } from "./advisories";

/** A known vulnerability that a release may have. */
const explainedAdvisory = z.strictObject({
  /** Id of the advisory, as `npm audit` tells it. */
  advisory: z.string().regex(/^(GHSA(-\w{4}){3}|\d+)$/),
  package: z.string().min(1),
  /** Why it does no harm here, as a sentence. */
  reason: z.string().regex(/^\S.{20,}\.$/s),
  /** Last day (ISO 8601) on which that holds: somebody then looks again. */
  until: z.iso.date(),
});

/** A known vulnerability that a release may have, with the reason and its last day. */
export type ExplainedAdvisory = z.infer<typeof explainedAdvisory>;

/**
 * The entries of `cli/audit/explained.yaml`.
 *
 * @throws {Problem} when an entry is not as it must be; each flaw is named with its place.
 */
export function explainedAdvisories(text: string): ExplainedAdvisory[] {
  const { success, data, error } = z.array(explainedAdvisory).safeParse(parse(text) ?? []);
  if (success) return data;
  const flaws = error.issues.map(({ path, message }) => `[${path.join(".")}] ${message}`);
  throw new Problem(
    `cli/audit/explained.yaml: ${flaws.join("; ")}`,
    "Mend the entries; docs/supply-chain.md shows what they say.",
  );
}

/**
 * What stands in the way of a release, one line each: vulnerabilities that nobody has explained, explanations that are over,
 * and those of what is not reported any more.
 *
 * @param today day in ISO 8601.
 */
export function auditFaults(found: Advisory[], explained: ExplainedAdvisory[], today: string): string[] {
  const isOf = ({ advisory, package: name }: ExplainedAdvisory, each: Advisory) =>
    advisory === each.id && name === each.package;
  return [
    ...found
      .filter((each) => !explained.some((entry) => isOf(entry, each)))
      .map((each) => `${each.id} (${each.severity}): ${each.package} ${each.range}: ${each.title}`),
    ...explained.flatMap((entry) => {
      const named = `${entry.advisory} of ${entry.package}`;
      if (!found.some((each) => isOf(entry, each))) return [`${named} is explained, and not reported any more`];
      return entry.until < today ? [`the explanation of ${named} ended on ${entry.until}`] : [];
    }),
  ];
}
