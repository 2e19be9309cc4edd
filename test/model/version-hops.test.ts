import { gt, gtr, intersects, satisfies, valid, validRange } from "semver";
import { describe, expect, it } from "vitest";
import { NEWER_VERSIONS, NEWEST_KNOWN_ON, UPGRADE_STEPS } from "../../components/model/version-hops";
import { checkVersions, PART_VERSIONS, type VersionedPart } from "../../components/model/version-matrix";

describe("newer versions", () => {
  const newer = Object.entries(NEWER_VERSIONS);

  it("were looked up on a day that has been", () => {
    expect(NEWEST_KNOWN_ON).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Number.isNaN(Date.parse(NEWEST_KNOWN_ON))).toBe(false);
  });

  it.each(newer)("of %s are newer than the pinned one", (part, { version, blockedBy }) => {
    expect(valid(version)).toBe(version);
    expect(gt(version, PART_VERSIONS[part as VersionedPart])).toBe(true);
    expect(blockedBy).not.toBe("");
    expect(blockedBy ?? "").not.toMatch(/\.$/);
  });

  it("that no reason stands against go together with everything that is pinned", () => {
    for (const [part, { version, blockedBy }] of newer) {
      if (blockedBy !== undefined) continue;
      expect(checkVersions({ kubernetes: "1.35", parts: { ...PART_VERSIONS, [part]: version } }), part).toEqual([]);
    }
  });

  it("that a rule stands against name a reason", () => {
    for (const [part, { version, blockedBy }] of newer) {
      const findings = checkVersions({ kubernetes: "1.35", parts: { ...PART_VERSIONS, [part]: version } });
      if (findings.length > 0) expect(blockedBy, part).toBeDefined();
    }
  });
});

describe("steps of upgrades", () => {
  it.each(UPGRADE_STEPS.map((step) => [`${step.part} ${step.from} to ${step.to}`, step] as const))(
    "%s: is about a part that there is, goes up, and names its source",
    (_, { part, from, to, step, source }) => {
      expect(Object.keys(PART_VERSIONS)).toContain(part);
      expect([validRange(from), validRange(to)]).not.toContain(null);
      // The two ranges have no version in common, and the second lies above the first.
      expect(intersects(from, to)).toBe(false);
      expect(gtr(to.replace(/^[<>=~^]+/, ""), from)).toBe(true);
      expect(step).toMatch(/^[A-Z].*[^.]\.$/);
      expect(source).toMatch(/^https:\/\/\S+( \(\S+\))?$/);
    },
  );

  it("have been taken by the pinned versions, or are still ahead of them; none lies within", () => {
    for (const { part, from, to } of UPGRADE_STEPS) {
      const pinned = PART_VERSIONS[part];
      expect(satisfies(pinned, from) || satisfies(pinned, to) || to.startsWith(">"), part).toBe(true);
    }
  });

  it("that are ahead are among the newer versions, so that nobody takes them unawares", () => {
    const ahead = UPGRADE_STEPS.filter(({ part, from }) => satisfies(PART_VERSIONS[part], from));
    expect(ahead.map(({ part }) => part)).toEqual(["kueue"]);
    for (const { part, to } of ahead) expect(satisfies(NEWER_VERSIONS[part]!.version, to), part).toBe(true);
  });
});
