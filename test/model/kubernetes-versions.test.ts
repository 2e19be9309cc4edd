import { describe, expect, it } from "vitest";
import {
  DEFAULT_KUBERNETES,
  kubernetesVersion,
  standardSupportEnded,
  SUPPORTED_KUBERNETES,
} from "../../components/model/kubernetes-versions";

describe("kubernetesVersion", () => {
  it.each([
    ["1.36", "2027-08-02", "2028-08-02", "v1.36.1", "1.13"],
    ["1.35", "2027-03-27", "2028-03-27", "v1.35.2", "1.9"],
    ["1.34", "2026-12-02", "2027-12-02", "v1.34.5", "1.6"],
    ["1.33", "2026-07-29", "2027-07-29", "v1.33.6", "1.5"],
  ])(
    "knows of %s: standard support until %s, extended until %s, autoscaler %s, Karpenter from %s",
    (minor, standardSupportUntil, extendedSupportUntil, clusterAutoscalerTag, leastKarpenter) => {
      expect(kubernetesVersion(minor)).toEqual({
        minor,
        standardSupportUntil,
        extendedSupportUntil,
        clusterAutoscalerTag,
        leastKarpenter,
      });
    },
  );

  it.each(["", "1", "1.3", "1.32", "1.35.1", "v1.35", "toString"])("does not support %j", (minor) => {
    expect(kubernetesVersion(minor)).toBeUndefined();
  });

  it("lists the supported versions, newest first, with the default among them", () => {
    expect(SUPPORTED_KUBERNETES).toEqual(["1.36", "1.35", "1.34", "1.33"]);
    expect(SUPPORTED_KUBERNETES).toContain(DEFAULT_KUBERNETES);
  });

  it("gives each version the autoscaler of the same minor version", () => {
    for (const minor of SUPPORTED_KUBERNETES) {
      expect(kubernetesVersion(minor)?.clusterAutoscalerTag).toMatch(new RegExp(`^v${minor}\\.\\d+$`));
    }
  });

  it("gives each version a year of extended support after the standard one", () => {
    for (const minor of SUPPORTED_KUBERNETES) {
      const { standardSupportUntil, extendedSupportUntil } = kubernetesVersion(minor)!;
      const [year, ...day] = standardSupportUntil.split("-");
      expect(extendedSupportUntil).toBe([Number(year) + 1, ...day].join("-"));
    }
  });
});

describe("standardSupportEnded", () => {
  it.each([
    ["2026-12-01T23:59:59.999Z", false],
    ["2026-12-02T00:00:00.000Z", true],
    ["2027-06-01T12:00:00.000Z", true],
  ])("says for 1.34 at %s: %s", (moment, ended) => {
    expect(standardSupportEnded(kubernetesVersion("1.34")!, new Date(moment))).toBe(ended);
  });
});
