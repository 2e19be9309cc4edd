import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../components/model";
import { amountFault, excessFault } from "../../../preflight/scheduling/amount-faults";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";

describe("an amount", () => {
  it.each<[resource: string, amount: Tree, fault: string | undefined]>([
    ["cpu", "500m", undefined],
    ["cpu", 0, undefined],
    ["cpu", 1.5, undefined],
    ["cpu", "banana", '"banana" is no quantity'],
    ["memory", "16GB", '"16GB" is no quantity'],
    ["memory", {}, "{} is no quantity"],
    ["memory", null, "null is no quantity"],
    ["memory", "-5", '"-5" is below 0'],
    ["memory", "0.5", undefined],
    ["nvidia.com/gpu", -1, "-1 is below 0"],
    ["nvidia.com/gpu", "2", undefined],
    ["nvidia.com/gpu", "2000m", undefined],
    ["nvidia.com/gpu", "0.5", '"0.5" is no whole number, and there are no parts of nvidia.com/gpu'],
    ["nvidia.com/gpu", 1.5, "1.5 is no whole number, and there are no parts of nvidia.com/gpu"],
    ["nvidia.com/gpu", UNKNOWN, undefined],
    ["cpu", "{{inputs.parameters.cpus}}", undefined],
    ["cpu", "${trialParameters.cpus}", undefined],
    ["cpu", "$4", '"$4" is no quantity'],
  ])("of %s that is %j has the fault %s", (resource, amount, fault) => {
    expect(amountFault(resource, amount)).toBe(fault);
  });
});

describe("an amount with a limit", () => {
  it.each<[resource: string, asked: Tree, limit: Tree, fault: string | undefined]>([
    ["cpu", "1", "2", undefined],
    ["cpu", "1000m", "1", undefined],
    ["cpu", "2", "1500m", '"2" is more than the limit "1500m"'],
    ["memory", "2Gi", "1Gi", '"2Gi" is more than the limit "1Gi"'],
    ["nvidia.com/gpu", 2, 1, "2 is more than the limit 1"],
    ["nvidia.com/gpu", 1, 2, "1 is not the limit 2, as it must be of nvidia.com/gpu"],
    ["nvidia.com/gpu", 2, "2", undefined],
    ["hugepages-2Mi", "2Mi", "4Mi", '"2Mi" is not the limit "4Mi", as it must be of hugepages-2Mi'],
    ["cpu", "banana", "1", undefined],
    ["cpu", "1", "banana", undefined],
    ["cpu", UNKNOWN, "1", undefined],
    ["cpu", "1", UNKNOWN, undefined],
  ])("of %s that is %j of %j has the fault %s", (resource, asked, limit, fault) => {
    expect(excessFault(resource, asked, limit)).toBe(fault);
  });
});

describe("faults of a pod", () => {
  const faultsOf = (resources: Tree, more = {}) =>
    schedulablePod({ metadata: {}, spec: { containers: [{ resources }], ...more } }, { namespace: "ml" }).faults;

  it("are told with the path of each", () => {
    expect(faultsOf({ requests: { cpu: "much", memory: "2Gi" }, limits: { memory: "1Gi", cpu: "-1" } })).toEqual([
      ["spec.containers[0].resources.requests.cpu", '"much" is no quantity'],
      ["spec.containers[0].resources.requests.memory", '"2Gi" is more than the limit "1Gi"'],
      ["spec.containers[0].resources.limits.cpu", '"-1" is below 0'],
    ]);
  });

  it("are those of limits that stand for requests, each once", () => {
    expect(faultsOf({ limits: { cpu: "many" } })).toEqual([
      ["spec.containers[0].resources.limits.cpu", '"many" is no quantity'],
    ]);
    expect(faultsOf({ requests: { cpu: null }, limits: { cpu: "-1" } })).toEqual([
      ["spec.containers[0].resources.limits.cpu", '"-1" is below 0'],
    ]);
  });

  it("are those of the pod as a whole and of its overhead", () => {
    const more = { resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } }, overhead: { cpu: "-1" } };
    expect(faultsOf({}, more)).toEqual([
      ["spec.resources.requests.memory", '"2Gi" is more than the limit "1Gi"'],
      ["spec.overhead.cpu", '"-1" is below 0'],
    ]);
  });

  it("are none of resources that are not scheduled, or while the requests are not known", () => {
    expect(faultsOf({ requests: { odd: "1" }, limits: { odd: "banana" } })).toBeUndefined();
    expect(faultsOf({ requests: { cpu: "1" }, limits: { cpu: "2" } })).toBeUndefined();
    const unknown: Tree = { requests: UNKNOWN, limits: { cpu: "banana" } };
    expect(faultsOf(unknown)).toBeUndefined();
  });
});
