import { describe, expect, it } from "vitest";
import { migProfile } from "../../../../policies/gpu-ml/stack/mig-profile";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { karpenterPool, node, object, pod, poolGroup, pyTorchJob, said, undecidedAt } from "./resources";

const POOL = "mlstack.dev/pool";

function slice(profile: string, spec: object = {}, amount: unknown = 1): TestResource {
  return pod(amount, spec, `nvidia.com/mig-${profile}`);
}

function refusal(profile: string, resource = profile, pools = "pool serve (A10G of g5.xlarge)"): string {
  return (
    `mandatory [GPU-11] Pod ml/chat: spec.containers[0].resources.limits["nvidia.com/mig-${resource}"] is asking for ` +
    `slices of profile ${profile}, which no GPU of ${pools} can be split into; allowed: a profile of the GPUs of the ` +
    "pools that the pods may run on. Ask for a profile that they have, or for a whole GPU."
  );
}

function serve(instanceType: unknown, rest: object = {}): TestResource {
  return poolGroup("serve", instanceType, 1, rest);
}

describe("GPU-11 MIG profiles", () => {
  it.each([
    ["p4d.24xlarge", "1g.5gb"],
    ["p4d.24xlarge", "1g.10gb"],
    ["p4d.24xlarge", "2g.10gb"],
    ["p4d.24xlarge", "3g.20gb"],
    ["p4d.24xlarge", "4g.20gb"],
    ["p4d.24xlarge", "7g.40gb"],
    ["p4de.24xlarge", "1g.20gb"],
    ["p4de.24xlarge", "3g.40gb"],
    ["p5.48xlarge", "1g.10gb"],
    ["p5.48xlarge", "7g.80gb"],
    ["p5en.48xlarge", "1g.18gb"],
    ["p6-b200.48xlarge", "2g.45gb"],
    ["p6-b300.48xlarge", "1g.34gb"],
    ["g7e.2xlarge", "1g.24gb"],
    ["p5.48xlarge", "1g.10gb.me"],
    ["p5.48xlarge", "1c.3g.40gb"],
  ])("accepts on %s a slice %s", (instanceType, profile) => {
    expect(said(migProfile, [serve(instanceType), slice(profile)])).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["a type whose slices are not listed here", [serve("g7.2xlarge"), slice("1g.16gb")]],
    ["a type with GPUs that the catalogue does not have", [serve("p9.48xlarge"), serve("g5.xlarge"), slice("1g.16gb")]],
    ["one of several types", [serve("x", { instanceTypes: ["g5.xlarge", "p5.48xlarge"] }), slice("1g.10gb")]],
    ["one of several pools", [serve("g5.xlarge"), poolGroup("b", "p5.48xlarge"), slice("1g.10gb")]],
    ["a stack without GPUs", [serve("m6i.large"), slice("1g.16gb")]],
    ["a stack without pools", [slice("1g.16gb")]],
    [
      "nodes of an Auto Scaling group",
      [serve("g5.xlarge"), { type: "aws:autoscaling/group:Group", props: {} }, slice("1g.5gb")],
    ],
    ["whole GPUs", [serve("g5.xlarge"), pod(1)]],
    ["shared GPUs", [serve("g5.xlarge"), pod(1, {}, "nvidia.com/gpu.shared")]],
    ["none of a slice", [serve("g5.xlarge"), slice("1g.5gb", {}, 0)]],
    [
      "a pod that no pool takes, which GPU-04 says",
      [serve("g5.xlarge"), slice("1g.5gb", { nodeSelector: { [POOL]: "x" } })],
    ],
    [
      "a group whose image alone tells of GPUs",
      [serve("x", { instanceTypes: undefined, amiType: "AL2023_x86_64_NVIDIA" }), slice("1g.5gb")],
    ],
    [
      "a node whose model is listed",
      [node("n", { "mlstack.dev/gpu-model": "a100", "nvidia.com/gpu.present": "true" }), slice("1g.5gb")],
    ],
    ["containers that are not known yet", [serve("g5.xlarge"), pod(1, { containers: UNKNOWN_STRING })]],
  ])("accepts %s", (_case, resources) => {
    expect(said(migProfile, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "a slice of larger GPUs",
      [serve("p4d.24xlarge"), slice("3g.40gb")],
      refusal("3g.40gb", "3g.40gb", "pool serve (A100 of p4d.24xlarge)"),
    ],
    [
      "a slice of smaller GPUs",
      [serve("p4de.24xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (A100 of p4de.24xlarge)"),
    ],
    [
      "a slice with extensions",
      [serve("p5.48xlarge"), slice("1g.5gb.me")],
      refusal("1g.5gb", "1g.5gb.me", "pool serve (H100 of p5.48xlarge)"),
    ],
    ["GPUs that cannot be split: A10G", [serve("g5.xlarge"), slice("1g.5gb")], refusal("1g.5gb")],
    [
      "GPUs that cannot be split: T4",
      [serve("g4dn.xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (T4 of g4dn.xlarge)"),
    ],
    [
      "GPUs that cannot be split: T4G",
      [serve("g5g.xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (T4G of g5g.xlarge)"),
    ],
    [
      "GPUs that cannot be split: V100",
      [serve("p3dn.24xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (V100 of p3dn.24xlarge)"),
    ],
    [
      "GPUs that cannot be split: L4",
      [serve("g6.xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (L4 of g6.xlarge)"),
    ],
    [
      "GPUs that cannot be split: L40S",
      [serve("g6e.xlarge"), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool serve (L40S of g6e.xlarge)"),
    ],
    [
      "machines without GPUs beside others",
      [serve("p5.48xlarge"), poolGroup("cpu", "m6i.large"), slice("1g.10gb", { nodeSelector: { [POOL]: "cpu" } })],
      refusal("1g.10gb", "1g.10gb", "pool cpu"),
    ],
    [
      "a node whose model cannot be split",
      [node("n", { "mlstack.dev/gpu-model": "l4", "nvidia.com/gpu.present": "true" }), slice("1g.5gb")],
      refusal("1g.5gb", "1g.5gb", "pool n (L4)"),
    ],
    [
      "what Karpenter may choose",
      [
        karpenterPool("any", [{ key: "karpenter.k8s.aws/instance-gpu-name", operator: "In", values: ["l4"] }]),
        slice("1g.5gb"),
      ],
      refusal("1g.5gb", "1g.5gb", "pool any (L4 of g6.xlarge and 14 more)"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(migProfile, resources)).toEqual([message]);
  });

  it("reads requests where there are no limits, and reaches the workers of a job", () => {
    const containers = [{ name: "main", resources: { requests: { "nvidia.com/mig-1g.5gb": 1 } } }];

    expect(said(migProfile, [serve("g5.xlarge"), pyTorchJob(1, 1, { containers })])).toEqual([
      refusal("1g.5gb")
        .replace("Pod ml/chat", "PyTorchJob ml/bert")
        .replace(
          "spec.containers[0].resources.limits",
          "spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].resources.requests",
        ),
    ]);
  });

  it.each<[string, TestResource[]]>([
    ["the type", [serve(UNKNOWN_STRING), slice("1g.5gb")]],
    ["the types", [serve("x", { instanceTypes: UNKNOWN_STRING }), slice("1g.5gb")]],
    [
      "the model",
      [node("n", { "mlstack.dev/gpu-model": UNKNOWN_STRING, "nvidia.com/gpu.present": "true" }), slice("1g.5gb")],
    ],
    ["the amount", [serve("g5.xlarge"), slice("1g.5gb", {}, UNKNOWN_STRING)]],
    ["the pool", [serve("p4d.24xlarge"), slice("1g.5gb", { nodeSelector: { [POOL]: UNKNOWN_STRING } })]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(migProfile, resources)).toEqual([
      undecidedAt(migProfile, "Pod ml/chat", 'spec.containers[0].resources.limits["nvidia.com/mig-1g.5gb"]'),
    ]);
  });

  it("needs not know an amount of what can be cut", () => {
    const job = object("batch/v1", "Job", "a", { spec: { template: { spec: { containers: [] } } } });

    expect(said(migProfile, [serve("p4d.24xlarge"), slice("1g.5gb", {}, UNKNOWN_STRING), job])).toEqual([]);
  });
});
