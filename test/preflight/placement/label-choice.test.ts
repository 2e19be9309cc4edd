import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { stackOf } from "../pools/written-stack";

const nodePool = (requirements: string, labels = "{}") => `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: a }
spec:
  limits: { nodes: 4 }
  template:
    metadata: { labels: ${labels} }
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g5.48xlarge] }
        - ${requirements}
`;

const pod = (name: string, spec: string, gpus = 1) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ml, labels: { app: ${name} } }
spec: { ${spec} containers: [{ name: main, image: none, resources: { limits: { nvidia.com/gpu: ${gpus} } } }] }
`;

const selects = (key: string, value: string) => `nodeSelector: { ${key}: ${value} },`;
const needs = (expression: string) =>
  `affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [${expression}] }] } } },`;
const planned = (...yaml: string[]) => planOf(stackOf(yaml.join("")));
const verdict = (requirements: string, spec: string, labels?: string) =>
  planned(nodePool(requirements, labels), pod("one", spec)).proofs[0]?.verdict;

const EXISTS = "{ key: team, operator: Exists }";
const SPREAD =
  "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: x } } }],";

describe("a label that a NodePool leaves to the pods", () => {
  it.each([
    ["that need only exist", EXISTS, selects("team", "blue"), "runs"],
    [
      "among those that are allowed",
      "{ key: team, operator: In, values: [red, blue] }",
      selects("team", "blue"),
      "runs",
    ],
    ["that are not ruled out", "{ key: team, operator: NotIn, values: [red] }", selects("team", "blue"), "runs"],
    ["that are ruled out", "{ key: team, operator: NotIn, values: [red] }", selects("team", "red"), "undecided"],
    [
      "beside those that are allowed",
      "{ key: team, operator: In, values: [red, green] }",
      selects("team", "blue"),
      "undecided",
    ],
    ["of node affinity", EXISTS, needs("{ key: team, operator: In, values: [blue] }"), "runs"],
    [
      "of node affinity, the first that is allowed",
      "{ key: team, operator: NotIn, values: [red] }",
      needs("{ key: team, operator: In, values: [red, blue] }"),
      "runs",
    ],
    ["of node affinity that wants any", EXISTS, needs("{ key: team, operator: Exists }"), "runs"],
    ["of another key", EXISTS, selects("tier", "blue"), "never"],
    ["of how machines are bought", EXISTS, selects("karpenter.sh/capacity-type", "spot"), "runs"],
    [
      "of how machines are not bought",
      "{ key: karpenter.sh/capacity-type, operator: In, values: [spot] }",
      selects("karpenter.sh/capacity-type", "on-demand"),
      "never",
    ],
    [
      "of what the machine tells",
      "{ key: karpenter.k8s.aws/instance-hypervisor, operator: Exists }",
      selects("karpenter.k8s.aws/instance-hypervisor", "nitro"),
      "undecided",
    ],
  ])("has values %s", (_, requirements, spec, expected) => {
    expect(verdict(requirements, spec)).toBe(expected);
  });

  it("has the value that the pool gives its nodes", () => {
    expect(verdict(EXISTS, selects("team", "blue"), "{ team: red }")).toBe("never");
    expect(verdict(EXISTS, selects("team", "red"), "{ team: red }")).toBe("runs");
  });

  it.each([
    ["plain pods", ""],
    ["pods with rules between them", SPREAD],
  ])("keeps pods of different values on nodes of their own: %s", (_, rules) => {
    const of = (name: string, value: string) => pod(name, `${rules} ${selects("team", value)}`);
    const { packing } = planned(nodePool(EXISTS), of("b1", "blue"), of("r", "red"), of("b2", "blue"));
    expect(packing.waiting).toEqual([]);
    const layouts = packing.pools[0]!.layouts.map(({ pods }) => pods.map(({ podSet }) => podSet).sort());
    expect(layouts.sort((a, b) => b.length - a.length)).toEqual([["Pod ml/b1", "Pod ml/b2"], ["Pod ml/r"]]);
  });

  it("lets pods that select nothing be on any node, and those that select be on none of theirs", () => {
    const larger = pod("any", "", 2);
    const after = planned(nodePool(EXISTS), larger, pod("blue", selects("team", "blue"), 1));
    expect(after.packing.pools[0]?.nodes).toBe(2);
    const before = planned(nodePool(EXISTS), pod("blue", selects("team", "blue"), 2), pod("any", "", 1));
    expect(before.packing.pools[0]?.nodes).toBe(1);
  });

  it("keeps as many values apart as there may be nodes", () => {
    const pods = ["a", "b", "c", "d", "e"].map((team) => pod(team, selects("team", team)));
    const { packing, proofs } = planned(nodePool(EXISTS), ...pods);
    expect(new Set(proofs.map((proof) => proof.verdict))).toEqual(new Set(["runs"]));
    expect(packing.waiting.map(({ podSet }) => podSet)).toEqual(["Pod ml/e"]);
  });
});
