import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { stackOf } from "./written-stack";

const nodePool = (types: string) => `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  limits: { nodes: 4 }
  template:
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [${types}] }
---
apiVersion: v1
kind: Pod
metadata: { name: wide }
spec:
  containers:
    - name: main
      resources: { limits: { cpu: 1, nvidia.com/gpu: 4 } }
`;

const verdict = (types: string) => {
  const [proof] = planOf(stackOf(nodePool(types))).proofs;
  return { verdict: proof!.verdict, reason: proof!.reason };
};

describe("a pool for which Karpenter chooses among instance types", () => {
  it("does not refuse for certain what a larger one of them takes", () => {
    expect(verdict("g5.xlarge, g5.12xlarge")).toEqual({
      verdict: "undecided",
      reason:
        "whether pool gpu (g5.xlarge) takes it is not known: it is judged by the smallest of its instance types, and " +
        "Karpenter may start a larger one, up to g5.12xlarge",
    });
  });

  it("takes what the smallest of them does", () => {
    expect(verdict("g5.12xlarge, g5.48xlarge").verdict).toBe("runs");
  });

  it("refuses what none of them takes", () => {
    expect(verdict("g5.xlarge").verdict).toBe("never");
    expect(verdict("g5.xlarge, g5.xlarge").verdict).toBe("never");
  });
});
