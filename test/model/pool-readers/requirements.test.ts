import { describe, expect, it } from "vitest";
import { requiredInstanceTypes, undecidedRequirements } from "../../../components/model/pool-readers/requirements";
import type { Tree, TreeObject } from "../../../components/model/tree";
import { UNKNOWN } from "../../../components/model/unknown";
import { requirement } from "./objects";

const TYPE = "node.kubernetes.io/instance-type";
const named = (...types: Tree[]) => requirement(TYPE, "In", ...types);
const aws = (label: string, operator: string, ...values: Tree[]) =>
  requirement(`karpenter.k8s.aws/instance-${label}`, operator, ...values);

describe("requiredInstanceTypes of a list of types", () => {
  const LIST = named("g5.xlarge", "g5.12xlarge", "g5g.xlarge", "m6i.large");

  it.each<[string, string, string[], string[]]>([
    ["gpu-count", "Lt", ["4"], ["g5.xlarge", "g5g.xlarge"]],
    ["gpu-count", "Lt", ["1"], []],
    ["gpu-count", "Lte", ["1"], ["g5.xlarge", "g5g.xlarge"]],
    ["gpu-count", "Gt", ["1"], ["g5.12xlarge"]],
    ["gpu-count", "Gte", ["1"], ["g5.xlarge", "g5.12xlarge", "g5g.xlarge"]],
    ["gpu-count", "Exists", [], ["g5.xlarge", "g5.12xlarge", "g5g.xlarge"]],
    ["gpu-count", "DoesNotExist", [], ["m6i.large"]],
    ["gpu-name", "In", ["t4g", "t4"], ["g5g.xlarge"]],
    ["gpu-name", "NotIn", ["a10g"], ["g5g.xlarge", "m6i.large"]],
    ["gpu-manufacturer", "In", ["nvidia"], ["g5.xlarge", "g5.12xlarge", "g5g.xlarge"]],
    ["gpu-memory", "Gt", ["16384"], ["g5.xlarge", "g5.12xlarge"]],
    ["cpu", "Lt", ["4"], ["m6i.large"]],
    ["memory", "Lte", ["8192"], ["g5g.xlarge", "m6i.large"]],
    ["family", "In", ["g5g", "m6i"], ["g5g.xlarge", "m6i.large"]],
    ["category", "NotIn", ["m"], ["g5.xlarge", "g5.12xlarge", "g5g.xlarge"]],
    ["generation", "Gt", ["5"], ["m6i.large"]],
    ["size", "NotIn", ["xlarge", "large"], ["g5.12xlarge"]],
    ["local-nvme", "Exists", [], ["g5.xlarge", "g5.12xlarge"]],
    ["local-nvme", "Gte", ["3800"], ["g5.12xlarge"]],
    ["size", "Near", ["xlarge"], []],
  ])("keeps those whose %s is %s %j", (label, operator, values, types) => {
    expect(requiredInstanceTypes([LIST, aws(label, operator, ...values)])).toEqual(types);
    const ofAutoMode = requirement(`eks.amazonaws.com/instance-${label}`, operator, ...values);
    expect(requiredInstanceTypes([ofAutoMode, LIST])).toEqual(types);
  });

  it.each<[string, TreeObject, string[]]>([
    ["another list", named("g5.12xlarge", "p5.48xlarge"), ["g5.12xlarge"]],
    ["an exception", requirement(TYPE, "NotIn", "g5.12xlarge", "m6i.large"), ["g5.xlarge", "g5g.xlarge"]],
    ["an architecture", requirement("kubernetes.io/arch", "In", "arm64"), ["g5g.xlarge"]],
    ["the old name of one", requirement("beta.kubernetes.io/arch", "NotIn", "amd64"), ["g5g.xlarge"]],
    ["the old name of types", requirement("beta.kubernetes.io/instance-type", "In", "m6i.large"), ["m6i.large"]],
  ])("keeps those that %s allows too", (_case, more, types) => {
    expect(requiredInstanceTypes([LIST, more])).toEqual(types);
  });

  it("keeps types that no table knows, unless another list is without them", () => {
    expect(requiredInstanceTypes([named("g99.large", "g5.xlarge"), aws("cpu", "Gt", "4")])).toEqual(["g99.large"]);
    expect(requiredInstanceTypes([named("g99.large"), requirement(TYPE, "NotIn", "g99.large")])).toEqual([]);
  });

  it.each<[string, TreeObject, Tree[]]>([
    ["labels in no table", aws("network-bandwidth", "Gt", "9000"), ["g5.xlarge", "g5.12xlarge"]],
    ["values not known", aws("cpu", "Lt", UNKNOWN), ["g5.xlarge", "g5.12xlarge"]],
    ["operators not known", { key: TYPE, operator: UNKNOWN, values: ["g5.xlarge"] }, ["g5.xlarge", "g5.12xlarge"]],
    ["exceptions of which one is known", aws("size", "NotIn", "xlarge", UNKNOWN), ["g5.12xlarge"]],
    ["labels that users make up", requirement("team", "In", "a"), ["g5.xlarge", "g5.12xlarge"]],
  ])("keeps those that may fulfil requirements of %s", (_case, more, types) => {
    expect(requiredInstanceTypes([named("g5.xlarge", "g5.12xlarge"), more])).toEqual(types);
  });
});

