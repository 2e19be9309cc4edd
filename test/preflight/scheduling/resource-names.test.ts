import { describe, expect, it } from "vitest";
import { isExtendedResource, isHugePages, isPodLevel, isScheduled } from "../../../preflight/scheduling/resource-names";

describe("names of resources", () => {
  it.each<[name: string, extended: boolean, scheduled: boolean, podLevel: boolean]>([
    ["cpu", false, true, true],
    ["memory", false, true, true],
    ["ephemeral-storage", false, true, false],
    ["hugepages-2Mi", false, true, true],
    ["attachable-volumes-csi-ebs", false, true, false],
    ["nvidia.com/gpu", true, true, false],
    ["nvidia.com/mig-1g.10gb", true, true, false],
    ["vpc.amazonaws.com/efa", true, true, false],
    ["kubernetes.io/batch-cpu", false, true, false],
    ["example.kubernetes.io/device", false, true, false],
    ["requests.example.com/gpu", false, false, false],
    ["pods", false, false, false],
    ["storage", false, false, false],
    ["gpu", false, false, false],
    ["Example.com/gpu", false, false, false],
    ["example..com/gpu", false, false, false],
    ["example.com/", false, false, false],
    ["example.com/-gpu", false, false, false],
    ["example.com/gpu/more", false, false, false],
    [`example.com/${"g".repeat(63)}`, true, true, false],
    [`example.com/${"g".repeat(64)}`, false, false, false],
    [`${"e".repeat(244)}/gpu`, true, true, false],
    [`${"e".repeat(245)}/gpu`, false, false, false],
  ])("%s: extended %j, scheduled %j, of the pod %j", (name, extended, scheduled, podLevel) => {
    expect([isExtendedResource(name), isScheduled(name), isPodLevel(name)]).toEqual([extended, scheduled, podLevel]);
  });

  it("knows huge pages of any size", () => {
    expect(["hugepages-1Gi", "hugepages", "memory"].filter(isHugePages)).toEqual(["hugepages-1Gi"]);
  });
});
