import { describe, expect, it } from "vitest";
import { migAsk } from "../../../../../policies/gpu-ml/preflight/layers/mig-ask";
import { migLayout } from "../../../../../policies/gpu-ml/preflight/layers/mig-layout";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, pyTorchJob, said, undecidedAt } from "../../stack/resources";
import { nodePool } from "./objects";

const LABEL = "nvidia.com/mig.config";

function split(layout: unknown, types: unknown = ["p4d.24xlarge"], name = "serve"): TestResource {
  return nodeGroup(name, { instanceTypes: types, labels: { [LABEL]: layout } });
}

describe("LAY-04 layouts of pools", () => {
  const path = `labels["${LABEL}"]`;
  const refusal = (title: string, place: string, layout: string, end: string) =>
    `mandatory [LAY-04] ${title}: ${place} is ${layout}, although no GPU of ${end} has such slices; allowed: a layout of ` +
    "profiles that the GPUs have. Choose another layout, or other machines.";

  it.each<[string, TestResource[]]>([
    ["slices that the GPUs have", [split("all-1g.5gb")]],
    ["slices with extensions", [split("all-1g.5gb.me")]],
    ["a layout of several profiles", [split("all-balanced")]],
    ["no slices", [split("all-disabled")]],
    ["no layout", [nodeGroup("serve", { instanceTypes: ["g5.xlarge"] })]],
    ["labels that are not known", [nodeGroup("serve", { instanceTypes: ["g5.xlarge"], labels: UNKNOWN_STRING })]],
  ])("accepts %s", (_case, resources) => {
    expect(said(migLayout, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "slices of other GPUs",
      [split("all-1g.20gb")],
      refusal("NodeGroup serve", path, "all-1g.20gb", "instanceTypes of NodeGroup serve"),
    ],
    [
      "GPUs that cannot be split",
      [nodePool("a", ["g5.xlarge"], {}, {}, { [LABEL]: "all-1g.5gb" })],
      refusal(
        "NodePool a",
        `spec.template.metadata.labels["${LABEL}"]`,
        "all-1g.5gb",
        "spec.template.spec.requirements of NodePool a",
      ),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(migLayout, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["the layout", [split(UNKNOWN_STRING)]],
    ["the machines", [split("all-1g.5gb", UNKNOWN_STRING)]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(migLayout, resources)).toEqual([undecidedAt(migLayout, "NodeGroup serve", path)]);
  });
});

describe("LAY-04 slices that pods ask for", () => {
  const slice = (profile: string, amount: unknown = 1, spec: object = {}) =>
    pod(amount, spec, `nvidia.com/mig-${profile}`);
  const path = 'spec.containers[0].resources.limits["nvidia.com/mig-3g.20gb"]';
  const message =
    `mandatory [LAY-04] Pod ml/chat: ${path} is an amount of slices 3g.20gb, although labels of NodeGroup serve asks for ` +
    "GPUs in slices 1g.5gb; allowed: slices 1g.5gb. Ask for these, or change the layout of the pool.";
  const SPLIT = split("all-1g.5gb");
  const OTHER = nodeGroup("other", { instanceTypes: ["p4d.24xlarge"] });

  it.each<[string, TestResource[]]>([
    ["slices that the pool is split into", [SPLIT, slice("1g.5gb")]],
    ["slices with extensions", [SPLIT, slice("1g.5gb.me")]],
    ["slices of one of several pools", [SPLIT, split("all-3g.20gb", undefined, "b"), slice("3g.20gb")]],
    ["a pool that somebody else may split", [SPLIT, OTHER, slice("3g.20gb")]],
    ["layouts of several profiles", [split("all-balanced"), slice("3g.20gb")]],
    ["whole GPUs", [SPLIT, pod(1)]],
    ["none of a slice", [SPLIT, slice("3g.20gb", 0)]],
    ["pods that no pool takes", [SPLIT, slice("3g.20gb", 1, { nodeSelector: { [LABEL]: "x" } })]],
    ["hidden nodes", [SPLIT, slice("3g.20gb"), { type: "eks:index:Cluster", props: {} }]],
  ])("accepts %s", (_case, resources) => {
    expect(said(migAsk, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["other slices", [SPLIT, slice("3g.20gb")], message],
    [
      "other slices of all pools that the pod may run on",
      [OTHER, SPLIT, slice("3g.20gb", 1, { nodeSelector: { [LABEL]: "all-1g.5gb" } })],
      message,
    ],
    [
      "requests of workers",
      [
        SPLIT,
        pyTorchJob(1, 1, { containers: [{ name: "main", resources: { requests: { "nvidia.com/mig-3g.20gb": 1 } } }] }),
      ],
      message
        .replace("Pod ml/chat", "PyTorchJob ml/bert")
        .replace(
          "spec.containers[0].resources.limits",
          "spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].resources.requests",
        ),
    ],
  ])("refuses %s", (_case, resources, expected) => {
    expect(said(migAsk, resources)).toEqual([expected]);
  });

  it.each<[string, TestResource[]]>([
    ["the layout", [split(UNKNOWN_STRING), slice("3g.20gb")]],
    ["the amount", [SPLIT, slice("3g.20gb", UNKNOWN_STRING)]],
    [
      "the pool",
      [SPLIT, split("all-3g.20gb", undefined, "b"), slice("3g.20gb", 1, { nodeSelector: { [LABEL]: UNKNOWN_STRING } })],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(migAsk, resources)).toEqual([undecidedAt(migAsk, "Pod ml/chat", path)]);
  });

  it("finds nothing in objects without pods", () => {
    expect(said(migAsk, [SPLIT, object("v1", "ConfigMap", "a")])).toEqual([]);
  });
});
