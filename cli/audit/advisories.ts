import { z } from "zod";
import { Problem } from "../../rehearsal/problem";

/** A known vulnerability of a package, as npm tells it. */
export interface Advisory {
  /** Id in GitHub's database, for example `GHSA-c2qf-rxjj-qqgw`; npm's own number where there is none. */
  id: string;
  package: string;
  severity: string;
  title: string;
  /** Versions of the package that have it, as a semver range. */
  range: string;
}

/** What `npm audit --json` prints, as far as it tells advisories; a name in `via` is another package of the report. */
const report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          z.string(),
          z.object({
            source: z.number(),
            name: z.string(),
            title: z.string(),
            url: z.string(),
            severity: z.string(),
            range: z.string(),
          }),
        ]),
      ),
    }),
  ),
});

/**
 * Every advisory that `npm audit --json` reports, once each, in the order of their ids.
 *
 * @param text what the command printed.
 * @throws {Problem} when that is no report, as where the registry has no audits.
 */
export function advisoriesOf(text: string): Advisory[] {
  const { success, data } = report.safeParse(parsed(text));
  if (!success) {
    const said = /"(?:summary|message)": "([^"]+)"/.exec(text)?.[1];
    throw new Problem(
      `npm cannot tell known vulnerabilities${said === undefined ? "" : `: ${said}`}`,
      "Ask a registry that has audits, for example with npm_config_registry=https://registry.npmjs.org.",
    );
  }
  const told = Object.values(data.vulnerabilities).flatMap(({ via }) =>
    via.flatMap((each): [string, Advisory][] => {
      if (typeof each === "string") return [];
      const { source, url, name, severity, title, range } = each;
      const id = /GHSA(-\w{4}){3}/.exec(url)?.[0] ?? String(source);
      return [[id, { id, package: name, severity, title, range }]];
    }),
  );
  return [...new Map(told).values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
