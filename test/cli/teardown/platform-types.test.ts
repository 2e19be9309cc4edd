import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definitionName, PLATFORM_TYPES } from "../../../components/model/platform-types";
import { TYPES_LEFT_ALONE } from "../../../components/model/types-left-alone";
import { PLATFORM_PARTS } from "../../../components/platform/ml-platform/platform-parts";
import { hasUpstream, upstreamFolder } from "../../support/platform-mirror";

/** What lies beside the parts' own types in the upstream data: other owners', and versions that no part installs. */
const OTHERS = /^(eks-charts|autoscaler\/cluster-autoscaler|karpenter\/kwok|notebooks\/crds-v2-beta)\//;

/** Whether the drain leaves a type alone on purpose. */
const isLeftAlone = (plural: string, group: string): boolean =>
  TYPES_LEFT_ALONE.some(({ types }) => types.includes(group) || types.includes(`${plural}.${group}`));

describe("the resource types of the platform", () => {
  it("are each listed once, and belong to a part that there is", () => {
    const names = PLATFORM_TYPES.map(definitionName);
    expect(new Set(names).size).toBe(names.length);
    for (const { part } of PLATFORM_TYPES) expect(PLATFORM_PARTS).toContain(part);
  });

  it("are not drained and left alone at once", () => {
    const both = PLATFORM_TYPES.filter(({ plural, group }) => isLeftAlone(plural, group));
    expect(both).toEqual([]);
  });

  it.skipIf(!hasUpstream)(
    "are all that the parts bring, as they are spelt there, but for those left alone on purpose",
    () => {
      const [heading = "", ...rows] = readFileSync(join(upstreamFolder, "crd-index.csv"), "utf8").trim().split("\n");
      expect(heading).toMatch(/^file,group,kind,plural,/);
      const brought = rows
        .map((row) => row.split(","))
        .filter(([file = ""]) => !OTHERS.test(file))
        .filter(([, group = "", , plural = ""]) => !isLeftAlone(plural, group))
        .map(([, group = "", kind = "", plural = ""]) => `${kind} ${plural}.${group}`);
      const drained = PLATFORM_TYPES.map((type) => `${type.kind} ${definitionName(type)}`);
      expect(drained.sort()).toEqual([...new Set(brought)].sort());
    },
  );
});
