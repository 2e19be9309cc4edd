import { describe, expect, it } from "vitest";
import type { Change } from "../../../cli/releases/changes";
import {
  type ListedChange,
  listedChanges,
  missingNotes,
  staleEntries,
  unlistedChanges,
} from "../../../cli/releases/listed-changes";

const replacement: Change = {
  kind: "replace",
  type: "kubernetes:apps/v1:Deployment",
  name: "platform-job-set-objects-deployment-controller",
  properties: ["spec.selector"],
};

const entry: ListedChange = {
  from: "0.1.0",
  kind: "replace",
  resource: "kubernetes:apps/v1:Deployment *-job-set-objects-deployment-controller",
  reason: "JobSet 0.13 selects its pods by other labels, which no Deployment can change.",
  changelog: "JobSet 0.13",
  migration: "From 0.1 to 0.2",
};

describe("a change of an upgrade", () => {
  it("is listed by release, kind, type and name", () => {
    expect(unlistedChanges([replacement], [entry], "0.1.0")).toEqual([]);
  });

  it.each<[string, Partial<ListedChange>]>([
    ["another release", { from: "0.2.0" }],
    ["another kind", { kind: "delete" }],
    ["another type", { resource: "kubernetes:apps/v1:StatefulSet *" }],
    ["a part of its name", { resource: "kubernetes:apps/v1:Deployment job-set-objects-deployment-controller" }],
    ["a pattern in which the point is any letter", { resource: "kubernetes:apps/v1:Deployment .*controller" }],
  ])("is not listed by %s", (_, other) => {
    expect(unlistedChanges([replacement], [{ ...entry, ...other }], "0.1.0")).toEqual([replacement]);
  });
});

describe("an entry", () => {
  it("is over when no change of its release is like it", () => {
    expect(staleEntries([replacement], [entry], "0.1.0")).toEqual([]);
    expect(staleEntries([], [entry], "0.1.0")).toEqual([entry]);
    expect(staleEntries([], [entry], "0.2.0")).toEqual([]);
  });

  const changelog = "## [Unreleased]\n\n- The platform has JobSet\n  0.13.\n";
  const guide = "# Upgrades\n\n## Migration notes\n\n### From 0.1 to 0.2\n";

  it("is written about in the changelog and, where users have to prepare, in the guide", () => {
    expect(missingNotes([entry], changelog, guide)).toEqual([]);
  });

  it("is found without the one, and without the other", () => {
    const wanting = { ...entry, changelog: "JobSet 0.14", migration: "From 0.2 to 0.3" };
    expect(missingNotes([wanting], changelog, guide)).toEqual([
      `replace ${entry.resource}: CHANGELOG.md does not say "JobSet 0.14"`,
      `replace ${entry.resource}: docs/upgrades.md has no heading "From 0.2 to 0.3"`,
    ]);
  });

  it("of an update needs no migration note", () => {
    const { migration: _, ...update } = { ...entry, kind: "update" as const };
    expect(missingNotes([update], changelog, guide)).toEqual([]);
  });
});

describe("releases/changes.yaml", () => {
  const yaml = (changed: object) => JSON.stringify([{ ...entry, ...changed }]);

  it("is read as it is written, and may be empty", () => {
    expect(listedChanges(yaml({}))).toEqual([entry]);
    expect(listedChanges("# none yet\n")).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["a replacement without a migration note", { migration: undefined }, "names its migration note"],
    ["a deletion without a migration note", { kind: "delete", migration: undefined }, "names its migration note"],
    ["a replacement of any type", { resource: "* controller" }, "names the whole type"],
    ["a change without a reason", { reason: "" }, "[0.reason]"],
    ["a change of no kind", { kind: "rename" }, "[0.kind]"],
    ["a release that is none", { from: "next" }, "[0.from]"],
    ["a resource without a type", { resource: "controller" }, "[0.resource]"],
    ["a key that is not known", { becuase: "of JobSet" }, "becuase"],
  ])("is refused with %s", (_, changed, flaw) => {
    expect(() => listedChanges(yaml(changed))).toThrow(flaw);
  });
});