describe("requiredInstanceTypes of the catalogue", () => {
  it.each<[string, TreeObject[], string[]]>([
    [
      "category, generation, CPUs and architecture",
      [
        aws("category", "In", "g"),
        aws("generation", "Gt", "4"),
        aws("cpu", "Lt", "9"),
        requirement("kubernetes.io/arch", "In", "amd64"),
        aws("gpu-count", "Gte", "1"),
        aws("family", "NotIn", "g7", "g7e"),
      ],
      ["g5.xlarge", "g5.2xlarge", "g6.xlarge", "g6.2xlarge", "g6e.xlarge", "g6e.2xlarge"],
    ],
    ["family and CPUs", [aws("family", "In", "g5"), aws("cpu", "Lt", "9")], ["g5.xlarge", "g5.2xlarge"]],
    [
      "families and generation",
      [aws("family", "In", "g5g", "g4dn"), aws("generation", "Gt", "4"), aws("cpu", "Lt", "8")],
      ["g5g.xlarge"],
    ],
    [
      "family without sizes",
      [aws("family", "In", "g5"), aws("size", "NotIn", "xlarge", "2xlarge", "4xlarge", "8xlarge", "24xlarge")],
      ["g5.12xlarge", "g5.16xlarge", "g5.48xlarge"],
    ],
    ["family and memory", [aws("family", "In", "g5"), aws("memory", "Lt", "40000")], ["g5.xlarge", "g5.2xlarge"]],
  ])("finds them by %s", (_case, requirements, types) => {
    expect(requiredInstanceTypes(requirements)).toEqual(types);
  });

  it("finds none where all but some GPUs are allowed, as machines without any are too", () => {
    expect(requiredInstanceTypes([aws("gpu-name", "NotIn", "t4")])).toBeUndefined();
  });
});

describe("undecidedRequirements", () => {
  it.each<[string, TreeObject, string[]]>([
    [
      "a label in no table",
      aws("network-bandwidth", "Gt", "9000"),
      ["it requires karpenter.k8s.aws/instance-network-bandwidth, which is in no table"],
    ],
    [
      "a value not known",
      aws("cpu", "Lt", UNKNOWN),
      ["its requirement of karpenter.k8s.aws/instance-cpu is not known yet"],
    ],
    [
      "a label not known",
      { key: UNKNOWN, operator: "In", values: ["a"] },
      ["one of its requirements is not known yet"],
    ],
    ["a value that decides whatever others are", aws("size", "In", "xlarge", UNKNOWN), []],
    ["a label that the tables know", aws("cpu", "Lt", "8"), []],
    ["a label that users make up", requirement("team", "Exists"), []],
    ["zones", requirement("topology.kubernetes.io/zone", "In", "us-east-1a"), []],
  ])("tells of %s", (_case, each, reasons) => {
    expect(undecidedRequirements([each, each], ["g5.xlarge"])).toEqual(reasons);
  });

  it("tells nothing of types in no table, of which nothing else is known either", () => {
    expect(undecidedRequirements([aws("cpu", "Lt", UNKNOWN)], ["g99.large"])).toEqual([]);
    expect(undecidedRequirements(UNKNOWN, [])).toEqual([]);
    expect(undecidedRequirements([UNKNOWN], ["g5.xlarge"])).toEqual(["one of its requirements is not known yet"]);
  });
});
