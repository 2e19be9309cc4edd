import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { stackOf } from "./written-stack";

const TYPE = "node.kubernetes.io/instance-type";
const LABEL = "karpenter.k8s.aws/instance";
const BOTH = `{ key: ${TYPE}, operator: In, values: [g5.xlarge, g5.12xlarge] }`;

/** The verdict on a pod that asks for some GPUs of a NodePool with some requirements. */
const verdict = (gpus: number, ...requirements: string[]) => {
  const stack = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  limits: { nvidia.com/gpu: 8 }
  template: { spec: { requirements: [${requirements.join(", ")}] } }
---
apiVersion: v1
kind: Pod
metadata: { name: main }
spec:
  containers:
    - name: main
      resources: { limits: { cpu: 1, nvidia.com/gpu: ${gpus} } }
`;
  const [proof] = planOf(stackOf(stack)).proofs;
  return { verdict: proof!.verdict, reason: proof!.reason };
};

describe("a NodePool with several requirements of its machines", () => {
  it.each([
    ["fewer GPUs", BOTH, `{ key: ${LABEL}-gpu-count, operator: Lt, values: ["2"] }`],
    ["all but a type", BOTH, `{ key: ${TYPE}, operator: NotIn, values: [g5.12xlarge] }`],
    ["fewer CPUs", BOTH, `{ key: ${LABEL}-cpu, operator: Lt, values: ["9"] }`],
  ])("takes only what machines take that fulfil all of them: %s", (_case, ...requirements) => {
    const reason = "asks for 4 GPUs; a node of pool gpu (g5.xlarge) has 1";
    expect(verdict(4, ...requirements)).toEqual({ verdict: "never", reason });
    expect(verdict(1, ...requirements)).toEqual({ verdict: "runs", reason: "" });
  });

  it("is not judged where one of them is of a label in no table", () => {
    const unread = `{ key: ${LABEL}-network-bandwidth, operator: Gt, values: ["9000"] }`;
    const doubt = `it requires ${LABEL}-network-bandwidth, which is in no table`;
    expect(verdict(1, BOTH, unread)).toEqual({
      verdict: "undecided",
      reason: `whether pool gpu (g5.xlarge) takes it is not known: ${doubt}`,
    });
    expect(verdict(4, BOTH, unread).verdict).toBe("undecided");
    expect(verdict(16, BOTH, unread).verdict).toBe("never");
  });

  it("is not judged where none of its types fulfils all of them", () => {
    const arm = `{ key: kubernetes.io/arch, operator: In, values: [arm64] }`;
    expect(verdict(1, BOTH, arm)).toEqual({
      verdict: "undecided",
      reason: "whether pool gpu takes it is not known: none of its instance types fulfils all of its requirements",
    });
  });
});
