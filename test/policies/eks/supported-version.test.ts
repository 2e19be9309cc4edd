import { describe, expect, it } from "vitest";
import { supportedVersion } from "../../../policies/eks/supported-version";
import { kubernetesVersion, NEWEST_KUBERNETES, SUPPORTED_KUBERNETES } from "../../../components/model";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

const OLDEST = SUPPORTED_KUBERNETES.at(-1)!;
const { standardSupportUntil, extendedSupportUntil } = kubernetesVersion(OLDEST)!;
const EXTENDED = { upgradePolicy: { supportType: "EXTENDED" } };

function judgedOn(today: string, props: object): string[] {
  const config = { eks: { rules: { "EKS-04": { today } } } };
  return lines(analyze([supportedVersion], cluster(props), config));
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 24 * 3600 * 1000).toISOString().slice(0, 10);
}

function messageFor(version: string, support: string): string {
  return (
    `advisory [EKS-04] Cluster lab: version is "${version}", whose ${support} is over; allowed: ${OLDEST} to ` +
    `${NEWEST_KUBERNETES} while they have support. Upgrade one minor version at a time.`
  );
}

describe("EKS-04 support of versions", () => {
  it.each([
    ["a version on the last day of its standard support", dayBefore(standardSupportUntil), { version: OLDEST }],
    ["one in extended support that asks for it", standardSupportUntil, { version: OLDEST, ...EXTENDED }],
    ["one on the last day of extended support", dayBefore(extendedSupportUntil), { version: OLDEST, ...EXTENDED }],
    ["a version that is newer than what is known", "2040-01-01", { version: "1.99" }],
    ["a cluster without a version", "2026-11-26", {}],
    ["what is no version", "2026-11-26", { version: "latest" }],
    ["a version as a number", "2026-11-26", { version: 1.3 }],
  ])("accepts %s", (_case, today, props) => {
    expect(judgedOn(today, props)).toEqual([]);
  });

  it("accepts a resource of another type", () => {
    expect(analyze([supportedVersion], nodeGroup({ version: "1.20" }))).toEqual([]);
  });

  it.each([
    ["a version on the day after its standard support", standardSupportUntil, {}, "standard support"],
    [
      "one that asks for standard support",
      standardSupportUntil,
      { upgradePolicy: { supportType: "STANDARD" } },
      "standard support",
    ],
    ["one after extended support", extendedSupportUntil, {}, "support"],
    ["one after extended support that asks for it", extendedSupportUntil, EXTENDED, "support"],
    [
      "one after extended support, whatever it asks for",
      extendedSupportUntil,
      { upgradePolicy: UNKNOWN_STRING },
      "support",
    ],
  ])("refuses %s", (_case, today, policy, support) => {
    expect(judgedOn(today, { version: OLDEST, ...policy })).toEqual([messageFor(OLDEST, support)]);
  });

  it.each([{}, EXTENDED])("refuses versions older than those known, on any day", (policy) => {
    expect(judgedOn("2020-01-01", { version: "1.30", ...policy })).toEqual([messageFor("1.30", "support")]);
  });

  it("judges by the day of the run where configuration names none", () => {
    const dates = SUPPORTED_KUBERNETES.map((minor) => [minor, kubernetesVersion(minor)!.standardSupportUntil] as const);
    const day = new Date().toISOString().slice(0, 10);

    for (const [version, until] of dates) {
      expect(judgedOn("", { version, ...EXTENDED }).length === 0 || until <= day).toBe(true);
      expect(judgedOn("", { version })).toEqual(judgedOn(day, { version }));
    }
  });

  it.each([
    ["2026-11-26", true],
    ["", true],
    ["26 November", false],
    ["2026-11-26T00:00:00Z", false],
    [20261126, false],
    [["2026-11-26"], false],
  ])("tells whether %j is a day", (value, accepted) => {
    expect(supportedVersion.parameters.today.accepts(value)).toBe(accepted);
  });

  it.each([
    ["the version", { version: UNKNOWN_STRING }, "version"],
    ["the support", { version: OLDEST, upgradePolicy: UNKNOWN_STRING }, "upgradePolicy.supportType"],
  ])("leaves it to the update while %s is not known", (_case, props, path) => {
    expect(judgedOn(standardSupportUntil, props)).toEqual([notKnown("Cluster lab", path, supportedVersion)]);
  });
});
