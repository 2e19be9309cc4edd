import { describe, expect, it } from "vitest";
import type { PlannedPool } from "../../../preflight/pools";
import { GPU, pool, proofOf, system, TOLERANT, train, ZONE, type PodArgs } from "./stack";

describe("what is not known yet", () => {
  const unknown = (property: keyof PlannedPool["shape"], reason: string) => [{ property, reason }];

  it("of the pods decides only where they could run", () => {
    const unknownPaths = ["spec.nodeSelector"];
    expect(proofOf({ ...GPU, unknownPaths }, {}, [train()])).toMatchObject({
      verdict: "undecided",
      atOnce: 0,
      reason: "spec.nodeSelector is not known yet, and may decide where it can run",
      unknownPath: "spec.template.spec.nodeSelector",
    });
    expect(proofOf({ gpus: 9, ...TOLERANT, unknownPaths }, {}, [train()])).toMatchObject({ verdict: "never" });
  });

  it("of tolerations decides nothing on nodes without taints", () => {
    const unknownPaths = ["spec.tolerations[0].key"];
    expect(proofOf({ unknownPaths }, {}, [system()]).verdict).toBe("runs");
    expect(proofOf({ ...TOLERANT, unknownPaths }, {}, [train()]).verdict).toBe("undecided");
  });

  it.each<[property: keyof PlannedPool["shape"], pod: PodArgs]>([
    ["gpusPerNode", { gpus: 8, ...TOLERANT }],
    ["gpuResource", { more: { "nvidia.com/mig-1g.5gb": 1 }, ...TOLERANT }],
    ["vcpus", { cpus: 96, ...TOLERANT }],
    ["memoryGib", { memoryGib: 500, ...TOLERANT }],
    ["ephemeralStorageGib", { more: { "ephemeral-storage": 1 }, ...TOLERANT }],
    ["efaInterfaces", { more: { "vpc.amazonaws.com/efa": 1, "hugepages-2Mi": 2 }, ...TOLERANT }],
    ["instanceType", { gpus: 8, cpus: 96, nodeSelector: { a: "b" }, ...TOLERANT }],
    ["architecture", { nodeSelector: { "kubernetes.io/arch": "arm64" }, ...TOLERANT }],
    ["labels", { nodeSelector: { team: "a" }, ...TOLERANT }],
  ])("of the %s of a pool never makes pods impossible", (property, of) => {
    const unknowns = unknown(property, "the instance type x9.large is in no table");
    expect(proofOf(of, {}, [train({ unknowns })])).toMatchObject({
      verdict: "undecided",
      atOnce: 0,
      reason: "whether pool train (g5.12xlarge) takes it is not known: the instance type x9.large is in no table",
    });
    expect(proofOf(of, {}, [train()]).verdict).toBe("never");
    const { tolerations, ...intolerant } = of;
    expect(tolerations).toBeDefined();
    expect(proofOf(intolerant, {}, [train({ unknowns })]).verdict).toBe("never");
  });

  it("of the taints of a pool may keep pods from it", () => {
    const unknowns = unknown("taints", "the taints of its nodes are not known yet");
    expect(proofOf({}, {}, [system({ unknowns })])).toMatchObject({
      verdict: "undecided",
      reason: "whether pool system takes it is not known: the taints of its nodes are not known yet",
    });
    expect(proofOf({}, {}, [system({ unknowns }), pool({ name: "sure" })])).toMatchObject({ verdict: "runs" });
  });

  it("of which instance types a pool allows may keep pods from it, and takes no obstacle away", () => {
    const reason = "it requires karpenter.k8s.aws/instance-hypervisor, which is in no table";
    const pools = [train({ unknowns: unknown("instanceTypes", reason) })];
    expect(proofOf({ gpus: 4, ...TOLERANT }, {}, pools)).toMatchObject({
      verdict: "undecided",
      reason: `whether pool train (g5.12xlarge) takes it is not known: ${reason}`,
    });
    expect(proofOf({ gpus: 8, ...TOLERANT }, {}, pools).verdict).toBe("never");
  });

  it("of the largest size of a pool leaves the nodes that are there", () => {
    const unknowns = unknown("maxNodes", "the largest size is not known yet");
    const pools = [train({ minNodes: 1, maxNodes: undefined, unknowns })];
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: 5 }, pools)).toMatchObject({
      verdict: "undecided",
      atOnce: 2,
      reason: "how large pool train (g5.12xlarge) can be is not known: the largest size is not known yet",
    });
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: 2 }, pools).verdict).toBe("runs");
  });

  it("of one property of a pool lifts no other obstacle", () => {
    const verdict = (property: keyof PlannedPool["shape"], of: PodArgs) =>
      proofOf({ ...of, ...TOLERANT }, {}, [train({ unknowns: unknown(property, "") })]).verdict;
    expect(verdict("vcpus", { memoryGib: 500 })).toBe("never");
    expect(verdict("vcpus", { nodeSelector: { cpu: "a" } })).toBe("never");
    expect(verdict("gpusPerNode", { cpus: 500 })).toBe("never");
    expect(verdict("efaInterfaces", { cpus: 500 })).toBe("never");
    expect(verdict("efaInterfaces", { more: { "hugepages-2Mi": 1 } })).toBe("undecided");
    expect(verdict("minNodes", { cpus: 500 })).toBe("never");
    const volumes = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values: ["eu-1c"] }], fields: [] }],
      },
    ];
    expect(verdict("availabilityZones", { volumes })).toBe("undecided");
    expect(verdict("labels", { gpus: 8, nodeSelector: { team: "a" } })).toBe("never");
  });

  it("of single labels, or of all, is told from labels that are known", () => {
    const verdict = (openLabels: string[], nodeSelector: Record<string, string>) =>
      proofOf({ ...TOLERANT, nodeSelector }, {}, [train({ openLabels })]).verdict;
    expect(verdict(["team"], { team: "a" })).toBe("undecided");
    expect(verdict(["team"], { teams: "a" })).toBe("never");
    expect(verdict([""], { teams: "a" })).toBe("undecided");
    expect(verdict(["team."], { "team.a": "a" })).toBe("undecided");
    expect(verdict(["kubernetes.io/"], { "kubernetes.io/arch": "arm64" })).toBe("never");
    const key = (name: string) => ({ key: name, operator: "Exists" as const, values: [] });
    const nodeTerms = [{ expressions: [key("team"), key("other")], fields: [] }];
    expect(proofOf({ ...TOLERANT, nodeTerms }, {}, [train({ openLabels: ["team"] })]).verdict).toBe("never");
  });

  it("of labels that drivers put on nodes leaves pods undecided that select by them", () => {
    const openLabels = ["nvidia.com/"];
    const nodeSelector = { "nvidia.com/gpu.product": "A10G" };
    expect(proofOf({ ...TOLERANT, nodeSelector }, {}, [train({ openLabels })])).toMatchObject({
      verdict: "undecided",
      reason:
        "whether nodes of pool train (g5.12xlarge) have the label nvidia.com/gpu.product that it selects is told by nothing",
    });
    expect(
      proofOf({ ...TOLERANT, nodeSelector: { ...nodeSelector, a: "b" } }, {}, [train({ openLabels })]).verdict,
    ).toBe("never");
    const nodeTerms = [
      { expressions: [{ key: "nvidia.com/gpu.count", operator: "Exists" as const, values: [] }], fields: [] },
    ];
    expect(proofOf({ ...TOLERANT, nodeTerms }, {}, [train({ openLabels })]).verdict).toBe("undecided");
  });

  it("of their number is said with how many can run", () => {
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: undefined }, [train()])).toMatchObject({
      verdict: "undecided",
      atOnce: 6,
      reason: "how many pods it has at once is not known, and 6 can run at once",
      unknownPath: "spec.template",
    });
  });
});
