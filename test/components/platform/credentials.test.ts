import { describe, expect, it } from "vitest";
import { CHARTS, MANIFESTS } from "../../../components/model/versions";
import { type Flaw, fixedSecretValues, flawsOf, secretValues } from "../../support/flaws";
import type { PartCase } from "../../support/part-case";
import { type PartTry, triesOf, type TryArgs, tryPart } from "../../support/part-tries";
import { hasUpstream } from "../../support/platform-mirror";
import { allCases, titleOf } from "./all-cases";

/** A part with all pairs of its options takes seconds, and longer on a machine that does more than this. */
const TIMEOUT_MS = 180_000;

/** Flaws that are meant, and why. */
const meant: [flaw: RegExp, reason: string][] = [
  [
    /^rights for anybody: system:authenticated \(RoleBinding \S+\/kubeflow-(trainer|pipelines)-public\)$/,
    "lets clients read one ConfigMap, which tells the version",
  ],
  [
    /^open service: LoadBalancer \(Service istio-ingress\/istio-ingress\)$/,
    "the gateway has one where its exposure is asked for: within the VPC, or for named ranges over TLS",
  ],
];

/** Values of Secrets that are no secret, or that a program gives itself, by the Secret's name and key. */
const plain: [key: RegExp, value: RegExp, reason: string][] = [
  [/^grafana-admin(-2)? admin-user$/, /^admin$/, "a user's name"],
  [/^alertmanager-config alertmanager\.yaml$/, /^route: \{ receiver: none \}/, "the case gives it"],
  [/^oauth2-proxy-client secret$/, /^sample$/, "the case gives it"],
  [/ accesskey$/, /^ml\.(trainer|reader)$/, "a service account's name"],
  [
    /^seaweedfs-identities seaweedfs_s3_config$/,
    /^\{"identities":\[\{"name":"nobody","credentials":\[\],/,
    "lets nobody in",
  ],
  [/^versitygw-users users\.json$/, /^\{"accessAccounts":\{\}\}$/, "lets nobody in"],
  [/^mysql-secret username$/, /^root$/, "a user's name"],
  [/^model-registry-db-secrets (MYSQL_USER_NAME|POSTGRES_USER)$/, /^(root|registry)$/, "a user's name"],
];

describe("Every object of every part, with all pairs of options", { timeout: TIMEOUT_MS }, () => {
  const used = new Set<RegExp>();
  const sources = new Map<string, boolean>();

  it.each(allCases.map((partCase) => [titleOf(partCase), partCase] as const))(
    "is without flaws: %s",
    async (_, partCase) => {
      const tries: PartTry[] = [];
      const allArgs = await triesOf(partCase);
      expect(untriedOptions(partCase, allArgs)).toEqual([]);
      for (const args of allArgs) tries.push(await tryPart(partCase, args));

      // What was made only once is made again, to see whether its Secrets differ.
      const { seenOnce } = fixedSecretValues(tries);
      const isSeenOnce = ({ resources }: PartTry) =>
        resources.flatMap(secretValues).some(({ key }) => seenOnce.includes(key));
      const again = allArgs.filter((_args, index) => isSeenOnce(tries[index]!));
      for (const args of again) tries.push(await tryPart(partCase, args));

      const flaws = [...new Set(tries.flatMap(flawsOf))];
      expect(
        flaws.filter(
          (flaw) =>
            !isMeant(
              flaw,
              meant.map(([pattern]) => pattern),
            ),
        ),
      ).toEqual([]);
      const { fixed, seenOnce: stillOnce } = fixedSecretValues(tries);
      expect(stillOnce).toEqual([]);
      expect(fixed.filter((each) => !isPlain(each)).map(({ key }) => key)).toEqual([]);

      for (const { title, objects } of tries.flatMap((each) => each.sources)) sources.set(title, objects !== undefined);
      // A part that rendered nothing would be found without flaws too.
      if (partCase.charts.some(({ inMirror }) => inMirror !== undefined)) {
        expect(tries.flatMap((each) => each.sources).filter(({ objects }) => (objects ?? []).length > 0)).not.toEqual(
          [],
        );
      }
    },
  );

  function isMeant(flaw: Flaw, patterns: RegExp[]): boolean {
    const pattern = patterns.find((each) => each.test(flaw));
    if (pattern !== undefined) used.add(pattern);
    return pattern !== undefined;
  }

  function isPlain({ key, value }: { key: string; value: string }): boolean {
    const own = key.replace(/^Secret ([^/ ]+\/)?/, "");
    const found = plain.find(([pattern, allowed]) => pattern.test(own) && allowed.test(value));
    if (found !== undefined) used.add(found[0]);
    return found !== undefined;
  }

  it("is looked at for every pinned source that can be had offline, and no exception is left over", ({ skip }) => {
    skip(sources.size === 0, "the tests before were not run");
    const absent = [...sources].filter(([, isThere]) => !isThere).map(([title]) => title.replace(/-v?\d.*$/, ""));
    const withoutModule = Object.values(CHARTS).filter((chart) => !("module" in chart));
    const own = withoutModule.map(({ chart }) => chart.slice(chart.lastIndexOf("/") + 1));
    const manifests = Object.values(MANIFESTS)
      .filter((each) => !("module" in each))
      .map(({ name }) => name);
    const expected = [...own, ...(hasUpstream ? [] : manifests)];
    expect([...new Set(absent)].sort()).toEqual(expected.sort());
    if (hasUpstream) expect([...meant, ...plain].filter(([pattern]) => !used.has(pattern))).toEqual([]);
  });
});

/** Values that a part allows with none of the others, and that no try therefore has. */
function untriedOptions({ options }: PartCase, tries: TryArgs[]): string[] {
  const ownOptions = Object.entries(options).filter(([name]) => name !== "platform");
  return ownOptions.flatMap(([name, values]) => {
    const untried = values.filter((value) => value !== undefined && !tries.some((args) => args[name] === value));
    return untried.map((value) => `${name}: ${JSON.stringify(value)}`);
  });
}
